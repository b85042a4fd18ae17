"""Crawls that are killed at a hundred random moments: each article once, none lost."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.kills import kill_once


@pytest.mark.parametrize("victim", ["main", "worker", "both"])
@pytest.mark.parametrize("series", range(12))
def test_kills_at_three_moments_lose_and_double_nothing(
    scrapy: Callable[..., Any], site: Any, tmp_path: Path, victim: str, series: int
) -> None:
    host, dice = f"sized-40-{victim}{series}.example", random.Random(f"{victim} {series}")
    for _ in range(3):
        kill_once(site, host, tmp_path, process=subprocess.Popen, dice=dice, victim=victim)
    run = scrapy("crawl", "news", "-a", f"site=http://{host}/", "-o", str(tmp_path / "articles.jsonl"))
    assert run.status == 0, run.stderr
    found = [json.loads(line)["id"] for line in (tmp_path / "articles.jsonl").read_text("utf-8").splitlines()]
    assert len(set(found)) == len(found) == 40
