"""Learns site rules from labelled pages, writes them, and compares pages that are cleaned with and without them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from urllib.parse import urljoin

import msgspec

from cleaners.context import CleanContext
from cleaners.learn_rules import OF_FIELDS, LabelledExample, Lessons, Unlearnt, learn
from cleaners.pipeline import Examination, clean, examine
from cleaners.site.rules import SiteRuleBook, SiteRules
from cleaners.site.rules.folder import TAUGHT
from cleaners.site.rules.taught_file import TaughtSelector, foreign_lines, from_toml, to_toml
from cleaners.text.normalise import match_key
from cleaners.types import BODY_KINDS, Article, Page, PageRejected, Rejection
from crawler.files.atomic import replace_file
from crawler.quality import lesson_history as history
from crawler.quality.labelled import METADATA, RECORD, SAVED, LabelledPage, LabelledPageError, copy_page, find_labelled
from crawler.quality.stored_labels import DRAFT, Labels, read_labels
from crawler.util import count_noun

NOT_LEARNT = "not learnt: other blocks with the same markup stay, so no rule can tell it apart"

AGAIN = (
    "  articles that were written before stay as they are; to write them again: "
    "scrapy crawl news -a site={site} -a refresh=all -O FILE.jsonl"
)


class TakesBackError(ValueError):
    """A lesson that contradicts what other pages taught; the message names each block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLessons:
    """What the labelled pages of a host teach, stored and new ones together."""

    after: Lessons
    taken_back: tuple[Unlearnt, ...]
    """The blocks that other pages taught, and that the new pages contradict."""

    @classmethod
    def of(cls, stored_pages: Sequence[LabelledExample], new_pages: Sequence[LabelledExample]) -> HostLessons:
        """Learn from the stored pages alone, and with the new pages, which replace stored ones of the same name."""
        names = {page.name for page in new_pages}
        others = [page for page in stored_pages if page.name not in names]
        previous, after = set(learn(stored_pages).unlearnt), learn([*others, *new_pages])
        taken_back = (block for block in after.unlearnt if block not in previous and block.page not in names)
        return cls(after=after, taken_back=tuple(taken_back))


def learn_from(labelled_pages: Sequence[LabelledPage], folder: Path, context: CleanContext) -> dict[str, HostLessons]:
    """What the labelled pages of each host teach, together with the stored ones.

    Args:
        labelled_pages: pages of any hosts.
        folder: of the site rules.
        context: how pages are cleaned; taught rules in it are ignored.

    Raises:
        LabelledPageError: when a page cannot be read.
    """
    pages: dict[str, list[LabelledExample]] = defaultdict(list)
    for page in labelled_pages:
        pages[page.host].append(example(page, context))
    return {host: HostLessons.of(stored_examples(folder, host, context), examples) for host, examples in pages.items()}


def stored(folder: Path, host: str) -> list[LabelledPage]:
    """The stored labelled pages of a host.

    Raises:
        LabelledPageError: when one cannot be read.
    """
    store = folder / history.STORE / host
    return list(find_labelled(store)) if any(store.glob(f"*/{RECORD}")) else []


def stored_examples(folder: Path, host: str, context: CleanContext) -> list[LabelledExample]:
    """The stored labelled pages of a host, with their blocks."""
    return [example(page, context) for page in stored(folder, host)]


def example(page: LabelledPage, context: CleanContext) -> LabelledExample:
    """A labelled page with the kinds of its blocks: from the labels stored beside it, else from its corrected text.

    Raises:
        LabelledPageError: when the cleaner cannot read it.
    """
    try:
        examined = examine(page.page, without_taught(context))
    except PageRejected as error:
        raise LabelledPageError(f"{page.folder}: {error}") from error
    labels = read_labels(page.folder, len(examined.labelled.labels), (SAVED,))
    is_corrected = labels is not None and text_of(examined, labels) != match_key(page.text)  # by hand, after it
    if is_corrected:
        return LabelledExample.of(page.name, examined, page.text)
    if labels is None or labels.marks is None:
        labelled = LabelledExample.of(page.name, examined, page.text)
        return replace(labelled, is_reviewed=not (page.folder / SAVED).exists())
    return LabelledExample(
        name=page.name,
        examined=examined,
        kinds=labels.kinds,
        marks=frozenset(labels.marks),
        fields={name: frozenset(indexes) for name, indexes in labels.fields.items()},
        is_reviewed=False,
    )


