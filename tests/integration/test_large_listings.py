"""Sitemaps that are larger than a page: requested again, two at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ARTICLES = 60
LISTED = 40
"""Articles that the front page lists."""
SITES = ",".join(f"http://sized-{ARTICLES}-large{n}.example/" for n in range(3))


@pytest.mark.parametrize(("most", "articles"), [("64000000", 3 * ARTICLES), ("8500", 3 * LISTED)])
def test_sitemaps_larger_than_a_page(scrapy: Callable[..., Any], tmp_path: Path, most: str, articles: int) -> None:
    limits = ("-s", "COPYDESK_PAGE_MAXSIZE=8000", "-s", f"DOWNLOAD_MAXSIZE={most}", "-s", "STATS_DUMP=1")
    run = scrapy("crawl", "news", "-a", f"site={SITES}", "-o", str(tmp_path / "a.jsonl"), *limits)
    assert len(run.lines("a.jsonl")) == articles, run.stderr
    assert ("'limit/too_large_count': 3" in run.stderr) is (most == "8500")


def test_sitemaps_that_fail_make_room_for_others(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    maps = ",".join(f"http://sized-3000-huge{n}.example/map.xml" for n in range(4))
    limits = ("-s", "COPYDESK_PAGE_MAXSIZE=10000", "-s", "DOWNLOAD_MAXSIZE=11000")
    run = scrapy("crawl", "news", "-a", f"site={maps}", "-o", str(tmp_path / "a.jsonl"), *limits, timeout=60)
    assert run.status == 3, run.stderr
    assert run.stderr.count("source failed") == 4, run.stderr
