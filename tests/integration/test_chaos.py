"""Faults of pipelines, exporters, disks, workers and the server: the sums hold, and what was lost comes again.

The fixture ``scrapy`` checks the account of every crawl.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ARTICLES = 30
LARGE = 500_000
"""Bytes added to a page, which then takes more than a megabyte."""
TIRED = "FEED_EXPORTERS=" + json.dumps({"jsonl": "tests.support.site.pipelines.TiredExporter"})


def pipeline(name: str) -> str:
    return "ITEM_PIPELINES=" + json.dumps({f"tests.support.site.pipelines.{name}": 1})


@pytest.mark.parametrize(
    ("fault", "setting", "status"),
    [
        ("drops", pipeline("Choosy"), 0),
        ("fails", pipeline("Faulty"), 0),
        ("exporter", TIRED, 4),
        ("deadline", "COPYDESK_CLEAN_DEADLINE=0.01", None),
        ("memory", "COPYDESK_CLEAN_MEMORY=1", None),
        ("pages", "COPYDESK_SITE_MAX_PAGES=12", 0),
    ],
)
def test_what_a_fault_takes_comes_again(
    scrapy: Callable[..., Any], site: Any, tmp_path: Path, *, fault: str, setting: str, status: int | None
) -> None:
    host = f"sized-{ARTICLES}-{fault}.example"
    site.state.write_text(json.dumps({host: {"size": LARGE if fault == "memory" else 0}}))
    source = ("crawl", "news", "-a", f"site=http://{host}/")
    first = scrapy(*source, "-o", str(tmp_path / "a.jsonl"), "-s", setting)
    assert first.status == status or (status is None and first.status in {0, 3, 5}), first.stderr
    found = [record["id"] for record in first.lines("a.jsonl")]
    assert len(found) < ARTICLES
    for _ in range(3):  # a transient failure is retried in the next run, then an hour later
        scrapy(*source, "-o", str(tmp_path / "b.jsonl"), "-a", "refresh=all" if status is None else "max_pages=1000")
    again = {record["id"] for record in scrapy_lines(tmp_path / "b.jsonl")}
    assert len({*found, *again}) == ARTICLES
    assert status is None or len(found) + len(again) == ARTICLES


def scrapy_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of an output."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_disk_that_is_full_ends_the_crawl_and_loses_nothing(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    source = ("crawl", "news", "-a", f"site=http://sized-{ARTICLES}-full.example/")
    report = tmp_path / "full.json"
    rejections = ("-a", f"rejections={tmp_path / 'r.jsonl'}", "-s", f"COPYDESK_REPORT_PATH={report}")
    assert scrapy(*source, "-o", "/dev/full:jsonl", *rejections).status == 4
    (account,) = json.loads(report.read_text())["sites"].values()
    assert account["written"] == 0, account
    assert account["pending"]["output"] > 0, account
    assert scrapy(*source, "-o", str(tmp_path / "b.jsonl")).status == 0
    assert len(scrapy_lines(tmp_path / "b.jsonl")) == ARTICLES


@pytest.mark.real_command("a fault at the start, by exit status")
def test_workers_that_cannot_start_end_the_crawl(
    scrapy: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    source = ("crawl", "news", "-a", "site=http://sized-10-unstarted.example/", "-o", str(tmp_path / "a.jsonl"))
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, most))  # the language model cannot be unpacked
    try:
        run = scrapy(*source)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
    assert run.status == 1, run.stderr
    assert run.stderr.count("the cleaning workers cannot be started") == 1, run.stderr
    assert scrapy(*source).status == 0
    assert len(scrapy_lines(tmp_path / "a.jsonl")) == 10
