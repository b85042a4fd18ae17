"""A teaching session: the labels of one page as a person corrects them, and what they teach."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import msgspec
import msgspec.structs

from cleaners.context import CleanContext
from cleaners.explain import Explanation, explain_examined
from cleaners.learn_rules import LabelledExample, learn
from cleaners.pipeline import Examination, clean, examine, view_page
from cleaners.record.serialize import to_json
from cleaners.site.rules import FIELD_PLACES, to_host
from cleaners.site.rules.selectors import elements, to_xpath
from cleaners.site.rules.taught_file import TaughtSelector
from cleaners.types import BODY_KINDS, Article, Metadata, Moment, Page, PageRejected, Rejection, Removal
from cleaners.urls.resolve import bare_host
from cleaners.visible.site_fields import with_field
from crawler.files.atomic import replace_file
from crawler.quality import lesson_history as history
from crawler.quality import lessons as taught
from crawler.quality.labelled import ABOUT, PAGE, RECORD, SAVED, LabelledPageError
from crawler.quality.lessons import HostLessons
from crawler.quality.stored_labels import DRAFT, Labels, LabelsError, TaughtField, read_labels, same_lines

MAX_COMPARED_PAGES = 30
"""Most pages of the site for which changes are computed: this many take two seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A page on which the text changes."""

    page: str
    lines: tuple[str, ...]
    """The added (``+``) and removed (``-``) lines of the text, and the changed fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRule:
    """A taught rule."""

    key: str
    """``remove`` or ``keep``, or the field that stands there."""
    selector: str
    kind: str
    """Kind of what is removed; empty where none was chosen."""
    page: str
    """The title and URL of the page that taught it."""
    pages: tuple[str, ...]
    """URLs of the known pages on which it selects something."""
    known: int
    """Number of known pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLesson:
    """A lesson of the site."""

    when: str
    """Time in UTC."""
    pages: tuple[str, ...]
    """Names of its pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What labels would teach."""

    places: tuple[str, ...]
    unlearnt: tuple[str, ...]
    taken_back: tuple[str, ...]
    """What other pages taught, and these labels contradict."""
    fields: tuple[str, ...]
    """The fields of this page that change."""
    unlike: tuple[str, ...]
    """The fields for which the person typed another value than the rules read."""
    compared: int
    """Number of other pages of the site."""
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One page and the site rules that it is to teach."""

    page: Page
    host: str
    """The page's host, without ``www.``."""
    base: Examination
    """The page as it is cleaned without taught rules."""
    explanation: Explanation
    """The page as it is cleaned now: what the person sees."""
    context: CleanContext
    folder: Path
    """The folder of the site rules."""
    others: tuple[Page, ...]
    """Other pages of the site."""

    @classmethod
    def of(cls, page: Page, context: CleanContext, folder: Path, pages: Sequence[Page]) -> Session:
        """The session of a page.

        Raises:
            PageRejected: where nothing can be read of it.
            LabelledPageError: where the page has no host, or one that was labelled earlier cannot be read.
        """
        examined = examine(page, context)
        page = replace(page, url=examined.page.url)
        explained = explain_examined(examined, context, with_features=True)
        try:
            host = to_host(bare_host(page.url))
        except ValueError as error:
            why = "give the page's URL with --url: its rules hold for that host"
            raise LabelledPageError(f"{page.source or page.url}: {error}; {why}") from error
        earlier = [labelled.page for labelled in taught.stored(folder, host)]
        others = [other for other in (*earlier, *pages) if bare_host(other.url) in (host, "") and other.url != page.url]
        unlike = tuple({other.url: other for other in others}.values())[:MAX_COMPARED_PAGES]
        base = examine(page, taught.without_taught(context))
        return cls(
            page=page, host=host, base=base, explanation=explained, context=context, folder=folder, others=unlike
        )

    @property
    def store(self) -> Path:
        """The folder of the labelled page: named by a hash of its URL, with the ending of the page's name in rules."""
        mark = sha256(self.page.url.encode("utf-8", "replace")).hexdigest()
        return history.page_folder(self.folder, self.host, f"page-{mark[6:12]}-{mark[:6]}")

    @property
    def draft(self) -> str | None:
        """The page's present labels with the earlier changes, saved or not, as JSON; None where nothing was changed."""
        labels = read_labels(self.store, len(self.base.labelled.labels))
        if labels is None:
            return None
        kinds = [block.label.kind for block in self.explanation.blocks]
        shown = dict(self._pairs())
        for mine, theirs in shown.items():
            if labels.marks is None or mine in labels.marks:
                kinds[theirs] = labels.kinds[mine]
        changed = {"kinds": tuple(kinds), "marks": None, "fields": _moved(labels, shown)}
        return msgspec.json.encode(msgspec.structs.replace(labels, **changed)).decode()

    def read(self, data: bytes) -> Labels:
        """The labels that the browser sent.

        Raises:
            LabelsError: when they are not those of this page.
        """
        return Labels.of(data, len(self.explanation.blocks))

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """The indexes of the blocks without taught rules, and of the same blocks with them."""
        blocks = self.base.labelled.view.blocks
        return same_lines([block.text for block in blocks], [block.text for block in self.explanation.blocks])

    def _to_store(self, labels: Labels) -> Labels:
        """The labels to store, for the page without taught rules; blocks that were changed now or before are marked."""
        kinds = [label.kind for label in self.base.labelled.labels]
        earlier = read_labels(self.store, len(kinds))
        marks = set()
        pairs = list(self._pairs())
        for mine, theirs in pairs:
            kinds[mine] = kind = labels.kinds[theirs]
            was_marked = earlier is not None and mine in (earlier.marks or ()) and earlier.kinds[mine] is kind
            if was_marked or kind is not self.explanation.blocks[theirs].label.kind:
                marks.add(mine)
        return msgspec.structs.replace(
            labels,
            kinds=tuple(kinds),
            marks=tuple(sorted(marks)),
            fields=_moved(labels, {theirs: mine for mine, theirs in pairs}),
            takes_back=False,
        )

    def check(self, labels: Labels) -> None:
        """Check that the fields are valid in a record.

        Raises:
            LabelsError: naming the field, and what is expected.
        """
        try:
            msgspec.convert(labels.published, Moment | None)
        except msgspec.ValidationError as error:
            expected = "a date, or a date and time, as 2026-11-26 or 2026-11-26T08:15:00+01:00"
            raise LabelsError(f"Published: {labels.published!r} is no date: expected {expected}") from error

    def read_field(self, field: TaughtField, index: int) -> str | tuple[str, ...] | None:
        """What the record would have in a field that stands in a block; None where the block says nothing of it.

        Raises:
            LabelsError: where the page has no such block.
        """
        if not 0 <= index < len(self.explanation.blocks):
            raise LabelsError(f"no block {index}")
        empty = Metadata(site_name=self.base.metadata.site_name)
        value = getattr(with_field(empty, field, [self.explanation.blocks[index].text], self.page), field)
        return value or None

    def rules(self) -> list[ShownRule]:
        """The taught rules of the site, each with the known pages on which it selects something.

        Raises:
            LabelledPageError: where a page that was labelled earlier cannot be read.
        """
        lessons = learn(taught.stored_examples(self.folder, self.host, self.context))
        trees = [(self.page.url, self.base.tree)]
        for page in self.others:
            with suppress(PageRejected):
                trees.append((page.url, view_page(page).tree))
        return [
            ShownRule(
                key=place.key,
                selector=place.selector,
                kind=place.kind or "",
                page=place.page,
                pages=tuple(url for url, tree in trees if elements(tree, to_xpath(place.selector))),
                known=len(trees),
            )
            for place in lessons.places
        ]

    def history(self) -> list[ShownLesson]:
        """The lessons of the site, the last one first.

        Raises:
            LabelledPageError: where one cannot be read.
        """
        return [
            ShownLesson(when=lesson.when, pages=tuple(name for host, name in lesson.pages if host == self.host))
            for lesson in history.lessons(self.folder)
            if any(host == self.host for host, _ in lesson.pages)
        ]

    def undo(self) -> list[str]:
        """Undo the last lesson of the site; returns what was done.

        Raises:
            LabelledPageError: where there is none, or a person changed the rules.
            OSError: when a file cannot be written.
        """
        for lesson in history.lessons(self.folder):
            if any(host == self.host for host, _ in lesson.pages):
                return [*taught.undo_lesson(lesson, self.folder, self.context)]
        raise LabelledPageError(f"nothing to undo: {self.host} has no lesson")

    def forget(self, key: str, selector: str) -> list[str]:
        """Take one rule back; returns what was done. Raises as :func:`crawler.quality.lessons.forget_place` does."""
        place = TaughtSelector(key, selector, "")
        return [*taught.forget_place(self.host, place, self.folder, self.context)]

    def save_draft(self, labels: Labels) -> None:
        """Store labels as a draft, in case the browser is closed.

        Raises:
            OSError: when they cannot be written.
        """
        self.store.mkdir(parents=True, exist_ok=True)
        replace_file(self.store / DRAFT, msgspec.json.encode(self._to_store(labels)))

    def preview(self, labels: Labels) -> Preview:
        """What labels would teach, and what would change on the site's other pages.

        Raises:
            LabelledPageError: where a page that was labelled earlier cannot be read.
        """
        learnt = self._learn(self._to_store(labels))
        lessons = learnt.after
        after = taught.with_lessons(self.context, {self.host: lessons})
        now = clean(self.page, after)
        fields = taught.field_changes(clean(self.page, self.context), now)
        compared = ((other, taught.changes(other, self.context, after)) for other in self.others)
        changes = [Change(page=other.url, lines=tuple(lines)) for other, lines in compared if lines]
        return Preview(
            places=tuple(line.strip() for line in taught.place_lines(lessons.places)),
            unlearnt=tuple(map(str, lessons.unlearnt)),
            taken_back=tuple(map(str, learnt.taken_back)),
            fields=tuple(fields),
            unlike=tuple(_unlike(now, labels)),
            compared=len(self.others),
            changes=tuple(changes),
        )

    def save(self, labels: Labels) -> list[str]:
        """Write the labelled page as a fixture directory, and the rules of its site; returns what was done.

        Raises:
            LabelsError: where no block is text.
            TakesBackError: where it takes back what other pages taught, and the labels do not say that it may.
            LabelledPageError: where a page that was labelled earlier cannot be read, or a person changed the rules.
            OSError: when a file cannot be written.
        """
        self.check(labels)
        record = self._record(labels)
        mine = self._to_store(labels)
        learnt = {self.host: self._learn(mine)}
        taught.check(learnt, self.folder, takes_back=labels.takes_back)
        history.begin(self.folder, [(self.host, self.store.name)])
        self.store.mkdir(parents=True, exist_ok=True)
        replace_file(self.store / PAGE, self.page.body)
        about = {"url": self.page.url, "content_type": self.page.content_type, "fetched_at": self.page.fetched}
        replace_file(
            self.store / ABOUT, json.dumps(about, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"
        )
        replace_file(self.store / RECORD, json.dumps(record, ensure_ascii=False, indent=2).encode() + b"\n")
        replace_file(self.store / SAVED, msgspec.json.encode(mine))
        (self.store / DRAFT).unlink(missing_ok=True)
        return [f"{self.store}", *taught.write_rules(self.host, learnt[self.host].after, self.folder)]

    def _learn(self, mine: Labels) -> HostLessons:
        """What the page teaches with these stored labels, together with the pages that were labelled earlier."""
        example = LabelledExample(
            name=self.store.name,
            examined=self.base,
            kinds=mine.kinds,
            marks=frozenset(mine.marks or ()),
            fields={name: frozenset(indexes) for name, indexes in mine.fields.items()},
            is_reviewed=False,
        )
        return HostLessons.of(taught.stored_examples(self.folder, self.host, self.context), [example])

    def _record(self, labels: Labels) -> Mapping[str, object]:
        """The record of the page with the labels of a person."""
        text, removed = [], []
        for block, kind in zip(self.explanation.blocks, labels.kinds, strict=True):
            if kind in BODY_KINDS:
                text.append(block.text)
            elif block.is_near or block.label.is_body:
                removed.append(Removal(kind=kind, text=block.text, path=block.path, rule="labelled", score=1.0))
        if not text:
            raise LabelsError("no block is text: an article has one at least")
        if self.explanation.article is None:
            corrected = {name: getattr(labels, name) for name in FIELD_PLACES}
            return {"url": self.page.url, "text": "\n".join(text), **corrected}
        article = replace(
            self.explanation.article,
            title=labels.title,
            published=labels.published,
            authors=labels.authors,
            section=labels.section,
            text="\n".join(text),
            removed=tuple(removed),
            boxes=None,
            entries=None,
            markdown=None,
        )
        return dict(json.loads(to_json(article)))


def _moved(labels: Labels, places: Mapping[int, int]) -> dict[TaughtField, tuple[int, ...]]:
    """The blocks of the fields by other indexes; those that have none are left out."""
    return {
        field: tuple(sorted(places[index] for index in indexes if index in places))
        for field, indexes in labels.fields.items()
    }


def _unlike(cleaned: Article | Rejection, labels: Labels) -> Iterator[str]:
    """The fields that the person typed otherwise than they are read: other pages have what is read."""
    if isinstance(cleaned, Rejection):
        return
    for name in FIELD_PLACES:
        typed, read = getattr(labels, name), getattr(cleaned, name)
        if typed and typed != read and (name != "published" or not str(read).startswith(str(typed))):
            yield f"{name}: you typed “{_shown(typed)}”; crawls will have “{_shown(read)}”"


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else "nothing" if value is None else str(value)
