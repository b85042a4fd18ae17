"""Workers beside a crawl: three pages that do what no page should cost themselves, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.integration.conftest import ROOT

HOSTILE = ROOT / "tests" / "site" / "hostile_pages"


def test_a_page_that_hangs_one_that_takes_all_memory_and_one_that_kills_its_worker(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    run = scrapy(
        "crawl", "news", "-a", "site=http://sized-1000-hostile.example/", "-o", str(tmp_path / "articles.jsonl"),
        "-s", f"LEDGER_PATH={tmp_path / 'ledger.sqlite'}", "-s", "CLEAN_DEADLINE=3", "-s", "CLEAN_MEMORY=300",
        first_on_path=HOSTILE, timeout=240,
    )  # fmt: skip
    assert "Traceback" not in run.stderr
    assert len({record["id"] for record in run.lines()}) == len(run.lines()) == 997
    refused = run.lines("rejections.jsonl")
    reasons = {one["url"].rstrip("/").rsplit("-", 1)[-1]: (one["stage"], one["reason"]) for one in refused}
    assert reasons == {"100": ("worker", "deadline"), "500": ("worker", "memory"), "900": ("worker", "killed")}
