"""Annotated pages: which of them train a model that is shipped, groups of them, and the scores of a text."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from crawler.quality.annotated import Row, page, rows, sources
from crawler.quality.scores import body_words, common_length, contains, unwanted, words

__all__ = [
    "INNER_FOLDS",
    "TRAINING",
    "Row",
    "body_f1",
    "domain_fold",
    "group",
    "page",
    "rows",
    "segments",
    "site_groups",
    "sources",
]

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


INNER_FOLDS = 4
"""Folds of the pages that train the trees: each gets its scores from linear models that were trained on the others."""


def domain_fold(domain: str, count: int, salt: str = "") -> int:
    """The fold of a domain among so many; other salts give other folds."""
    return int(hashlib.sha256((salt + domain).encode()).hexdigest(), 16) % count


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


def body_f1(row: Row, text: str) -> float | None:
    """F1 of a page's text; None when the row has no body."""
    pair = body_words(row, text)
    if pair is None:
        return None
    truth, ours = pair
    return 2 * common_length(truth, ours) / (len(truth) + len(ours)) if truth or ours else 1.0


def segments(row: Row, text: str) -> tuple[int, int, int, int]:
    """Counts: wanted segments in the text, all wanted ones, unwanted ones in the text, all unwanted ones."""
    haystack = " ".join(words(text))
    wanted, others = row.get("with") or [], [segment for _, segment in unwanted(row)]
    return (
        sum(contains(haystack, s) for s in wanted),
        len(wanted),
        sum(contains(haystack, s) for s in others),
        len(others),
    )
