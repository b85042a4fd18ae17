"""A crawl of the hostile server: every route beside a hundred good stories."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cleaners.record.schema import schema
from tests.integration.conftest import ROOT
from tests.support.site import sized
from tests.support.site.hostile import GOOD, Route, good
from tests.support.site.hostile.__main__ import ROUTES
from tests.support.site.hostile.traps import FEEDS, SITEMAPS

QUICK = {
    "COPYDESK_HEADERS_TIMEOUT": 2,
    "DOWNLOAD_TIMEOUT": 4,
    "RETRY_TIMES": 1,
    "COPYDESK_HOST_MAX_FAILURES": 1_000,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
    "COPYDESK_TRAP_BARREN_PAGES": 10,
    "COPYDESK_SITE_BARREN_PAGES": 5_000,
    "COPYDESK_SITE_MAX_PAGES": 10_000,
    "STATS_DUMP": 1,
}
"""Limits that let the crawl end in seconds; docs/measurements.md has one with the limits as they are shipped."""

SECONDS, KILOBYTES = 120, 250_000
"""What the crawl may take, the workers' memory apart; it takes 20 s and 180 MB."""


@dataclass(frozen=True)
class Hostile:
    """What the server heard and the crawl left."""

    origin: str
    folder: Path
    status: int
    stderr: str
    kilobytes: int

    def lines(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / name).read_text("utf-8").split("\n")[:-1]]

    @property
    def log(self) -> list[str]:
        return (self.folder / "requests.log").read_text().splitlines()


def peaks_of(process: subprocess.Popen[bytes]) -> Iterator[int]:
    """The most memory that a process itself ever took, in kB, asked again and again until it ends."""
    while process.poll() is None:
        with suppress(OSError):  # it ended meanwhile
            if found := re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text()):
                yield int(found[1])
        time.sleep(0.2)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    folder = tmp_path_factory.mktemp("hostile")
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.support.site.hostile", "--log", str(folder / "requests.log")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert server.stdout is not None
    try:
        words = server.stdout.readline().split()
        env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        origin, canary = words[0].rstrip("/"), words[-1]
        given = {
            **QUICK,
            "COPYDESK_ALLOW_HOSTS": origin.removeprefix("http://"),
            "COPYDESK_ALLOW_PORTS": f"80,443,{canary.rpartition(':')[2]}",
            "COPYDESK_LEDGER": folder / "ledger.sqlite",
        }
        settings = [word for name, value in given.items() for word in ("-s", f"{name}={value}")]
        command = [
            sys.executable,
            "-m",
            "scrapy",
            "crawl",
            "news",
            "-a",
            f"site={origin}/",
            "-O",
            str(folder / "articles.jsonl"),
            *settings,
        ]
        crawl = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE)
        assert crawl.stderr is not None
        watch = threading.Timer(
            2 * SECONDS, crawl.kill
        )  # a crawl that does not end fails the tests, and does not keep them
        watch.start()
        peaks: list[int] = []
        threading.Thread(target=lambda: peaks.extend(peaks_of(crawl)), daemon=True).start()
        stderr = crawl.stderr.read()
        crawl.wait()
        watch.cancel()
        crawl.stderr.close()
        yield Hostile(origin, folder, crawl.returncode, stderr.decode(), max(peaks))
    finally:
        server.kill()
        server.wait(10)
        server.stdout.close()


def test_it_ends_by_itself_within_its_bounds(hostile: Hostile) -> None:
    moments = [float(line.split(" ")[0]) for line in hostile.log]
    assert hostile.status == 0, hostile.stderr
    assert moments[-1] - moments[0] < SECONDS
    assert hostile.kilobytes < KILOBYTES


def test_every_good_story_is_there_whole(hostile: Hostile) -> None:
    found = {record["url"].removeprefix(hostile.origin): record for record in hostile.lines("articles.jsonl")}
    stories = [good(number) for number in range(GOOD)]
    assert [path for path in stories if path not in found] == []
    for number, path in enumerate(stories):
        assert found[path]["title"] == sized.title(number)
        assert len(found[path]["text"].split("\n")) == 12


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.slug)
def test_each_route_comes_to_what_it_should(hostile: Hostile, route: Route) -> None:
    articles = {record["url"].removeprefix(hostile.origin) for record in hostile.lines("articles.jsonl")}
    refused = {
        line["url"].removeprefix(hostile.origin): f"{line['stage']}/{line['reason']}"
        for line in hostile.lines("rejections.jsonl")
    }
    found = "article" if articles & {route.path, *route.more} else refused.get(route.path, "")
    assert found in route.outcome.split("|")


