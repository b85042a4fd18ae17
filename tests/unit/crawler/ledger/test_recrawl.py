"""When an address is asked again."""

from __future__ import annotations

import pytest

from crawler.ledger.recrawl import MAX_FRESHNESS, FetchHistory, next_due
from crawler.util import DAY, HOUR


def seen(**more: object) -> FetchHistory:
    return FetchHistory(
        **{
            "role": "article",
            "at": 1_000_000,
            "first_seen": 1_000_000,
            "changed": 1_000_000,
            "status": 200,
            "failures": 0,
            **more,
        }
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("age", "wait"),
    [(0, HOUR), (HOUR, 3 * HOUR), (4 * HOUR, 20 * HOUR), (DAY, 2 * DAY), (3 * DAY, None), (300 * DAY, None)],
)
def test_a_young_article_is_asked_some_times_and_then_never(age: int, wait: int | None) -> None:
    first = 1_000_000 - age
    found = next_due(seen(first_seen=first))
    assert (None if found is None else found - 1_000_000) == wait


@pytest.mark.parametrize("role", ["start", "section", "feed", "sitemap"])
@pytest.mark.parametrize(
    ("quiet", "wait"), [(0, 0), (40 * 60, 0), (50 * 60, 5 * 60), (DAY, 8_640), (90 * DAY, MAX_FRESHNESS)]
)
def test_a_busy_listing_is_asked_in_minutes_and_a_quiet_one_in_days(role: str, quiet: int, wait: int) -> None:
    assert next_due(seen(role=role, first_seen=0, changed=1_000_000 - quiet)) == 1_000_000 + wait


@pytest.mark.parametrize(("failures", "wait"), [(1, 0), (2, HOUR), (3, 2 * HOUR), (6, 16 * HOUR), (7, None)])
def test_a_failing_article_is_asked_less_often_and_then_no_more(failures: int, wait: int | None) -> None:
    found = next_due(seen(status=None, failures=failures))
    assert (None if found is None else found - 1_000_000) == wait


def test_a_failing_listing_is_never_given_up() -> None:
    assert next_due(seen(role="feed", status=None, failures=50)) == 1_000_000 + 16 * HOUR


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_is_not_asked_again(status: int) -> None:
    assert next_due(seen(status=status)) is None


@pytest.mark.parametrize("role", ["section", "feed", "sitemap"])
def test_a_listing_that_is_gone_is_asked_seldom(role: str) -> None:
    assert next_due(seen(role=role, status=404)) == 1_000_000 + MAX_FRESHNESS
