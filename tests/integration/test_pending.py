"""A source fills no ledger: what is beyond its bounds is counted, and comes in later runs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize("start", ["", "map.xml"])
def test_what_is_beyond_the_bound_comes_in_later_runs(
    scrapy: Callable[..., Any], site: Any, tmp_path: Path, start: str
) -> None:
    host = f"sized-100-pending{len(start)}.example"
    counts = []
    for _ in range(4):
        run = scrapy(
            *("crawl", "news", "-a", f"site=http://{host}/{start}", "-o", str(tmp_path / "articles.jsonl")),
            *("-s", "COPYDESK_PENDING_MAX_URLS=40", "-s", "DOWNLOAD_DELAY=0"),
        )
        (account,) = json.loads((tmp_path / "run.json").read_text())["sites"].values()
        counts.append((len(run.lines()), account["not_fetched"].get("full", 0)))
    assert counts[0][0] <= 40
    assert counts[0][1] >= 60
    assert "COPYDESK_PENDING_MAX_URLS" in run.stderr or counts[-1][1] == 0
    assert counts[-1] == (100, 0), counts
    assert len({one["id"] for one in run.lines()}) == 100


def test_a_ledger_stays_as_small_as_its_bounds(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    maps = ",".join(f"http://sized-3000-full{number}.example/map.xml" for number in range(2))
    bounds = ("-s", "COPYDESK_PENDING_MAX_BYTES=20000", "-a", "max_pages=5")
    run = scrapy("crawl", "news", "-a", f"site={maps}", "-o", str(tmp_path / "a.jsonl"), *bounds)
    assert "left for a later run" in run.stderr
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as ledger:
        query = "SELECT source, sum(length(url) + coalesce(length(announced), 0)) FROM urls GROUP BY source"
        sizes = dict(ledger.execute(query))
    assert len(sizes) == 2
    assert max(sizes.values()) < 21_000
