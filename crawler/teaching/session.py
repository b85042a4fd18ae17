"""A teaching session: the labels of one page as a person corrects them, and what they teach."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from cleaners.context import CleanContext
from cleaners.explain import Explanation, explain_examined
from cleaners.pipeline import Examination, examine
from cleaners.record.serialize import to_json
from cleaners.site.rules import to_host
from cleaners.teaching import LabelledExample, Lessons, learn
from cleaners.types import BODY_KINDS, BlockKind, Moment, Page, Removal
from cleaners.urls.resolve import bare_host
from crawler.inputs.labelled import ABOUT, PAGE, RECORD, LabelledPageError
from crawler.teaching import lessons as taught
from crawler.util.paths import replace_file

DRAFT, SAVED = "draft.json", "labels.json"
"""The labels of a page that are not saved yet, and those that are: what the browser shows when it is opened again."""

MOST_COMPARED = 30
"""Pages of the site on which the changes are shown: they take two seconds."""


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page in the browser sends: the kind of each block, and the corrected fields."""

    kinds: tuple[BlockKind, ...]
    title: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()


class LabelsError(ValueError):
    """Labels that do not fit the page; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A page on which the text changes."""

    page: str
    lines: tuple[str, ...]
    """The lines that come (``+``) and go (``-``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What labels would teach."""

    places: tuple[str, ...]
    unlearnt: tuple[str, ...]
    compared: int
    """Number of other pages of the site."""
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One page and the site rules that it is to teach."""

    page: Page
    host: str
    """The page's host, without ``www.``."""
    examined: Examination
    found: Explanation
    context: CleanContext
    folder: Path
    """Of the site rules."""
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
        found = explain_examined(examined, context, with_features=True)
        try:
            host = to_host(bare_host(page.url))
        except ValueError as error:
            why = "give the page's URL with --url: its rules hold for that host"
            raise LabelledPageError(f"{page.source or page.url}: {error}; {why}") from error
        earlier = [one.page for one in taught.stored(folder, host)]
        others = [one for one in (*earlier, *pages) if bare_host(one.url) in (host, "") and one.url != page.url]
        unlike = tuple({one.url: one for one in others}.values())[:MOST_COMPARED]
        return cls(page=page, host=host, examined=examined, found=found, context=context, folder=folder, others=unlike)

    @property
    def store(self) -> Path:
        """The folder of the labelled page: named by a hash of its URL, and with the end that its name has in rules."""
        mark = sha256(self.page.url.encode("utf-8", "replace")).hexdigest()
        return self.folder / taught.STORE / self.host / f"page-{mark[6:12]}-{mark[:6]}"

    @property
    def draft(self) -> str | None:
        """The labels as they were left, or saved; None where there are none that fit the page."""
        for name in (DRAFT, SAVED):
            try:
                return msgspec.json.encode(self.read((self.store / name).read_bytes())).decode()
            except (OSError, LabelsError):
                continue
        return None

    def read(self, data: bytes) -> Labels:
        """The labels that the browser sent.

        Raises:
            LabelsError: when they are not those of this page.
        """
        try:
            labels = msgspec.json.decode(data, type=Labels)
        except msgspec.MsgspecError as error:
            raise LabelsError(str(error)) from error
        if len(labels.kinds) != len(self.found.blocks):
            raise LabelsError(f"{len(labels.kinds)} labels for {len(self.found.blocks)} blocks")
        return labels

    def check(self, labels: Labels) -> None:
        """Accept fields as the record has them.

        Raises:
            LabelsError: naming the field, and what is expected.
        """
        try:
            msgspec.convert(labels.published, Moment | None)
        except msgspec.ValidationError as error:
            expected = "a date, or a date and time, as 2026-11-26 or 2026-11-26T08:15:00+01:00"
            raise LabelsError(f"Published: {labels.published!r} is no date: expected {expected}") from error

    def save_draft(self, labels: Labels) -> None:
        """Keep labels, should the browser be closed.

        Raises:
            OSError: when they cannot be written.
        """
        self.store.mkdir(parents=True, exist_ok=True)
        replace_file(self.store / DRAFT, msgspec.json.encode(labels))

    def preview(self, labels: Labels) -> Preview:
        """What labels would teach, and what would change on the site's other pages.

        Raises:
            LabelledPageError: where a page that was labelled earlier cannot be read.
        """
        lessons = self._lessons(labels)
        after = taught.with_lessons(self.context, {self.host: lessons})
        compared = ((one, taught.text_changes(one, self.context, after)) for one in self.others)
        changes = [Change(page=one.url, lines=tuple(lines)) for one, lines in compared if lines]
        return Preview(
            places=tuple(line.strip() for line in taught.place_lines(lessons.places)),
            unlearnt=lessons.unlearnt,
            compared=len(self.others),
            changes=tuple(changes),
        )

    def save(self, labels: Labels) -> list[str]:
        """Write the labelled page as a fixture directory, and the rules of its site; returns what was done.

        Raises:
            LabelsError: where no block is text.
            OSError: when a file cannot be written.
        """
        self.check(labels)
        record = self._record(labels)
        lessons = self._lessons(labels)
        self.store.mkdir(parents=True, exist_ok=True)
        replace_file(self.store / PAGE, self.page.body)
        about = {"url": self.page.url, "content_type": self.page.content_type, "fetched_at": self.page.fetched}
        replace_file(
            self.store / ABOUT, json.dumps(about, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"
        )
        replace_file(self.store / RECORD, json.dumps(record, ensure_ascii=False, indent=2).encode() + b"\n")
        replace_file(self.store / SAVED, msgspec.json.encode(labels))
        (self.store / DRAFT).unlink(missing_ok=True)
        return [f"{self.store}", *taught.write((), {self.host: lessons}, self.folder)]

    def _lessons(self, labels: Labels) -> Lessons:
        """What the page teaches, together with those that were labelled earlier."""
        name = self.store.name
        earlier = [taught.example(one) for one in taught.stored(self.folder, self.host) if one.folder != self.store]
        is_text = tuple(kind in BODY_KINDS for kind in labels.kinds)
        return learn([*earlier, LabelledExample(name=name, examined=self.examined, is_text=is_text)])

    def _record(self, labels: Labels) -> Mapping[str, Any]:
        """The record of the page with the labels of a person."""
        text, removed = [], []
        for block, kind in zip(self.found.blocks, labels.kinds, strict=True):
            if kind in BODY_KINDS:
                text.append(block.text)
            elif block.is_near or block.label.is_body:
                removed.append(Removal(kind=kind, text=block.text, path=block.path, rule="labelled", score=1.0))
        if not text:
            raise LabelsError("no block is text: an article has one at least")
        if self.found.article is None:
            corrected = {"title": labels.title, "published": labels.published, "authors": labels.authors}
            return {"url": self.page.url, "text": "\n".join(text), **corrected}
        article = replace(
            self.found.article,
            title=labels.title,
            published=labels.published,
            authors=labels.authors,
            text="\n".join(text),
            removed=tuple(removed),
            boxes=None,
            entries=None,
        )
        return dict(json.loads(to_json(article)))
