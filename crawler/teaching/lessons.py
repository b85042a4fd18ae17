"""What labelled pages teach of their sites: learnt, written, and compared with what is made of pages without it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from cleaners.context import CleanContext
from cleaners.pipeline import Examination, clean, examine
from cleaners.site.folder import TAUGHT
from cleaners.site.rules import SiteRuleBook, SiteRules
from cleaners.site.taught_file import Place, foreign_lines, from_toml, to_toml
from cleaners.teaching import LabelledExample, Lessons, Unlearnt, learn
from cleaners.text.normalise import match_key
from cleaners.types import BODY_KINDS, Article, Page, PageRejected, Rejection
from crawler.inputs.labelled import LabelledPage, LabelledPageError, find_labelled
from crawler.teaching import history
from crawler.teaching.history import STORE
from crawler.teaching.labels import SAVED, Labels, read_labels
from crawler.util.paths import replace_file
from crawler.util.plurals import counted
from crawler.views.inspect_page import METADATA

AGAIN = (
    "  articles that were written before stay as they are; to write them again: "
    "scrapy crawl news -a site=https://{host}/ -a refresh=all -O FILE.jsonl"
)


class TakesBackError(ValueError):
    """A lesson that would take back what other pages taught; the message names each block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What the pages of a host teach, without and with those that are given now."""

    before: Lessons
    after: Lessons
    given: frozenset[str]
    """The names of the given pages."""

    @classmethod
    def of(cls, stored_pages: Sequence[LabelledExample], given: Sequence[LabelledExample]) -> Learnt:
        """Learn from the pages that were given earlier, and from those that are given now or again."""
        names = frozenset(one.name for one in given)
        others = [one for one in stored_pages if one.name not in names]
        return cls(before=learn(stored_pages), after=learn([*others, *given]), given=names)

    @property
    def taken_back(self) -> tuple[Unlearnt, ...]:
        """The blocks that other pages taught, and that the given pages contradict."""
        known = set(self.before.unlearnt)
        return tuple(one for one in self.after.unlearnt if one not in known and one.page not in self.given)


def learn_from(given: Sequence[LabelledPage], folder: Path, context: CleanContext) -> dict[str, Learnt]:
    """What the given pages of each host teach, together with those that were given earlier.

    Args:
        given: pages of any hosts.
        folder: of the site rules.
        context: how pages are cleaned; taught rules in it do not count.

    Raises:
        LabelledPageError: when a page cannot be read.
    """
    pages: dict[str, list[LabelledExample]] = defaultdict(list)
    for one in given:
        pages[one.host].append(example(one, context))
    return {host: Learnt.of(stored_examples(folder, host, context), examples) for host, examples in pages.items()}


def stored(folder: Path, host: str) -> list[LabelledPage]:
    """The labelled pages of a host that were given earlier.

    Raises:
        LabelledPageError: when one cannot be read.
    """
    store = folder / STORE / host
    return list(find_labelled(store)) if any(store.glob("*/expected.json")) else []


def stored_examples(folder: Path, host: str, context: CleanContext) -> list[LabelledExample]:
    """The same, with their blocks."""
    return [example(page, context) for page in stored(folder, host)]


def example(page: LabelledPage, context: CleanContext) -> LabelledExample:
    """A labelled page with its blocks: as the labels that are stored beside it say, or else by its corrected text.

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
        found = LabelledExample.of(page.name, examined, page.text)
        return replace(found, is_reviewed=not (page.folder / SAVED).exists())
    return LabelledExample(
        name=page.name, examined=examined, kinds=labels.kinds, marks=frozenset(labels.marks), is_reviewed=False
    )


def text_of(examined: Examination, labels: Labels) -> str:
    """The letters and digits of the text that a page has by its labels."""
    blocks = zip(examined.labelled.view.blocks, labels.kinds, strict=True)
    return "".join(block.key for block, kind in blocks if kind in BODY_KINDS)


def check(learnt: dict[str, Learnt], folder: Path, *, takes_back: bool) -> None:
    """Accept what is to be written.

    Raises:
        TakesBackError: where it takes back what other pages taught, and ``takes_back`` does not allow it.
        LabelledPageError: where a person changed a file that would be written anew.
        OSError: when a file cannot be read.
    """
    _check_unchanged(learnt, folder)
    lost = [f"{host}: {one}" for host, found in learnt.items() for one in found.taken_back]
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


