"""Annotated pages on disk: ``<source>/index.jsonl`` with a row a page, ``<source>/pages/<id>.html`` with its bytes.

A row has ``id``, ``source``, ``url``, ``domain``, ``lang`` and the truth: ``body`` (full text), ``with`` and
``without`` (segments), ``title``, ``published``, ``captions``, ``page_type``, ``kind``, as far as its annotators gave
them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cleaners import Page

Row = dict[str, Any]

TRAINING = (
    "atf_news",
    "fundus",
    "goose3",
    "htmldate",
    "misinfo_crawler",
    "newspaper3k",
    "newspaper4k",
    "postlight",
    "trafilatura",
    "wcxb",
    "zh_autumn",
)
"""Sources whose licences let a model trained on them be shipped: Apache-2.0, MIT, CC-BY-4.0."""


def sources(corpora: Path) -> list[str]:
    """Names of the sources at hand, sorted."""
    return sorted(folder.name for folder in corpora.iterdir() if (folder / "index.jsonl").is_file())


def rows(corpora: Path, source: str) -> list[Row]:
    """The rows of a source, in the order of its index."""
    with (corpora / source / "index.jsonl").open(encoding="utf8") as lines:
        return [{**json.loads(line), "source": source} for line in lines]


def page(corpora: Path, row: Row) -> Page:
    """The page of a row."""
    body = (corpora / row["source"] / "pages" / f"{row['id']}.html").read_bytes()
    return Page(url=row["url"] or "https://example.org/", body=body)


def site_groups(corpora: Path, file: Path, most: int) -> list[tuple[str, list[Row]]]:
    """The groups of pages of one site in a JSON file: of each the source and the rows of its first pages.

    The file has ``[{"source": …, "domain": …, "ids": […]}, …]``.
    """
    groups = json.loads(file.read_text("utf-8"))
    known = {(s, row["id"]): row for s in {one["source"] for one in groups} for row in rows(corpora, s)}
    return [
        (one["source"], [known[one["source"], i] for i in one["ids"][:most] if (one["source"], i) in known])
        for one in groups
    ]


def group(row: Row) -> str:
    """The line of a table that a page counts in: its source, pages that are no articles apart."""
    said = row.get("page_type") or row.get("kind") or ("listing" if row["source"] == "frontpages_de" else "article")
    return row["source"] + ("" if said == "article" else ", other pages")
