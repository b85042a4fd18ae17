"""The registry of reasons: complete, in words, retried as the documents say, and documented."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest

from cleaners.types import Reason
from crawler.reasons import (
    REASONS,
    ArchiveReason,
    FetchReason,
    NotFetched,
    PageClass,
    PendingReason,
    Scope,
    find_reason,
    in_words,
)

DOCS = Path(__file__).resolve().parents[3] / "docs"


def documented(document: str, beginning: str) -> set[str]:
    """The codes that lines of a document name; ``beginning`` is the pattern of what precedes the first one."""
    lines = re.findall(rf"^{beginning}(.*)$", (DOCS / document).read_text("utf-8"), re.MULTILINE)
    return {code for line in lines for code in re.findall(r"`([a-z_]+)`", line)}


def codes(scope: Scope) -> set[str]:
    return {entry.code for entry in REASONS.values() if scope & entry.scope}


def test_each_code_has_an_entry() -> None:
    kinds = (Reason, FetchReason, NotFetched, PendingReason, ArchiveReason)
    assert set(REASONS) == {str(code) for code in chain(*kinds)}
    assert [code for code, entry in REASONS.items() if entry.code != code or not entry.words or not entry.scope] == []


def test_a_code_of_two_kinds_says_so() -> None:
    assert {entry.code: len(entry.scope) for entry in REASONS.values() if len(entry.scope) > 1} == {
        "too_large": 3,
        "damaged": 3,
        "spider": 2,
        "old": 2,
        "front_page": 2,
        "walled": 2,
    }


@pytest.mark.parametrize(
    ("code", "words", "is_retryable"),
    [
        ("broken", "connection cut off", True),
        ("robots", "forbidden by robots.txt", False),
        ("listing", "list of other pages", False),
        ("deadline", "cleaning took too long", True),
        ("max_pages", "page limit reached", True),
        ("section", "section", False),
        ("http_404", "HTTP 404 Not Found", False),
        ("http_503", "HTTP 503 Service Unavailable", True),
        ("http_522", "HTTP 522", True),
        ("http_x", "http_x", False),
        ("of_a_spider", "of_a_spider", False),
        ("", "", False),
    ],
)
def test_a_reason(code: str, words: str, is_retryable: bool) -> None:
    assert find_reason(code)[2:4] == (is_retryable, words)


CLASSES = {
    "walled": "walled",
    "consent_wall": "consent",
    "scripted": "scripted",
    "listing": "listing",
    "http_404": "gone",
    "http_410": "gone",
    "error_page": "gone",
    "not_html": "not_html",
    "http_403": "forbidden",
    "robots": "forbidden",
    "http_503": "failed",
    "timeout": "failed",
    "no_text": "empty",
    "old": "unwanted",
    "of_a_spider": "failed",
}


@pytest.mark.parametrize(("code", "page_class"), CLASSES.items())
def test_a_page_has_one_class(code: str, page_class: str) -> None:
    assert find_reason(code).page_class == page_class


def test_the_documents_name_each_class() -> None:
    assert documented("cleaning.md", r"\| page class ") == {str(name) for name in PageClass}


def test_counts() -> None:
    assert in_words([("broken", 3000), ("listing", 1)]) == "connection cut off: 3,000, list of other pages: 1"
    assert in_words([]) == ""


@pytest.mark.parametrize(
    ("scope", "places"),
    [
        (Scope.FETCH, [("cleaning.md", r"\| `fetch`, [a-z ]+ \|")]),
        (Scope.READ, [("cleaning.md", r"\| `read` \|")]),
        (
            Scope.CLEAN,
            [
                ("cleaning.md", r"\| `(?:decode|parse|page_type|body|worker)` \|"),
                ("operations.md", r"\| `rejected` \| by reason: "),
            ],
        ),
        (Scope.NOT_FETCHED, [("operations.md", r"\| `not_fetched` \| by reason: ")]),
        (
            Scope.PENDING,
            [
                ("operations.md", r"\| `pending` \| by reason, for the next run: "),
                ("cleaning.md", r"Requests deferred to the next run are no rejections: "),
            ],
        ),
        (Scope.ARCHIVE, [("commands.md", r"Every other response is counted with the reason .* left out: ")]),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_documents_name_each_code(scope: Scope, places: list[tuple[str, str]]) -> None:
    named = set.union(*(documented(*place) for place in places))
    others = {"since", "sections", "wants", "is_article", "http_404"}  # arguments and hooks; an entry by its status
    assert named - others == codes(scope)


def test_the_documents_say_what_is_retried() -> None:
    named = documented("cleaning.md", r"but (?=`robots`)") - {"certificate", "bad_status", "walled"}
    named |= documented("cleaning.md", r"\| `fetch`, not accepted \|") - {"certificate", "bad_status", "walled"}
    assert named == {code for code in codes(Scope.FETCH) if not REASONS[code].is_retryable}
    of_workers = documented("cleaning.md", r"\| `worker` \|")
    assert {code for code in codes(Scope.CLEAN) if REASONS[code].is_retryable} == of_workers | {"walled"}
