"""Crawls that are run again: only what is new or changed, nothing twice, nothing lost."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import pty
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from backports import zstd

from tests.golden.cases import ROOT
from tests.support.kills import kill_once

Again = Callable[..., Any]


@pytest.fixture
def again(scrapy: Callable[..., Any], tmp_path: Path) -> Again:
    """Crawl a site into the end of ``articles.jsonl``."""

    def run(host: str, *args: str, output: tuple[str, str] = ("-o", "articles.jsonl")) -> Any:
        return scrapy("crawl", "news", "-a", f"site=http://{host}/", output[0], str(tmp_path / output[1]), *args)

    return run


def report(run: Any) -> dict[str, Any]:
    return json.loads((run.folder / "run.json").read_text())


def test_second_run_gives_nothing_and_the_third_what_is_new_or_changed(again: Again, site: Any) -> None:
    host = "sized-60-a.example"
    first = again(host)
    assert (first.status, len(first.lines())) == (0, 60)
    second = again(host)
    assert (second.status, len(second.lines())) == (0, 60)
    said = report(second)["sites"][f"http://{host}/"]
    assert (said["new"], said["changed"], said["fetched"]) == (0, 0, 0)
    assert said["not_modified"] == 2  # front page and sitemap
    site.state.write_text(json.dumps({host: {"count": 63, "edited": [5, 17], "at": "2099-01-01T00:00:00Z"}}))
    unbelievable = again(host)
    assert len(unbelievable.lines()) == 63
    now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 60))
    site.state.write_text(json.dumps({host: {"count": 63, "edited": [5, 17], "at": now}}))
    third = again(host)
    lines = third.lines()
    revised = lines[63:]
    assert [record["revision"] for record in revised] == [2, 2]
    originals = {record["id"]: record for record in lines[:63]}
    assert all("rewritten" in record["text"] and len(record["previous"]) == 20 for record in revised)
    assert {record["id"] for record in revised} <= set(originals)
    assert all(record["revision"] == 1 and "previous" not in record for record in originals.values())


def test_refresh_gives_everything_again(again: Again) -> None:
    host = "sized-6-b.example"
    assert len(again(host).lines()) == 6
    kept = again(host, output=("-O", "articles.jsonl"))
    assert len(kept.lines()) == 6
    assert "its 6 articles are in the ledger and do not come again: -O keeps them" in kept.stderr
    run = again(host, "-a", "refresh=all", output=("-O", "articles.jsonl"))
    assert [record["revision"] for record in run.lines()] == [1] * 6
    assert "-O keeps them" not in run.stderr


@pytest.mark.parametrize(("name", "unpack"), [("a.jsonl.gz", gzip.decompress), ("a.jsonl.zst", zstd.decompress)])
def test_packed_outputs_are_appended_to(again: Again, site: Any, name: str, unpack: Callable[[bytes], bytes]) -> None:
    host = f"sized-5-{name[-2:]}.example"
    run = again(host, output=("-o", name))
    site.state.write_text(json.dumps({host: {"count": 7}}))
    again(host, output=("-o", name))
    lines = unpack((run.folder / name).read_bytes()).splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == len(lines) == 7


def test_what_a_limit_left_comes_with_the_next_run(again: Again) -> None:
    host = "sized-9-c.example"
    counts = [len(again(host, "-a", "max_articles=4").lines()) for _ in range(3)]
    assert counts == [4, 8, 9]


def test_max_pages_bounds_a_run(again: Again, site: Any) -> None:
    host = "sized-9-d.example"
    run = again(host, "-a", "max_pages=5")
    assert len([url for url in site.asked(host) if not url.endswith(("robots.txt", "tdmrep.json"))]) <= 6
    assert 0 < len(run.lines()) < 9


def test_since_leaves_out_what_is_older(again: Again) -> None:
    assert again("sized-4-e.example", "-a", "since=2026-11-05").lines() == []
    assert len(again("sized-4-f.example", "-a", "since=2026-10-31").lines()) == 4


@pytest.mark.parametrize(("choice", "lines", "marked"), [("mark", 4, 3), ("drop", 1, 0), ("off", 4, 0)])
def test_near_duplicates(again: Again, choice: str, lines: int, marked: int) -> None:
    run = again("shared.example", "-s", f"COPYDESK_DUPLICATES={choice}")
    records = run.lines()
    assert (len(records), sum("duplicate_of" in record for record in records)) == (lines, marked)
    for record in records[1:] if marked else ():
        assert record["duplicate_of"]["id"] == records[0]["id"]
        assert 0.8 <= record["duplicate_of"]["similarity"] < 1


def test_a_maze_is_found_whole_and_once(again: Again, site: Any) -> None:
    """Loops of sections and of sitemap indexes, wrong content types, a feed and a sitemap that are pages, dates of the
    future."""
    run = again("maze.example", "-s", "COPYDESK_EVIDENCE=1")
    assert run.status == 0, run.stderr
    assert "Traceback" not in run.stderr
    records = {record["url"].rsplit("-", 1)[-1]: record for record in run.lines()}
    assert sorted(records) == ["0", "1", "2", "3", "4", "5"]
    assert len(run.lines()) == 6
    assert run.lines("rejections.jsonl") == []
    asked = site.asked("maze.example")
    assert len(asked) == len(set(asked)) <= 20
    assert records["5"]["published"] == "2026-11-02T10:00:00+01:00"
    assert {
        "field": "published",
        "origin": "news sitemap",
        "value": "2026-11-02T10:00:00+01:00",
        "agrees": True,
    } in records["5"]["evidence"]
    assert records["4"]["published"] is None


def test_what_a_publisher_reserves_is_recorded_or_obeyed(again: Again) -> None:
    records = {record["url"].rsplit("-", 1)[-1]: record for record in again("rights.example").lines()}
    assert [(right["origin"], right["value"]) for right in records["1"]["rights"]] == [
        ("robots.txt content-usage", "train-ai=n"),
        ("tdmrep.json tdm-reservation", "1"),
        ("tdmrep.json tdm-policy", "http://rights.example/policy"),
        ("header x-robots-tag", "noai"),
        ("meta robots", "noimageai"),
    ]
    assert records["1"]["rights"][0]["uses"] == {"ai-train": "reserved"}
    assert " ".join(records["1"]["uses"].values()) == "unknown reserved reserved reserved"
    usage = {"origin": "robots.txt content-usage", "value": "train-ai=y", "uses": {"ai-train": "allowed"}}
    assert records["2"]["rights"] == [usage]
    assert records["2"]["uses"]["ai-train"] == "allowed"


def test_reserved_pages_are_refused_where_that_is_asked(again: Again) -> None:
    run = again("rights.example", "-s", "COPYDESK_RIGHTS=obey")
    assert [record["url"] for record in run.lines()] == ["http://rights.example/open/a-story-that-is-free-2"]
    assert [(one["stage"], one["reason"], one["detail"]) for one in run.lines("rejections.jsonl")] == [
        ("page_type", "reserved", "robots.txt content-usage: train-ai=n")
    ]


@pytest.mark.parametrize(("use", "count"), [("search", 2), ("ai-input", 1), ("ai-train", 1), ("tdm", 1)])
def test_pages_are_refused_by_what_they_are_used_for(again: Again, use: str, count: int) -> None:
    run = again("rights.example", "-s", "COPYDESK_RIGHTS=obey", "-s", f"COPYDESK_USE={use}")
    assert len(run.lines()) == count


@pytest.mark.real_command("a lock of another process")
def test_second_run_at_work_exits_at_once_and_names_the_first(again: Again, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.sqlite"
    script = (
        "import asyncio, os, sys, time; from crawler.ledger.lock import lock; from crawler.ledger.open import "
        "open_ledger\n"
        "held = lock(sys.argv[1]); asyncio.run(open_ledger(sys.argv[1]).start_run(os.getpid(), 1)); print('held', "
        "flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", script, str(ledger)], stdout=subprocess.PIPE, cwd=ROOT)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        run = again("sized-3-g.example")
        assert run.status == 75
        assert f"process {other.pid} is at work on this ledger" in run.stderr
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    assert again("sized-3-g.example").status == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"this is no database, but a text that somebody saved under its name" * 20, "file is not a database"),
        (b"SQLite format 3\x00" + b"\x00" * 2_000, "the ledger cannot be used"),
    ],
)
def test_ledger_that_cannot_be_used_is_left_alone(
    again: Again, tmp_path: Path, site: Any, content: bytes, message: str
) -> None:
    ledger = tmp_path / "ledger.sqlite"
    ledger.write_bytes(content)
    run = again("sized-3-h.example")
    assert run.status == 6
    assert str(ledger) in run.stderr
    assert message in run.stderr
    assert "scrapy ledger rebuild" in run.stderr
    assert "Traceback" not in run.stderr
    assert ledger.read_bytes() == content
    assert site.asked("sized-3-h.example") == []


@pytest.mark.parametrize("victim", ["main", "worker", "both"])
def test_kill_loses_and_doubles_nothing(
    again: Again, site: Any, tmp_path: Path, process: type[subprocess.Popen[Any]], victim: str
) -> None:
    """Whatever is killed, running the same command again ends with each article once.

    The moments are those at which a number of requests has been made, and a little later. ``tests/nightly`` has a
    hundred of them.
    """
    host, dice = f"sized-40-{victim}.example", random.Random(victim)
    for _ in range(4):
        kill_once(site, host, tmp_path, process=process, dice=dice, victim=victim)
    run = again(host)
    assert run.status == 0, run.stderr
    assert len({record["id"] for record in run.lines()}) == len(run.lines()) == 40


def test_an_output_that_fails_doubles_nothing_in_the_next_run(again: Again) -> None:
    broken = again("mixed.example", "-a", "rejections=/dev/full", "-s", "COPYDESK_OUTPUT_SYNC_LINES=2")
    assert broken.status == 4
    assert "cannot write /dev/full" in broken.stderr
    run = again("mixed.example")
    assert run.status == 0, run.stderr
    addresses = [record["url"].rsplit("/", 1)[-1] for record in run.lines()]
    assert len(set(addresses)) == len(addresses)
    assert {"a-good-story-to-read", "a-story-cut-in-the-middle", "a-story-with-nul-bytes-in-it"} <= set(addresses)


def test_batches_are_numbered_and_whole(again: Again) -> None:
    run = again("sized-7-q.example", "-s", "FEED_EXPORT_BATCH_ITEM_COUNT=3", output=("-o", "out-%(batch_id)d.jsonl"))
    assert run.status == 0, run.stderr
    assert [len(run.lines(f"out-{number}.jsonl")) for number in (1, 2, 3)] == [3, 3, 1]


def test_runs_of_a_ledger_in_memory_are_none(scrapy: Callable[..., Any]) -> None:
    run = scrapy("runs", "-s", "COPYDESK_LEDGER=")
    assert run.status == 6
    assert "no ledger there yet" in run.stderr


def test_outputs_that_scrapy_refuses_keep_the_ledger_clean(again: Again) -> None:
    run = again("sized-4-r.example", "-s", "FEED_EXPORT_BATCH_ITEM_COUNT=3")
    assert run.status == 4
    assert "the outputs' settings are not valid" in run.stderr
    assert len(again("sized-4-r.example").lines()) == 4


def test_what_since_left_out_is_not_lost(again: Again) -> None:
    host = "sized-3-u.example"
    assert again(host, "-a", "since=2026-11-05").lines() == []
    assert len(again(host, "-a", "refresh=all").lines()) == 3


def test_a_duplicate_that_was_dropped_stays_out(again: Again) -> None:
    run = again("shared.example", "-s", "COPYDESK_DUPLICATES=drop")
    assert len(run.lines()) == 1
    run = again(
        "shared.example", "-s", "COPYDESK_DUPLICATES=drop", "-a", "refresh=all", output=("-O", "articles.jsonl")
    )
    assert len(run.lines()) == 1


def test_a_rebuilt_ledger_knows_what_was_written(again: Again, scrapy: Callable[..., Any], tmp_path: Path) -> None:
    host = "sized-8-v.example"
    assert len(again(host).lines()) == 8
    ledger = f"COPYDESK_LEDGER={tmp_path / 'again.sqlite'}"
    built = scrapy("ledger", "rebuild", str(tmp_path / "articles.jsonl"), "-s", ledger)
    assert (built.status, "8 articles of 1 files; 0 lines are none" in built.stderr) == (0, True)
    run = again(host, "-s", ledger)
    assert (run.status, len(run.lines())) == (0, 8)
    shown = scrapy("runs", "-s", ledger)
    assert shown.status == 0
    assert len(shown.stdout.splitlines()) == 2
    refused = scrapy("ledger", "rebuild", str(tmp_path / "articles.jsonl"), "-s", ledger)
    assert refused.status == 6


def test_sources_shows_what_a_site_announces(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    run = scrapy("sources", "http://sized-50.example", "--toml", str(tmp_path / "sources.toml"))
    assert run.status == 0, run.stderr
    assert "sitemap         50 articles, newest 2026-11-01 08:00  http://sized-50.example/map.xml" in run.stdout
    assert (tmp_path / "sources.toml").read_text() == '[[site]]\nurl = "http://sized-50.example/"\n'
    assert scrapy("sources", "http://error500.example").status == 3


def test_a_site_that_gives_less_than_it_used_to_is_named(again: Again, site: Any, tmp_path: Path) -> None:
    """A template that changed: its stories come without date and author."""
    host = "sized-12-w.example"
    prometheus = tmp_path / "copydesk.prom"
    for _ in range(3):
        assert again(host, "-a", "refresh=all").status == 0
    site.state.write_text(json.dumps({host: {"bare": True}}))
    run = again(host, "-a", "refresh=all", "-s", f"COPYDESK_PROMETHEUS_PATH={prometheus}")
    assert run.status == 5
    assert f"degraded: http://{host}/: published 0%, usually 100%" in run.stderr
    assert report(run)["exit_status"] == 5
    assert report(run)["degraded"]
    assert f'copydesk_site_missing{{field="published",site="http://{host}/"}} 12.0' in prometheus.read_text()


def test_a_feed_whose_addresses_are_new_each_time_gives_each_article_once(
    scrapy: Callable[..., Any], tmp_path: Path
) -> None:
    for _ in range(2):
        run = scrapy("crawl", "news", "-a", "site=http://fresh.example/feed", "-o", str(tmp_path / "articles.jsonl"))
        assert run.status == 0, run.stderr
    assert len(run.lines()) == 3
    assert report(run)["sites"]["http://fresh.example/feed"]["duplicate"] == 3


def test_outputs_that_are_stored_as_a_whole(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    """S3 and its kin: nothing is done before the upload, and an upload that fails loses nothing."""
    storages = ("-s", 'FEED_STORAGES={"copy": "tests.support.site.storage.CopyStorage"}')
    crawl = ("crawl", "news", "-a", "site=http://sized-6-y.example/", *storages)
    failed = scrapy(*crawl, "-o", "copy:///full/articles.jsonl")
    assert failed.status == 4
    assert "an output could not be stored; its articles will come again" in failed.stderr
    stored = scrapy(*crawl, "-o", f"copy://{tmp_path}/articles.jsonl")
    assert (stored.status, len(stored.lines())) == (0, 6)
    again = scrapy(*crawl, "-o", f"copy://{tmp_path}/second.jsonl")
    assert (again.status, again.lines("second.jsonl")) == (0, [])


def test_a_host_that_asks_for_rest_gets_it(again: Again, site: Any) -> None:
    run = again("busy.example")
    assert run.status == 0, run.stderr
    assert len(run.lines()) == 2
    times = [float(line.split(" ")[0]) for line in site.log.read_text().splitlines() if "://busy.example/news/" in line]
    refused, *_, last = times
    assert last - refused >= 2


@pytest.mark.real_command("SIGTERM reaches the process that a shell would have started")
def test_sigterm_ends_with_everything_on_the_disk(again: Again, site: Any, tmp_path: Path) -> None:
    """Two hosts, one of which does not answer: what the other gave is written, and the rest comes with the next run."""
    sources = "http://sized-120-t.example/,http://hang.example/"
    command = [
        sys.executable,
        "-m",
        "scrapy",
        "crawl",
        "news",
        "-a",
        f"site={sources}",
        "-o",
        str(tmp_path / "articles.jsonl"),
        "-s",
        f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}",
        "-s",
        "DOWNLOAD_TIMEOUT=3",
        "-s",
        "COPYDESK_OUTPUT_SYNC_SECONDS=60",
        "-s",
        "COPYDESK_OUTPUT_SYNC_LINES=1000",
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "http_proxy": site.address}
    crawl = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE)
    begun = time.monotonic()
    while len(site.asked("sized-120-t.example")) < 60 and time.monotonic() - begun < 60:
        time.sleep(0.1)
    begun = time.monotonic()
    crawl.terminate()
    _, stderr = crawl.communicate(timeout=60)
    assert time.monotonic() - begun < 30
    assert b"Traceback" not in stderr
    lines = [json.loads(line) for line in (tmp_path / "articles.jsonl").read_text().splitlines()]
    assert 0 < len(lines) <= 120
    run = again("sized-120-t.example")
    assert len({record["id"] for record in run.lines()}) == len(run.lines()) == 120


@pytest.mark.real_command("a terminal is looked for at the start")
def test_a_terminal_shows_one_line_that_is_kept_up_to_date(site: Any, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "scrapy",
        "crawl",
        "news",
        "-a",
        "site=http://slow.example/",
        "-o",
        str(tmp_path / "articles.jsonl"),
        "-s",
        f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}",
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "http_proxy": site.address}
    crawl = subprocess.Popen(command, cwd=ROOT, env=env, stderr=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # a terminal whose other end is closed
        while part := os.read(ours, 4_096):
            shown += part
    os.close(ours)
    assert crawl.wait(60) == 0
    assert re.search(rb"\r\x1b\[K\d+ pages \(\d+\.\d/s\), \d+ articles, 0 rejections, \d+ waiting", shown)
    assert b"\r\x1b[K" + b"" in shown.rsplit(b"pages (", 1)[1]
