"""Reason codes in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cleaners.types import Reason
from crawler.fetching.failure_reasons import MEANINGS, FetchReason, in_words, meaning
from crawler.types import NotFetched

OPERATIONS = Path(__file__).resolve().parents[4] / "docs" / "operations.md"


def test_every_reason_has_words() -> None:
    assert [str(one) for kind in (Reason, FetchReason, NotFetched) for one in kind if one not in MEANINGS] == []


def test_the_documented_reasons_of_pending_urls_have_words() -> None:
    (row,) = [line for line in OPERATIONS.read_text("utf-8").splitlines() if line.startswith("| `pending`")]
    assert [name for name in re.findall(r"`(\w+)`", row) if name not in {*MEANINGS, "pending"}] == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("broken", "connection cut off"),
        ("http_404", "HTTP 404 Not Found"),
        ("http_522", "HTTP 522"),
        ("http_x", "http_x"),
        ("of_a_spider", "of_a_spider"),
    ],
)
def test_a_reason(reason: str, words: str) -> None:
    assert meaning(reason) == words


def test_counts() -> None:
    assert in_words([("broken", 3000), ("listing", 1)]) == "connection cut off: 3,000, list of other pages: 1"
    assert in_words([]) == ""
