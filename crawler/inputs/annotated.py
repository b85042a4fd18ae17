"""Annotated pages on disk: corpora, and fixture directories.

A corpus is a folder with ``<source>/index.jsonl``, a row a page, and ``<source>/pages/<id>.html`` with its bytes. A row
has ``id``, ``source``, ``url`` and the truth: ``body`` (full text), ``with`` and ``without`` (segments), ``title``,
``published``, ``captions``, ``page_type``, ``kind``, as far as its annotators gave them. A fixture directory has the
files of :mod:`crawler.inputs.labelled`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cleaners.types import Page
from crawler.inputs.labelled import PAGE, RECORD, LabelledPageError, read_page

Row = dict[str, Any]

INDEX = "index.jsonl"

LEAST_SEGMENT = 40
"""Characters of a removed text that hardly stands in an article by chance."""


class Annotated(NamedTuple):
    """A page and its truth."""

    row: Row
    page: Page


class AnnotatedError(ValueError):
    """A folder that has no annotated pages, or one that cannot be read; the message names it."""


def sources(corpora: Path) -> list[str]:
    """Names of the sources at hand, sorted."""
    return sorted(folder.name for folder in corpora.iterdir() if (folder / INDEX).is_file())


def rows(corpora: Path, source: str) -> list[Row]:
    """The rows of a source, in the order of its index."""
    with (corpora / source / INDEX).open(encoding="utf8") as lines:
        return [{**json.loads(line), "source": source} for line in lines]


def page(corpora: Path, row: Row) -> Page:
    """The page of a row."""
    path = corpora / row["source"] / "pages" / f"{row['id']}.html"
    return Page(url=row["url"] or "https://example.org/", body=path.read_bytes(), source=str(path))


def annotated_pages(folder: Path) -> Iterator[Annotated]:
    """All annotated pages of a folder: of the corpora in it, of the corpus that it is, or of its fixture directories.

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
        found = sorted(one.parent for one in folder.rglob(RECORD) if (one.parent / PAGE).is_file())
        for one in found:
            yield Annotated(_row_of(one, folder), read_page(one))
    except (OSError, ValueError, KeyError, LabelledPageError) as error:
        raise AnnotatedError(f"{folder}: {error}") from error
    if not found:
        expected = f"expected <source>/{INDEX} with its pages, or folders with {PAGE} and {RECORD}"
        raise AnnotatedError(f"{folder}: no annotated page; {expected}")


def _row_of(folder: Path, root: Path) -> Row:
    """The truth of a fixture directory: its record, or its rejection."""
    truth = json.loads((folder / RECORD).read_text("utf-8"))
    row: Row = {"id": folder.name, "source": root.name, "url": truth.get("url")}
    text = truth.get("text")
    if not isinstance(text, str):
        return {**row, "kind": str(truth.get("reason") or "other")}
    removed = [
        one for one in truth.get("removed") or () if len(one["text"]) > LEAST_SEGMENT and one["text"] not in text
    ]
    return {
        **row,
        "body": text,
        "title": truth.get("title"),
        "published": truth.get("published"),
        "without": [one["text"] for one in removed],
        "kinds": [one["kind"] for one in removed],
    }