def text_of(examined: Examination, labels: Labels) -> str:
    """The letters and digits of the text that a page has by its labels."""
    blocks = zip(examined.labelled.view.blocks, labels.kinds, strict=True)
    return "".join(block.key for block, kind in blocks if kind in BODY_KINDS)


def check(learnt: dict[str, HostLessons], folder: Path, *, takes_back: bool) -> None:
    """Check that the lessons may be written.

    Raises:
        TakesBackError: where it takes back what other pages taught, and ``takes_back`` does not allow it.
        LabelledPageError: where a person changed a file that would be written anew.
        OSError: when a file cannot be read.
    """
    _check_unchanged(learnt, folder)
    lost = [f"{host}: {block}" for host, host_lessons in learnt.items() for block in host_lessons.taken_back]
    if lost and not takes_back:
        raise TakesBackError("\n".join(["this takes back what other pages taught:", *lost]))


def _check_unchanged(hosts: Iterable[str], folder: Path) -> None:
    """Refuse to write a file anew in which a person wrote lines: they would be lost."""
    for host in hosts:
        path = _rules_file(folder, host)
        lines = foreign_lines(_read(path))
        if lines:
            raise LabelledPageError(
                f"{path}: `scrapy teach` did not write the line {lines[0].strip()!r}, and would lose it: move it to "
                f"{host}.toml, whose rules overrule taught ones"
            )


def write(pages: Sequence[LabelledPage], learnt: dict[str, HostLessons], folder: Path) -> Iterator[str]:
    """Store labelled pages and write the rules of their hosts; yields what was done, a line each.

    Raises:
        OSError: when a file cannot be written.
    """
    history.begin(folder, [(page.host, page.name) for page in pages])
    for page in pages:
        copy_page(page.folder, history.page_folder(folder, page.host, page.name))
    for host, host_lessons in learnt.items():
        yield from write_rules(host, host_lessons.after, folder)


def write_rules(host: str, lessons: Lessons, folder: Path) -> Iterator[str]:
    """Write the rules of a host; yields what was done, a line each.

    Raises:
        OSError: when the file cannot be written.
    """
    path = _rules_file(folder, host)
    before = from_toml(_read(path))
    if lessons.places or stored(folder, host):
        replace_file(path, to_toml(host, lessons.places).encode())
    else:
        path.unlink(missing_ok=True)
    yield f"{host}: {count_noun(len(lessons.places), 'place')} in {path}"
    yield from place_lines(lessons.places)
    now = {(place.key, place.selector) for place in lessons.places}
    for place in before:
        if (place.key, place.selector) not in now:
            yield f"  no more: {place.key} {place.selector}  # {place.page}"
    for line in lessons.unlearnt:
        yield f"  {NOT_LEARNT}: {line}"
    page = next((one.page.url for one in stored(folder, host)), f"https://{host}/")
    yield AGAIN.format(site=urljoin(page, "/"))


def undo(folder: Path, context: CleanContext) -> Iterator[str]:
    """Undo the last lesson; yields what was done, a line each.

    Raises:
        LabelledPageError: where there is none, or a page cannot be read, or a person changed the file of the rules.
        OSError: when a file cannot be written.
    """
    lesson = next(history.lessons(folder), None)
    if lesson is None:
        raise LabelledPageError(f"nothing to undo: {folder / history.STORE} has no lesson")
    yield from undo_lesson(lesson, folder, context)


def undo_lesson(lesson: history.Lesson, folder: Path, context: CleanContext) -> Iterator[str]:
    """Undo a lesson; yields and raises as :func:`undo` does.

    Raises:
        LabelledPageError: where a later lesson has one of its pages, too.
    """
    for later in history.lessons(folder):
        if later.folder == lesson.folder:
            break
        if shared := set(later.pages) & set(lesson.pages):
            names = ", ".join(f"{host}/{name}" for host, name in sorted(shared))
            raise LabelledPageError(f"a later lesson has {names}, too: undo that one first")
    hosts = dict.fromkeys(host for host, _ in lesson.pages)
    _check_unchanged(hosts, folder)
    history.undo(folder, lesson)
    yield from (f"undone: {host}/{name}" for host, name in lesson.pages)
    for host in hosts:
        yield from write_rules(host, learn(stored_examples(folder, host, context)), folder)
    history.forget(lesson)


