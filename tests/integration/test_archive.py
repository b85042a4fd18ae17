"""A crawl that is archived, replayed and cleaned again: the same lines, byte for byte."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator

from crawler.files.warc import cdxj
from tests.support.servers import ROOT

SOURCES = ",".join(
    f"http://{name}.example/"
    for name in ("valley-courier", "long", "rights", "numbered", "torn", "maze", "shared", "mixed", "few", "moved")
)
"""Feeds that announce, articles of several pages, rights, redirects, sitemaps, pages that fail or are none."""


def records(folder: Path) -> list[Any]:
    found = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            found += [(one.headers["WARC-Type"], one.headers.get("WARC-Target-URI")) for one in ArchiveIterator(file)]
    return found


def archived(folder: Path) -> tuple[str, ...]:
    return ("-s", f"COPYDESK_ARCHIVE={folder}")


def replayed(folder: Path) -> tuple[str, ...]:
    return ("-s", f"COPYDESK_REPLAY={folder}", "-s", "COPYDESK_LEDGER=")


def test_three_outputs_are_alike(scrapy: Callable[..., Any], site: Any, tmp_path: Path) -> None:
    folder, outputs = tmp_path / "archive", [tmp_path / f"{name}.jsonl" for name in "abcd"]
    live = scrapy("crawl", "news", "-a", f"site={SOURCES}", "-O", str(outputs[0]), *archived(folder))
    assert live.status == 3, live.stderr  # a feed of the maze is damaged
    asked = site.log.read_text()
    rejections = sorted((tmp_path / "a.rejections.jsonl").read_bytes().splitlines())
    again = scrapy("crawl", "news", "-a", f"site={SOURCES}", "-O", str(outputs[1]), *replayed(folder), proxy=False)
    assert again.status == live.status, again.stderr
    assert sorted((tmp_path / "b.rejections.jsonl").read_bytes().splitlines()) == rejections
    cleaned = scrapy("clean", str(folder), "-O", str(outputs[2]), "--workers", "2")
    assert cleaned.status == 0, cleaned.stderr
    sharded = scrapy("clean", str(folder), "-O", f"{tmp_path / 'out'}/")
    assert sharded.status == 0, sharded.stderr
    assert site.log.read_text() == asked  # nothing went over the network
    lines = outputs[0].read_bytes()
    assert outputs[1].read_bytes() == lines
    assert outputs[2].read_bytes() == lines
    (marker,) = (tmp_path / "out").glob("*.done.json")
    account = json.loads(marker.read_text())["account"]
    counted = [account["articles"], account["joined"], *account["rejected"].values(), *account["skipped"].values()]
    assert account["responses"] == sum(counted) == sum(kind in ("response", "revisit") for kind, _ in records(folder))
    assert account["articles"] == lines.count(b"\n")
    sources = {json.loads(line)["source"] for line in lines.splitlines()}
    assert len(sources) == account["articles"]
    assert all(source.startswith(f"{folder}/copydesk-") and "#<urn:uuid:" in source for source in sources)


def test_what_is_unchanged_is_a_revisit_and_can_be_replayed(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    folder, out = tmp_path / "archive", tmp_path / "a.jsonl"
    source = "http://sized-12-archive.example/"
    for _ in range(2):
        run = scrapy("crawl", "news", "-a", f"site={source}", "-o", str(out), *archived(folder))
        assert run.status == 0, run.stderr
    kinds = [kind for kind, url in records(folder) if url == source and kind in ("response", "revisit")]
    assert kinds == ["response", "revisit"]
    for path in folder.glob("*.cdxj"):
        assert [one["url"] for one in cdxj.read(path)]
    refresh = scrapy("crawl", "news", "-a", f"site={source}", "-O", str(tmp_path / "b.jsonl"), *replayed(folder))
    assert refresh.status == 0, refresh.stderr
    assert (tmp_path / "b.jsonl").read_bytes() == out.read_bytes()


def test_a_killed_crawl_loses_no_page_of_its_archive(
    scrapy: Callable[..., Any], site: Any, tmp_path: Path, process: type[subprocess.Popen[Any]]
) -> None:
    folder, out = tmp_path / "archive", tmp_path / "a.jsonl"
    source = "http://sized-40-killed.example/"
    command = [
        *(sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"site={source}", "-o", str(out)),
        *("-s", f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}", "-s", "COPYDESK_OUTPUT_SYNC_LINES=5"),
        *archived(folder),
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "http_proxy": site.address}
    with process(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL) as crawl:
        until = time.monotonic() + 60
        while not (out.exists() and out.read_bytes().count(b"\n") >= 10) and time.monotonic() < until:
            time.sleep(0.02)
        crawl.send_signal(signal.SIGKILL)
    (torn,) = folder.glob("*.warc.gz.open")
    os.truncate(torn, torn.stat().st_size - 100)
    run = scrapy("crawl", "news", "-a", f"site={source}", "-o", str(out), *archived(folder))
    assert run.status == 0, run.stderr
    assert "an earlier run was killed while it wrote this file" in run.stderr
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(lines) == len({one["id"] for one in lines}) == 40
    cleaned = scrapy("clean", str(folder), "-O", str(tmp_path / "c.jsonl"), "--workers", "2")
    again = [json.loads(line) for line in (tmp_path / "c.jsonl").read_text().splitlines()]
    assert len(again) == 40, cleaned.stderr
    found = {one["id"]: one for one in again}
    assert set(found) == {one["id"] for one in lines}, cleaned.stderr
    assert all(found[one["id"]]["text"] == one["text"] for one in lines)
    for _ in range(2):  # the second time nothing is to be done
        sharded = scrapy("clean", str(folder), "-O", f"{tmp_path / 'out'}/")
        assert sharded.status == 0, sharded.stderr
        parts = [gzip.decompress(path.read_bytes()) for path in (tmp_path / "out").glob("*.jsonl.gz")]
        articles = [one["id"] for part in parts for line in part.splitlines() if "text" in (one := json.loads(line))]
        assert sorted(articles) == sorted(found)
        assert ": 40 articles" in sharded.stderr


def test_a_page_that_is_not_in_the_archive_is_left_for_another_run(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    source = "http://sized-12-archive.example/"
    live = scrapy("crawl", "news", "-a", f"site={source}", "-a", "max_articles=3", "-O", str(tmp_path / "a.jsonl"),
                  *archived(folder))  # fmt: skip
    assert live.status == 0, live.stderr
    run = scrapy("crawl", "news", "-a", f"site={source}", "-O", str(tmp_path / "b.jsonl"), *replayed(folder))
    assert run.status == 0, run.stderr
    account = json.loads((tmp_path / "b.run.json").read_text())["sites"][source]
    assert account["pending"] == {"not_archived": 9}
    assert run.lines("b.rejections.jsonl") == []


BAD = (
    (("-s", "COPYDESK_ARCHIVE=/proc/none"), "setting COPYDESK_ARCHIVE=/proc/none"),
    (("-s", "COPYDESK_ARCHIVE=nowhere://x"), "setting COPYDESK_ARCHIVE=nowhere://x"),
    (("-s", "COPYDESK_REPLAY=/tmp/no-such-archive"), "setting COPYDESK_REPLAY=/tmp/no-such-archive: "),
    (("-s", "COPYDESK_REPLAY=tests", "-s", "COPYDESK_ARCHIVE=x"), "set one of them"),
    (("-s", "COPYDESK_REPLAY=tests"), "COPYDESK_REPLAY=tests: tests: no WARC file"),
    (("-s", "COPYDESK_ARCHIVE_MAXSIZE=0"), "setting COPYDESK_ARCHIVE_MAXSIZE=0"),
)


@pytest.mark.parametrize(("settings", "message"), BAD)
def test_an_archive_that_cannot_be_used_is_told_before_anything_is_fetched(
    scrapy: Callable[..., Any], settings: tuple[str, ...], message: str
) -> None:
    run = scrapy("crawl", "news", "-a", "site=http://valley-courier.example/", *settings)
    assert run.status == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr
