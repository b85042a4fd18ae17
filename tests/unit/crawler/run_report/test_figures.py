"""Figures of a run stay small and add up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cleaners import Article, clean
from crawler.reasons import NotFetched
from crawler.run_report.account import MAX_EXAMPLES, SettledUrl, Tally, UrlOutcome
from crawler.run_report.figures import MAX_HOURS, MAX_SLOW_PAGES, MAX_STEPS, SiteFigures, Timeline, length_class
from crawler.run_report.report_types import TextFigures
from tests.unit.cleaners.pages import page, story

FOUND = clean(page(story()))


def article(**changed: Any) -> Article:
    assert isinstance(FOUND, Article)
    return replace(FOUND, **changed)


@pytest.mark.parametrize(
    ("chars", "lower"),
    [
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 2),
        (4, 4),
        (6, 5),
        (1023, 724),
        (1024, 1024),
        (1447, 1024),
        (1448, 1448),
        (5000, 4096),
    ],
)
def test_classes_of_length(chars: int, lower: int) -> None:
    assert length_class(chars) == lower


@pytest.mark.parametrize("end", [5, 599, 600, 86_400, 1e9])
def test_a_timeline_keeps_its_sums_in_few_steps(end: float) -> None:
    timeline = Timeline()
    for number in range(100):
        timeline.add(end * number / 99, 1_000)
    timeline.add(-3, 1)  # a clock that was set back
    found = timeline.figures
    assert len(found.responses) == len(found.bytes) <= MAX_STEPS
    assert (sum(found.responses), sum(found.bytes)) == (101, 100_001)
    assert (len(found.responses) - 1) * found.step <= end < len(found.responses) * found.step


def test_articles_are_summed_up() -> None:
    figures = SiteFigures()
    for day in range(1, 20):
        for hour in range(24):
            figures.add_article(article(text="x" * 10, published=f"2026-11-{day:02}T{hour:02}:15:00+01:00"))
    figures.add_article(article(text="x" * 3_000, published="2026-11-20"))
    assert figures.text == TextFigures(chars=24 * 19 * 10 + 3_000, lengths={"8": 456, "2896": 1})
    assert len(figures.published) == MAX_HOURS
    assert "2026-11-19T23" in figures.published
    assert "2026-11-01T00" not in figures.published


def test_the_slowest_pages_are_named() -> None:
    figures = SiteFigures()
    for number in range(50):
        figures.add_response(0, 1, number / 10, f"http://a.example/{number}")
    slowest = [((49 - n) / 10, f"http://a.example/{49 - n}") for n in range(MAX_SLOW_PAGES)]
    assert figures.slowest == slowest


def test_each_reason_has_a_few_examples() -> None:
    tally = Tally()
    for number in range(10):
        outcome = SettledUrl(url=f"http://a.example/{number}", result=UrlOutcome.REJECTED, reason="listing")
        tally.settle("http://a.example/", outcome)
    tally.count_skipped("http://a.example/", "http://a.example/login", NotFetched.SERVICE)
    assert tally.examples.of("http://a.example/") == {
        "not_fetched service": ["http://a.example/login"],
        "rejected listing": [f"http://a.example/{number}" for number in range(MAX_EXAMPLES)],
    }