def forget_place(host: str, place: TaughtSelector, folder: Path, context: CleanContext) -> Iterator[str]:
    """Take one rule back: the marks that taught it are removed, as a lesson of its own; yields what was done.

    Raises:
        LabelledPageError: where the rule was learnt from a text that a person corrected by hand, or was not learnt, or
            a person changed the file of the rules.
        OSError: when a file cannot be written.
    """
    _check_unchanged([host], folder)
    changed = {}
    for page in stored(folder, host):
        taught = example(page, context)
        labels = read_labels(page.folder, len(taught.kinds), (SAVED,))
        if labels is None or labels.marks is None or text_of(taught.examined, labels) != match_key(page.text):
            continue  # its text was corrected by hand
        without = labels.without(taught.selected(place.selector), place.key, taught.examined.labelled.labels)
        if without != labels:
            changed[page] = without, taught.blocks
    if not changed:
        raise LabelledPageError(
            f"{place.key} {place.selector}: no mark on a labelled page teaches it; a text corrected by hand may"
        )
    history.begin(folder, [(host, page.name) for page in changed])
    for page, (labels, blocks) in changed.items():
        record = json.loads((page.folder / RECORD).read_text("utf-8"))
        record["text"] = "\n".join(
            block.text for block, kind in zip(blocks, labels.kinds, strict=True) if kind in BODY_KINDS
        )
        replace_file(page.folder / RECORD, json.dumps(record, ensure_ascii=False, indent=2).encode() + b"\n")
        replace_file(page.folder / SAVED, msgspec.json.encode(labels))
        draft = read_labels(page.folder, len(labels.kinds), (DRAFT,))
        if draft is not None:  # else the mark would come back with the next save
            taught = example(page, context)
            without = draft.without(taught.selected(place.selector), place.key, taught.examined.labelled.labels)
            replace_file(page.folder / DRAFT, msgspec.json.encode(without))
    yield f"taken back: {place.key} {place.selector}"
    yield from write_rules(host, learn(stored_examples(folder, host, context)), folder)


def _rules_file(folder: Path, host: str) -> Path:
    return folder / f"{host}{TAUGHT}"


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def place_lines(places: Sequence[TaughtSelector]) -> Iterator[str]:
    """The places, a line each, with the pages that taught them."""
    for place in places:
        yield f"  {place_words(place)}  # {place.page}"


def place_words(place: TaughtSelector) -> str:
    """A rule in a few words; what stands in a field is no more removed than it is text."""
    if place.kind in OF_FIELDS:
        return f"{place.selector} is a {place.kind}, and no text"
    return f"{place.key} {place.selector}{f' as {place.kind}' if place.kind else ''}"


def without_taught(context: CleanContext) -> CleanContext:
    """The context without taught rules."""
    return _with_book(context, [rules for rules in _all_rules(context) if not rules.is_taught])


def with_lessons(context: CleanContext, taught: dict[str, Lessons]) -> CleanContext:
    """The context with taught rules: those of the files, replaced by the new lessons for the hosts that have some."""
    rules = [entry for entry in _all_rules(context) if not (entry.is_taught and entry.name in taught)]
    return _with_book(context, [*rules, *(lessons.rules(host) for host, lessons in taught.items())])


def _all_rules(context: CleanContext) -> list[SiteRules]:
    return list(dict.fromkeys(rules for of_host in context.site.rules.by_host.values() for rules in of_host))


def _with_book(context: CleanContext, rules: list[SiteRules]) -> CleanContext:
    return replace(context, site=replace(context.site, rules=SiteRuleBook.from_rules(rules)))


def changes(page: Page, before: CleanContext, after: CleanContext) -> list[str]:
    """The lines of the text that are added (``+``) and removed (``-``) between contexts, then the changed fields."""
    old, new = clean(page, before), clean(page, after)
    marks = ("---", "+++", "@@")
    lines = unified_diff(_lines(old), _lines(new), lineterm="", n=0)
    return [*(line for line in lines if not line.startswith(marks)), *field_changes(old, new)]


def field_changes(old: Article | Rejection, new: Article | Rejection) -> Iterator[str]:
    """The changed fields, each as a removed line and an added line."""
    if isinstance(old, Article) and isinstance(new, Article):
        for name in METADATA:
            was, now = getattr(old, name), getattr(new, name)
            if was != now:
                yield from (f"{sign}{name}: {_shown(value)}" for sign, value in (("-", was), ("+", now)))


def _shown(value: object) -> str:
    if value is None or value == ():
        return "nothing"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _lines(result: Article | Rejection) -> list[str]:
    """The lines of a page's text; the reason where it is no article."""
    return result.text.split("\n") if isinstance(result, Article) else [f"rejected: {result.reason}"]
