"""The date in the lines beside the headline."""

from __future__ import annotations

import pytest

from cleaners import Article, clean
from tests.unit.cleaners.pages import SENTENCES, html, page

BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
STATED = "<meta property='article:published_time' content='{}'>"
VAGUE = "<meta name=date content='{}'>"
NIGHT = STATED.format("2026-11-03T03:20:11Z")


def published(line: str, head: str) -> str | None:
    """The date of a page with a line below its headline."""
    body = f"<main><h1>Lock to close for eleven weeks</h1><p class=date>{line}</p>{BODY}</main>"
    result = clean(page(html(body, head)))
    assert isinstance(result, Article)
    return result.published


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2 November 2026, 10:20 pm", "2026-11-02T22:20:11-05:00"),
        ("2. marraskuuta 2026 klo 21.20", "2026-11-02T21:20:11-06:00"),
        ("Published 2 November 2026 at 22:20 | Updated 3 November 2026 at 9:14", "2026-11-02T22:20:11-05:00"),
        ("3 November 2026, 14:20", "2026-11-03T03:20:11+00:00"),
        ("2 November 2026, 22:21", "2026-11-03T03:20:11+00:00"),
        ("2 November 2026, 18:50", "2026-11-03T03:20:11+00:00"),
        ("2 November 2026", "2026-11-03T03:20:11+00:00"),
        ("3 November 2026, 3:20 | 2 November 2026, 22:20", "2026-11-03T03:20:11+00:00"),
    ],
    ids=[
        "evening before", "in any language", "with a change", "same day", "another minute", "no zone is so", "no time",
        "shown in UTC",
    ],
)  # fmt: skip
def test_moment_in_utc_has_the_shown_local_day(line: str, expected: str) -> None:
    assert published(line, NIGHT) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("6. August 2026", "2026-08-06T09:00:00+02:00"),
        ("8. Juni 2026", "2026-06-08T09:00:00+02:00"),
        ("8. Juni 2026, geändert am 6. August 2026", "2026-06-08T09:00:00+02:00"),
        ("6.8.2026", "2026-06-08T09:00:00+02:00"),
        ("8/6/2026", "2026-06-08T09:00:00+02:00"),
        ("7. August 2026", "2026-06-08T09:00:00+02:00"),
    ],
    ids=["exchanged", "as declared", "as declared, then changed", "points", "slashes", "another day"],
)
def test_exchanged_day_and_month_are_put_right(line: str, expected: str) -> None:
    assert published(line, STATED.format("2026-06-08T09:00:00+02:00")) == expected


@pytest.mark.parametrize(
    ("head", "line", "expected"),
    [
        (VAGUE.format("2026-11-05"), "3 November 2026", "2026-11-03"),
        (VAGUE.format("2026-11-03T08:00:00Z"), "3 November 2026", "2026-11-03T08:00:00+00:00"),
        (VAGUE.format("2026-11-05"), "Updated 6 November 2026", "2026-11-05"),
        (STATED.format("2026-11-05"), "3 November 2026", "2026-11-05"),
    ],
    ids=["vague", "vague, same day", "vague, line of a change", "stated"],
)
def test_shown_date_replaces_a_vague_one(head: str, line: str, expected: str) -> None:
    assert published(line, head) == expected