def test_nothing_was_asked_where_nothing_may_be(hostile: Hostile) -> None:
    assert [line for line in hostile.log if "CANARY" in line or "/secret" in line] == []
    assert [line for line in hostile.log if line.endswith("COOKIE")] == []


def test_traps_are_left_by_what_they_give(hostile: Hostile) -> None:
    choice = "/*?colour&order&place&size&year"  # of two parameters there are 64, which may all be on their way
    for kind in ("/wild/*/*?", "/maze/*?", choice, "/calendar/0/0/0?"):
        assert f"no more requests in this run: 127.0.0.1{kind}: 10 pages in a row gave no article" in hostile.stderr
    for path in ("/wild/", "/maze/", "/calendar/"):
        assert (
            10 <= len([line for line in hostile.log if f"GET {path}" in line]) <= 10 + 90
        )  # and those on their way, or waiting for a worker


def test_every_listing_was_asked_and_no_deeper_than_its_limit(hostile: Hostile) -> None:
    asked = {line.split(" ")[2].partition("?")[0] for line in hostile.log if " GET " in line}
    assert {*SITEMAPS, *FEEDS} - {"/maps/index/"} <= asked
    depths = [path.count("/") for path in asked if path.startswith("/maps/index/")]
    assert max(depths) == 4  # the index is named by robots.txt: below it are two levels more
    grown = [path.count("the-lock-and-its-keepers") for path in asked if path.startswith("/odd/grows-")]
    assert max(grown) == 2  # the third time is endless


@pytest.mark.parametrize(
    "name",
    [
        "guard/forbidden_address",
        "guard/forbidden_port",
        "guard/bad_address",
        "guard/long_address",
        "limit/header_seconds",
        "limit/seconds",
        "limit/headers",
        "limit/too_large",
        "limit/unpacked",
        "limit/codings",
        "limit/unknown_coding",
        "limit/redirects",
        "limit/sitemap_depth",
        "budget/barren",
        "fault/failure",
        "discovery/endless",
        "discovery/listing_cut",
    ],
)
def test_what_is_not_taken_is_counted(hostile: Hostile, name: str) -> None:
    assert re.search(rf"'{name}_count': [1-9]", hostile.stderr)


def test_the_house_next_door_is_refused_and_not_passed_over(hostile: Hostile) -> None:
    refused = {line["url"] for line in hostile.lines("rejections.jsonl") if line["reason"] == "forbidden_address"}
    # the third is the address of the first in another form, and the second is of no site
    assert {url.rpartition("-")[2] for url in refused if "secret-of-a-listing" in url} == {"1", "3"}


def test_output_is_valid_and_holds_no_password_and_no_control(hostile: Hostile) -> None:
    validator = Draft202012Validator(schema())
    for name in ("articles.jsonl", "rejections.jsonl"):
        data = (hostile.folder / name).read_bytes()
        text = data.decode("utf-8")  # strictly: no lone surrogate came through
        assert len(text.splitlines()) == text.count("\n")
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
        assert "hunter2" not in text
    for record in hostile.lines("articles.jsonl"):
        validator.validate(record)
        assert all(image["url"].startswith(("http://", "https://")) for image in record["images"])


def test_log_is_lines_of_text_without_a_traceback(hostile: Hostile) -> None:
    assert "Traceback" not in hostile.stderr
    assert "hunter2" not in hostile.stderr
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e]", hostile.stderr)
    log = re.sub(r"(?<=Dumping Scrapy stats:)\n\{.*?\}(?=\n\d\d:)", "", hostile.stderr, flags=re.DOTALL)
    assert all(re.match(r"\d\d:\d\d:\d\d (INFO|WARNING|ERROR) ", line) for line in log.splitlines())


def test_faults_of_the_host_are_one_line(hostile: Hostile) -> None:
    assert len(re.findall(r"127\.0\.0\.1:\d+: \d+ requests failed", hostile.stderr)) == 1


def test_no_file_was_made_but_the_outputs(hostile: Hostile) -> None:
    assert {path.name for path in hostile.folder.iterdir()} - {
        "ledger.sqlite-shm",
        "ledger.sqlite-wal",
        "ledger.sqlite.lock",
    } == {
        "requests.log",
        "articles.jsonl",
        "rejections.jsonl",
        "run.json",
        "ledger.sqlite",
    }
