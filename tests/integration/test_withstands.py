"""What a crawl withstands beside the hostile server's routes: names that lie, storms, sites without end; and what it
keeps to itself."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import ROOT, check_account
from tests.support.commands import SCRAPY

LYING = Path(__file__).resolve().parents[1] / "support" / "site" / "lying_names"


@pytest.fixture
def canary() -> Iterator[tuple[int, list[Any]]]:
    """A listener on loopback, and what connected to it."""
    listener = socket.create_server(("127.0.0.1", 0))
    met: list[Any] = []

    def watch() -> None:
        while True:
            try:
                connection, peer = listener.accept()
            except OSError:
                return
            met.append(peer)
            connection.close()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    yield listener.getsockname()[1], met
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


@pytest.mark.real_command("what is first on its path changes what it imports")
@pytest.mark.parametrize("command", ["crawl", "sources"])
def test_a_name_that_resolves_to_this_machine_is_not_connected_to(
    scrapy: Callable[..., Any], tmp_path: Path, canary: tuple[int, list[Any]], command: str
) -> None:
    port, met = canary
    url = f"http://inside.example:{port}/"
    asked = (
        ("crawl", "news", "-a", f"site={url}", "-O", str(tmp_path / "a.jsonl"))
        if command == "crawl"
        else ("sources", url)
    )
    run = scrapy(*asked, "-s", f"COPYDESK_ALLOW_PORTS=80,443,{port}", proxy=False, first_on_path=LYING)
    assert run.status == 3, run.stderr
    assert (
        f"inside.example resolves to 127.0.0.1, which is a loopback address; "
        f"COPYDESK_ALLOW_HOSTS=inside.example:{port} opens it" in run.stderr
    )
    assert "Traceback" not in run.stderr
    assert met == []


@pytest.mark.real_command("what is first on its path changes what it imports")
def test_a_name_that_the_user_opens_is_connected_to(scrapy: Callable[..., Any], tmp_path: Path, site: Any) -> None:
    port = site.address.rpartition(":")[2]
    url = f"http://numbered.example:{port}/"
    run = scrapy(
        "crawl",
        "news",
        "-a",
        f"site={url}",
        "-s",
        f"COPYDESK_ALLOW_HOSTS=numbered.example:{port}",
        "-O",
        str(tmp_path / "articles.jsonl"),
        proxy=False,
        first_on_path=LYING,
    )
    assert run.status == 0, run.stderr
    assert len(run.lines()) == 3


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("COPYDESK_ALLOW_HOSTS=10.0.0.1/8", "'10.0.0.1/8' cannot be read"),
        ("COPYDESK_ALLOW_PORTS=http", "COPYDESK_ALLOW_PORTS=http: expected a whole number"),
    ],
)
def test_what_cannot_be_opened_is_told_at_once(scrapy: Callable[..., Any], setting: str, message: str) -> None:
    run = scrapy("crawl", "news", "-s", setting)
    assert run.status == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr


def test_tls_that_fails_is_one_clear_line(crawl: Callable[..., Any], site: Any) -> None:
    host = site.address.removeprefix("http://")
    run = crawl(f"https://{host}/", "-s", f"COPYDESK_ALLOW_HOSTS={host}", proxy=False)
    assert run.status == 3
    assert f"source failed: https://{host}/: the host gives no robots.txt: the connection broke" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    "said",
    [b"", b"\x16\x03\x03\x00\x10nonsense-nonsense", b"HTTP/1.1 200 OK\r\n\r\n", b"\x15\x03\x03\x00\x02\x02\x28"],
    ids=["nothing", "garbage", "plain HTTP", "an alert"],
)
def test_a_handshake_that_breaks_off_is_one_clear_line(crawl: Callable[..., Any], said: bytes) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(4_096)
                connection.sendall(said)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    host = f"127.0.0.1:{listener.getsockname()[1]}"
    run = crawl(f"https://{host}/", "-s", f"COPYDESK_ALLOW_HOSTS={host}", proxy=False)
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)
    assert run.status == 3
    assert len(re.findall(rf"source failed: https://{host}/: the host gives no robots.txt: .+", run.stderr)) == 1
    assert len(re.findall(rf"{host}: \d+ requests failed \([\w -]+: \d+\)", run.stderr)) == 1
    assert "Traceback" not in run.stderr


@pytest.mark.real_command("what is first on its path changes what it imports")
def test_a_name_that_is_not_resolved_in_time_is_unknown(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    run = scrapy(
        "crawl",
        "news",
        "-a",
        "site=http://hangs.example/",
        "-s",
        "DNS_TIMEOUT=0.5",
        "-s",
        "RETRY_TIMES=0",
        "-O",
        str(tmp_path / "a.jsonl"),
        proxy=False,
        first_on_path=LYING,
    )
    assert run.status == 3
    assert "source failed: http://hangs.example/: unknown host" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(("deepest", "sections"), [(2, 2), (4, 4)])
def test_sections_are_followed_to_a_depth(crawl: Callable[..., Any], site: Any, deepest: int, sections: int) -> None:
    before = len(site.asked("winding.example"))
    run = crawl("http://winding.example/", "-s", f"COPYDESK_SECTION_DEPTH={deepest}", "-s", "STATS_DUMP=1")
    asked = {url for url in site.asked("winding.example")[before:] if "/part-" in url}
    assert asked == {f"http://winding.example/part-{n + 1}/" for n in range(sections + 1)}  # the last is not followed
    assert len(run.lines()) == 4 * (sections + 2)
    assert "'limit/section_depth_count': 2," in run.stderr


def test_an_index_of_indexes_is_no_deeper_in_a_later_run(crawl: Callable[..., Any], site: Any) -> None:
    for refresh in ([], ["-a", "refresh=all"], ["-a", "refresh=all"]):
        crawl("http://nested.example/index.xml", *refresh)
        assert max(url.count("/map") for url in site.asked("nested.example")) == 3


def test_a_password_goes_to_its_origin_and_nowhere_else(crawl: Callable[..., Any], site: Any, tmp_path: Path) -> None:
    run = crawl(
        "http://reporter:hunter2@login.example/,http://few.example/world/",
        "-L",
        "DEBUG",
    )
    assert run.status == 0, run.stderr
    assert sorted(record["url"].split("/")[2] for record in run.lines()) == ["few.example"] * 3 + ["login.example"] * 2
    told = [line for line in site.log.read_text().splitlines() if line.endswith("AUTHORIZATION")]
    assert told
    assert all("://login.example/" in line for line in told)
    assert "hunter2" not in run.stdout + run.stderr
    assert "source failed" not in run.stderr
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any("ledger" in path.name for path in kept)
    assert [path for path in kept if b"hunter2" in path.read_bytes() or b"cmVwb3J0ZXI6" in path.read_bytes()] == []


def test_a_storm_of_errors_is_left_for_the_next_run(crawl: Callable[..., Any], site: Any) -> None:
    limits = ("-s", "COPYDESK_HOST_MAX_FAILURES=6", "-s", "RETRY_TIMES=1")
    run = crawl("http://storm.example/,http://indexed.example/sitemap.xml.gz", *limits)
    first = {address for address in site.asked("storm.example") if "/news/" in address}
    down = "storm.example failed 6 times in a row (HTTP 500 Internal Server Error): the next run tries again"
    assert run.stderr.count(down) == 1
    summary = r"storm\.example: \d+ requests failed \(HTTP 500 Internal Server Error: \d+\)"
    assert len(re.findall(summary, run.stderr)) == 1
    assert (
        3 <= len(first) < 20
    )  # of 40: those on their way come, since a host without a delay is asked for several at a time
    assert len(run.lines()) == 3  # the other source's
    assert "Traceback" not in run.stderr
    crawl("http://storm.example/", *limits)
    assert len({address for address in site.asked("storm.example") if "/news/" in address}) > len(first)


def test_a_bot_challenge_is_no_answer_and_its_url_stays_due(crawl: Callable[..., Any], site: Any) -> None:
    run = crawl("http://walled.example/")
    assert run.status == 5, run.stderr  # degraded: a person should look
    assert [record["title"] for record in run.lines()] == ["Lock to close for eleven weeks"]
    refused = run.lines("rejections.jsonl")
    assert {(record["reason"], record["page_class"]) for record in refused} == {("walled", "walled")}
    assert all("Cloudflare asks whether a person reads" in record["detail"] for record in refused)
    account = json.loads((run.folder / "run.json").read_text("utf-8"))["sites"]["http://walled.example/"]
    assert account["pages"]["walled"] == account["rejected"]["walled"] == len(refused)
    assert account["pending"]["host_down"] > 0
    assert account["degraded"] == [f"walled: {len(refused)} bot challenges; what was asked for stays due"]
    assert run.stderr.count("walled.example: ") >= 1
    assert "Traceback" not in run.stderr
    asked = [address for address in site.asked("walled.example") if "/news/" in address]
    assert len(asked) == len(set(asked)) < 12  # none is tried again, and the host is given up
    before = len(site.asked("walled.example"))
    crawl("http://walled.example/")
    later = {address for address in site.asked("walled.example")[before:] if "/news/" in address}
    assert later - {"http://walled.example/news/a-story-of-the-lock-0"}


def test_a_challenge_in_place_of_a_feed_is_no_empty_feed(crawl: Callable[..., Any], site: Any) -> None:
    run = crawl("http://sealed.example/")
    assert len(run.lines()) == 2
    account = json.loads((run.folder / "run.json").read_text("utf-8"))["sites"]["http://sealed.example/"]
    assert account["listings"]["walled"] == 1
    assert account["degraded"] == ["walled: 1 bot challenge; what was asked for stays due"]
    assert run.status == 5
    crawl("http://sealed.example/")
    assert site.asked("sealed.example").count("http://sealed.example/feed/") == 2


def test_a_source_behind_a_challenge_has_failed(crawl: Callable[..., Any], site: Any) -> None:
    run = crawl("http://gate.example/")
    assert run.status in {3, 5}
    assert "source failed: http://gate.example/: HUMAN asks whether a person reads, in place of the page" in run.stderr
    assert site.asked("gate.example").count("http://gate.example/") == 1


def test_a_host_in_trouble_rests_longer_each_time(crawl: Callable[..., Any], site: Any) -> None:
    crawl("http://error500.example/", "-s", "COPYDESK_UNTHROTTLED_HOSTS=none", "-s", "AUTOTHROTTLE_START_DELAY=0.1")
    moments = [
        float(line.split(" ")[0]) for line in site.log.read_text().splitlines() if "://error500.example/ " in line
    ][-3:]
    first, second = (later - earlier for earlier, later in itertools.pairwise(moments))
    assert 0.9 < first < 1.9 < second < 4.0


def test_pages_of_a_site_are_bounded_and_the_rest_comes_in_the_next_run(crawl: Callable[..., Any], site: Any) -> None:
    before = len(site.asked("many.example"))
    run = crawl("http://many.example/", "-s", "COPYDESK_SITE_MAX_PAGES=8")
    assert run.status == 0, run.stderr
    assert run.stderr.count("no more requests in this run: many.example: 8 pages were requested") == 1
    assert (
        len([one for one in site.asked("many.example")[before:] if "robots.txt" not in one and "well-known" not in one])
        == 8
    )
    first = {record["url"] for record in run.lines()}
    again = crawl("http://many.example/")
    assert len(first) == 5  # after the front page and the two usual feeds
    assert len(first | {record["url"] for record in again.lines()}) == 30


def test_hosts_of_a_site_are_bounded(crawl: Callable[..., Any]) -> None:
    run = crawl("http://farm.example/", "-s", "COPYDESK_SITE_MAX_HOSTS=4")
    assert len({record["url"].split("/")[2] for record in run.lines()}) == 4
    assert "no more requests in this run: farm.example: 4 hosts were requested" in run.stderr


@pytest.mark.real_command("SIGINT reaches the process that a shell would have started")
def test_a_crawl_that_a_signal_stopped_says_so(site: Any, tmp_path: Path) -> None:
    command = [*SCRAPY, "crawl", "news", "-a", "site=http://sized-5000-stop.example/"]
    command += ["-o", str(tmp_path / "a.jsonl"), "-s", f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}"]
    env = {**os.environ, "http_proxy": site.address, "PYTHONPATH": str(ROOT)}
    crawl = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE)
    until = time.monotonic() + 90
    output = tmp_path / "a.jsonl"
    while not (output.exists() and output.read_bytes().count(b"\n") > 60):  # more than the front page lists
        assert time.monotonic() < until
        time.sleep(0.05)
    crawl.send_signal(signal.SIGINT)
    _, log = crawl.communicate(timeout=60)
    report = json.loads((tmp_path / "a.run.json").read_text("utf-8"))
    assert (crawl.returncode, report["exit_status"], report["ended_by"]) == (130, 130, "shutdown"), log.decode()
    check_account(tmp_path, log.decode())
    assert sum(account["pending"].get("ended", 0) for account in report["sites"].values()) > 0