def write(given: Sequence[LabelledPage], learnt: dict[str, Learnt], folder: Path) -> Iterator[str]:
    """Store labelled pages and write the rules of their hosts; yields what was done, a line each.

    Raises:
        OSError: when a file cannot be written.
    """
    history.begin(folder, [(one.host, one.name) for one in given])
    for one in given:
        one.copy_to(history.page_folder(folder, one.host, one.name))
    for host, found in learnt.items():
        yield from write_rules(host, found.after, folder)


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
    yield f"{host}: {counted(len(lessons.places), 'place')} in {path}"
    yield from place_lines(lessons.places)
    now = {(place.key, place.selector) for place in lessons.places}
    for place in before:
        if (place.key, place.selector) not in now:
            yield f"  no more: {place.key} {place.selector}  # {place.page}"
    for line in lessons.unlearnt:
        yield f"  not learnt: the site marks it up like ordinary paragraphs, so no rule can tell it apart: {line}"
    yield AGAIN.format(host=host)


def undo(folder: Path, context: CleanContext) -> Iterator[str]:
    """Take the last lesson back; yields what was done, a line each.

    Raises:
        LabelledPageError: where there is none, or a page cannot be read, or a person changed the file of the rules.
        OSError: when a file cannot be written.
    """
    lesson = next(history.lessons(folder), None)
    if lesson is None:
        raise LabelledPageError(f"nothing to undo: {folder / STORE} has no lesson")
    hosts = dict.fromkeys(host for host, _ in lesson.pages)
    _check_unchanged(hosts, folder)
    history.undo(folder, lesson)
    yield from (f"undone: {host}/{name}" for host, name in lesson.pages)
    for host in hosts:
        yield from write_rules(host, learn(stored_examples(folder, host, context)), folder)
    history.forget(lesson)


def _rules_file(folder: Path, host: str) -> Path:
    return folder / f"{host}{TAUGHT}"


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def place_lines(places: Sequence[Place]) -> Iterator[str]:
    """The places, a line each, with the pages that taught them."""
    for place in places:
        what = f" as {place.kind}" if place.kind else ""
        yield f"  {place.key} {place.selector}{what}  # {place.page}"


def without_taught(context: CleanContext) -> CleanContext:
    """The context without what was taught."""
    return _with_book(context, [one for one in _all_rules(context) if not one.is_taught])


def with_lessons(context: CleanContext, taught: dict[str, Lessons]) -> CleanContext:
    """The context with what is taught: the files, and in place of them what new pages of a host teach."""
    rules = [one for one in _all_rules(context) if not (one.is_taught and one.name in taught)]
    return _with_book(context, [*rules, *(lessons.rules(host) for host, lessons in taught.items())])


def _all_rules(context: CleanContext) -> list[SiteRules]:
    return list(dict.fromkeys(one for of_host in context.site.rules.by_host.values() for one in of_host))


def _with_book(context: CleanContext, rules: list[SiteRules]) -> CleanContext:
    return replace(context, site=replace(context.site, rules=SiteRuleBook.from_rules(rules)))


def changes(page: Page, before: CleanContext, after: CleanContext) -> list[str]:
    """The lines of the text that come (``+``) and go (``-``) between two ways of cleaning a page, then the fields."""
    old, new = clean(page, before), clean(page, after)
    marks = ("---", "+++", "@@")
    lines = unified_diff(_lines(old), _lines(new), lineterm="", n=0)
    return [*(line for line in lines if not line.startswith(marks)), *field_changes(old, new)]


def field_changes(old: Article | Rejection, new: Article | Rejection) -> Iterator[str]:
    """The fields that have another value, as a line that goes and one that comes."""
    if isinstance(old, Article) and isinstance(new, Article):
        for name in METADATA:
            was, now = getattr(old, name), getattr(new, name)
            if was != now:
                yield from (f"{sign}{name}: {_shown(one)}" for sign, one in (("-", was), ("+", now)))


def _shown(value: object) -> str:
    if value is None or value == ():
        return "nothing"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _lines(found: Article | Rejection) -> list[str]:
    """The lines of a page's text; the reason where it is no article."""
    return found.text.split("\n") if isinstance(found, Article) else [f"rejected: {found.reason}"]
