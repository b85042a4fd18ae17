"""Annotated pages on disk: corpora, and fixture directories.

A corpus is a folder with ``<source>/index.jsonl``, a row a page, and ``<source>/pages/<id>.html`` with its bytes. A row
has ``id``, ``source``, ``url`` and the truth: ``body`` (full text), ``with`` and ``without`` (segments), ``title``,
``published``, ``captions``, ``page_type``, ``kind``, as far as its annotators gave them. A fixture directory has the
files of :mod:`crawler.quality.labelled`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from cleaners.types import Page
from crawler.files.line_files import json_lines
from crawler.quality.labelled import PAGE, RECORD, LabelledPageError, read_page, record_folders

Row = dict[str, Any]

INDEX = "index.jsonl"

LEAST_SEGMENT = 40
"""Characters of a removed text that hardly stands in an article by chance."""


class Segment(msgspec.Struct):
    """An entry of the removal ledger."""

    kind: str
    text: str


class Annotated(NamedTuple):
    """A page and its truth."""

    row: Row
    page: Page


class RowShape(msgspec.Struct):
    """The keys of a row that are read."""

    id: str | int
    url: str | None = None
    body: str | None = None
    title: str | None = None
    published: str | None = None
    without: list[str] | None = None
    captions: list[str] | None = None
    page_type: str | None = None
    kind: str | None = None


class FixtureShape(msgspec.Struct):
    """The keys of a fixture's ``expected.json`` that are read: of a record, or of a rejection."""

    text: str | None = None
    title: str | None = None
    published: str | None = None
    reason: str | None = None
    removed: list[Segment] = []


class AnnotatedError(ValueError):
    """A folder that has no annotated pages, or one that cannot be read; the message names it."""


def sources(corpora: Path) -> list[str]:
    """Names of the sources at hand, sorted."""
    return sorted(folder.name for folder in corpora.iterdir() if (folder / INDEX).is_file())


def rows(corpora: Path, source: str) -> list[Row]:
    """The rows of a source, in the order of its index."""
    lines = json_lines(corpora / source / INDEX)
    return [{**_row(line, f"{source}/{INDEX}, line {number}"), "source": source} for number, line in lines]


def _row(line: bytes, place: str) -> Row:
    """A row whose values have the types that are read.

    Raises:
        AnnotatedError: naming its place.
    """
    try:
        row = json.loads(line.decode())
        msgspec.convert(row, RowShape)
    except ValueError as error:  # msgspec's are ValueErrors, too
        raise AnnotatedError(f"{place}: {error}") from error
    return dict(row)


def page(corpora: Path, row: Row) -> Page:
    """The page of a row."""
    path = corpora / row["source"] / "pages" / f"{row['id']}.html"
    return Page(url=row.get("url") or "https://example.org/", body=path.read_bytes(), source=str(path))


def annotated_pages(folder: Path) -> Iterator[Annotated]:
    """All annotated pages of a folder of corpora, of a single corpus, or of fixture directories.

    Raises:
        AnnotatedError: when there is none, or one of them cannot be read.
    """
    corpora, names = (folder.parent, [folder.name]) if (folder / INDEX).is_file() else (folder, [])
    if folder.is_dir():
        names = names or sources(folder)
    try:
        if names:
            for name in names:
                for row in rows(corpora, name):
                    yield Annotated(row, page(corpora, row))
            return
        page_folders = record_folders(folder)
        for page_folder in page_folders:
            yield Annotated(_row_of(page_folder, folder), read_page(page_folder))
    except AnnotatedError as error:
        raise AnnotatedError(f"{corpora if names else folder}: {error}") from error
    except (OSError, LabelledPageError) as error:
        raise AnnotatedError(str(error)) from error
    if not page_folders:
        expected = f"expected <source>/{INDEX} with its pages, or folders with {PAGE} and {RECORD}"
        raise AnnotatedError(f"{folder}: no annotated page; {expected}")


def _row_of(folder: Path, root: Path) -> Row:
    """The truth of a fixture directory: its record, or its rejection."""
    try:
        truth = msgspec.json.decode((folder / RECORD).read_bytes(), type=FixtureShape)
    except msgspec.MsgspecError as error:
        raise AnnotatedError(f"{folder / RECORD}: {error}") from error
    row: Row = {"id": folder.name, "source": root.resolve().name}
    if truth.text is None:
        return {**row, "kind": truth.reason or "other"}
    removed = [segment for segment in truth.removed if len(segment.text) > LEAST_SEGMENT]
    return {
        **row,
        "body": truth.text,
        "title": truth.title,
        "published": truth.published,
        "without": [segment.text for segment in removed],
        "kinds": [segment.kind for segment in removed],
    }
