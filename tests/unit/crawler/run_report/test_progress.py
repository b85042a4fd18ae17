"""How a crawl goes, for a person."""

from __future__ import annotations

import pytest

from crawler.run_report.progress import progress_line, span


@pytest.mark.parametrize(
    ("waiting", "pace", "expected"),
    [
        (0, 2.0, "90 pages (2.0/s), 80 articles, 3 rejections"),
        (300, 2.0, "90 pages (2.0/s), 80 articles, 3 rejections, 300 waiting, 2 min 30 s or more"),
        (300, 0.0, "90 pages (0.0/s), 80 articles, 3 rejections, 300 waiting"),
    ],
)
def test_standing(waiting: int, pace: float, expected: str) -> None:
    assert progress_line(pages=90, articles=80, rejections=3, waiting=waiting, pace=pace) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.4, "0 s"), (59.2, "59 s"), (61, "1 min 1 s"), (3_600, "1 h 0 min"), (90_061, "25 h 1 min")],
)
def test_span(seconds: float, expected: str) -> None:
    assert span(seconds) == expected
