"""A fleet: workers that come and go, one database, each article once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from tests.support.commands import SCRAPY, run
from tests.support.postgresql import Server
from tests.support.servers import ROOT

TAKEOVER = 6.0
"""Seconds: short, since the tests wait for it."""


class Fleet:
    """A database, a folder of outputs, and commands of the fleet."""

    def __init__(self, server: Server, site: Any, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.url = server.new()
        self.env = {**os.environ, "PYTHONPATH": str(ROOT), "http_proxy": site.address}
        self.settings = [
            part
            for one in (f"COPYDESK_LEDGER={self.url}", f"COPYDESK_FLEET_TAKEOVER={TAKEOVER}", "COPYDESK_FLEET_REST=0.5")
            for part in ("-s", one)
        ]
        self.workers: list[subprocess.Popen[bytes]] = []
        assert self.run("migrate").returncode == 0

    def command(self, *args: str) -> list[str]:
        return [*SCRAPY, "fleet", *args, *self.settings]

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        return run(self.command(*args), cwd=ROOT, env=self.env, timeout=60)

    def add(self, *urls: str, every: float = 3_600) -> subprocess.CompletedProcess[str]:
        path = self.folder / "sites.toml"
        path.write_text("".join(f"[[site]]\nurl = {json.dumps(url)}\n" for url in urls))
        return self.run("add", str(path), "--every", str(every))

    def start(self, name: str, slots: int = 1, *more: str) -> subprocess.Popen[bytes]:
        output = f"{self.folder}/%(worker)s-%(slot)s.jsonl"
        args = ("worker", "--name", name, "--slots", str(slots), "-o", output, *more)
        log = (self.folder / f"{name}.log").open("ab")
        worker = subprocess.Popen(self.command(*args), cwd=ROOT, env=self.env, stdout=log, stderr=log)
        log.close()
        self.workers.append(worker)
        return worker

    def until(self, is_done: Callable[[], bool], seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while not is_done():
            assert time.monotonic() < end, self.log()
            time.sleep(0.2)

    def sites(self) -> dict[str, tuple[int, int]]:
        """Crawls and failures of each site."""
        with psycopg.connect(self.url, options="-csearch_path=copydesk") as connection:
            return {url: row for url, *row in connection.execute("SELECT url, cycle, failures FROM fleet_sites")}  # type: ignore[misc]

    def is_crawled(self) -> bool:
        return all(cycle for cycle, _ in self.sites().values())

    def articles(self) -> list[str]:
        """The ids of all articles in all outputs."""
        paths = [path for path in self.folder.glob("*.jsonl") if ".rejections" not in path.name]
        return [json.loads(line)["id"] for path in paths for line in path.read_text("utf-8").splitlines()]

    def status(self) -> str:
        return self.run("status").stdout

    def log(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def stop(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait(30)


@pytest.fixture
def fleet(postgresql: Server, site: Any, tmp_path: Path) -> Iterator[Fleet]:
    made = Fleet(postgresql, site, tmp_path)
    yield made
    made.stop()


@contextmanager
def paused(worker: subprocess.Popen[bytes]) -> Iterator[None]:
    worker.send_signal(signal.SIGSTOP)
    yield
    worker.send_signal(signal.SIGCONT)


def test_a_killed_worker_costs_nothing_and_no_host_gets_two(fleet: Fleet, site: Any) -> None:
    hosts = [f"sized-25-fleet{number}.example" for number in range(3)]
    assert "3 sites added" in fleet.add(*(f"http://{host}/" for host in hosts)).stderr
    first = fleet.start("one")
    fleet.start("two")
    fleet.until(lambda: len(fleet.articles()) >= 10)
    first.kill()
    fleet.until(fleet.is_crawled)
    found = fleet.articles()
    assert len(found) == len(set(found)) == 75, fleet.log()
    for host in hosts:
        asked = [line.split(" ")[1] for line in site.log.read_text().splitlines() if f"://{host}/2026" in line]
        assert len(set(asked)) == 25
    status = fleet.run("status").stdout
    assert status.startswith("3 sites: 0 due, 0 failing; jobs: 0 todo, 0 doing, 0 failed")


def test_the_database_may_be_away_for_a_while(fleet: Fleet) -> None:
    fleet.add(*(f"http://sized-20-away{number}.example/" for number in range(2)))
    worker = fleet.start("one", slots=2)
    fleet.until(lambda: len(fleet.articles()) >= 5)
    fleet.server.control("restart")
    fleet.until(fleet.is_crawled)
    assert worker.poll() is None
    found = fleet.articles()
    assert len(found) == len(set(found)) == 40, fleet.log()
    worker.send_signal(signal.SIGINT)
    assert worker.wait(30) == 0


def test_a_database_that_is_gone_ends_the_worker_with_one_clear_line(fleet: Fleet) -> None:
    fleet.add("http://sized-50-gone.example/")
    worker = fleet.start("one")
    fleet.until(lambda: len(fleet.articles()) >= 1)
    fleet.server.control("stop")
    try:
        assert worker.wait(60) == 6
    finally:
        fleet.server.control("start")
    last = fleet.log().splitlines()[-1]
    assert last.startswith("copydesk: PostgreSQL at 127.0.0.1:")
    assert "no heartbeat could be written for 4.5 s" in last
    assert "s3cret-pass" not in fleet.log()
    before = set(fleet.articles())
    fleet.start("two")
    fleet.until(fleet.is_crawled)
    found = fleet.articles()
    assert len(found) == len(set(found)) == 50
    assert before <= set(found)


def test_a_worker_that_was_suspended_gives_way(fleet: Fleet) -> None:
    fleet.add("http://sized-60-paused.example/")
    first = fleet.start("one")
    fleet.until(lambda: len(fleet.articles()) >= 5)
    with paused(first):
        fleet.start("two")
        fleet.until(fleet.is_crawled)
    assert first.wait(30) == 6
    found = fleet.articles()
    assert len(found) == len(set(found)) == 60, fleet.log()


def test_a_stopped_worker_gives_its_job_back(fleet: Fleet) -> None:
    fleet.add("http://sized-100-stop.example/")
    first = fleet.start("one")
    fleet.until(lambda: len(fleet.articles()) >= 5)
    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0
    assert not fleet.is_crawled()
    fleet.start("two")
    fleet.until(fleet.is_crawled)
    found = fleet.articles()
    assert len(found) == len(set(found)) == 100, fleet.log()


def test_a_drained_fleet_begins_nothing(fleet: Fleet) -> None:
    fleet.add("http://sized-10-drain.example/", every=1)
    fleet.start("one")
    fleet.until(fleet.is_crawled)
    assert fleet.run("drain").returncode == 0
    crawled = fleet.sites()
    time.sleep(3)
    assert fleet.sites() == crawled
    assert "the fleet is drained" in fleet.run("status").stdout
    assert fleet.run("drain", "--resume").returncode == 0
    fleet.until(lambda: fleet.sites() != crawled)


def test_a_site_that_fails_is_shown_and_waits_longer(fleet: Fleet) -> None:
    fleet.add("http://error500.example/", "http://sized-3-well.example/")
    fleet.start("one", slots=2)
    fleet.until(fleet.is_crawled)
    status = fleet.run("status").stdout
    assert "1 failing" in status
    assert "http://error500.example/: failed 1 time in a row: scrapy crawl ended with status 3; next try in" in status
    assert len(fleet.articles()) == 3


def test_a_newer_ledger_ends_the_worker_and_keeps_the_job(fleet: Fleet) -> None:
    fleet.add("http://sized-3-newer.example/")
    with psycopg.connect(fleet.url, autocommit=True) as connection:
        connection.execute("UPDATE copydesk.ledger SET version = version + 1")
    worker = fleet.start("one")
    assert worker.wait(30) == 6
    assert "this Copydesk knows 1" in fleet.log()
    with psycopg.connect(fleet.url, autocommit=True) as connection:
        connection.execute("UPDATE copydesk.ledger SET version = version - 1")
        connection.execute("UPDATE copydesk.fleet_meta SET value = '99.00.00_01' WHERE key = 'procrastinate'")
    assert "its queue is of migration 99.00.00_01" in fleet.run("status").stderr


def test_a_broken_worker_ends_itself_and_postpones_no_site(fleet: Fleet) -> None:
    hosts = [f"sized-2-broken{number}.example" for number in range(8)]
    fleet.add(*(f"http://{host}/" for host in hosts))
    broken = fleet.start("broken", 2, "-s", "CONCURRENT_REQUESTS=nonsense")  # each of its crawls ends with status 2
    assert broken.wait(60) == 6
    assert "for 3 sites in a row: this worker is at fault; its log says why" in fleet.log()
    assert not any(failures for _, failures in fleet.sites().values())
    status = fleet.run("status").stdout
    assert status.startswith("8 sites: 8 due")
    assert "0 failing" in status
    fleet.start("whole", 4)
    fleet.until(lambda: len(fleet.articles()) == 16)


def test_a_row_that_names_a_secret_of_the_worker_sends_nothing(fleet: Fleet, site: Any) -> None:
    fleet.add("http://sized-2-thief.example/", "http://sized-2-honest.example/")
    row = json.dumps({"url": "http://sized-2-thief.example/", "headers": {"X-A": "env:HOME"}})
    with psycopg.connect(fleet.url, options="-csearch_path=copydesk", autocommit=True) as connection:
        connection.execute("UPDATE fleet_sites SET source = %s WHERE host = 'sized-2-thief.example'", (row,))
    worker = fleet.start("one")
    refused = "env:HOME, which COPYDESK_FLEET_SECRETS of this worker does not allow (3 times)"
    fleet.until(lambda: refused in fleet.status())
    fleet.until(lambda: len(fleet.articles()) == 2)
    assert worker.poll() is None
    assert "sized-2-thief" not in site.log.read_text()


def test_a_crawl_whose_job_is_another_workers_writes_nothing_more(fleet: Fleet) -> None:
    fleet.add("http://sized-120-fenced.example/")
    worker = fleet.start("one")
    fleet.until(lambda: len(fleet.articles()) >= 5)
    with psycopg.connect(fleet.url, options="-csearch_path=copydesk", autocommit=True) as connection:
        other = connection.execute("SELECT procrastinate_register_worker_v1()").fetchone()
        connection.execute("UPDATE procrastinate_jobs SET worker_id = %s WHERE status = 'doing'", other)
        (before,) = connection.execute("SELECT count(*) FROM articles").fetchone() or (0,)
        assert worker.wait(60) == 6
        (after,) = connection.execute("SELECT count(*) FROM articles").fetchone() or (0,)
    assert before == after < 120


BAD = (
    (("nothing",), "expected one of migrate, worker, add, remove, status, drain"),
    (("add",), "add: expected one sources file"),
    (("worker", "--slots", "0"), "--slots 0: expected 1 or more"),
    (("remove",), "remove: expected URLs of sites"),
    (("add", "x.toml", "--every", "nan"), "--every nan: expected 1 to"),
    (("worker", "-o", "%(name)s-%(slot)s.jsonl"), "only %(worker)s, %(slot)s, %(time)s"),
    (("worker", "-o", "out.jsonl"), "each slot has its own file"),
    (("worker", "-o", "s3://b/%(slot)s.jsonl"), "a URL needs %(time)s"),
    (("status", "-s", "COPYDESK_LEDGER=ledger.sqlite"), "a fleet needs a ledger on PostgreSQL"),
    (
        ("status", "-s", "COPYDESK_LEDGER=postgresql://a:pass-word@127.0.0.1:1/x"),
        "PostgreSQL at 127.0.0.1:1, database x",
    ),
)


@pytest.mark.parametrize(("args", "message"), BAD)
def test_arguments_that_do_not_fit(scrapy: Callable[..., Any], args: tuple[str, ...], message: str) -> None:
    run = scrapy("fleet", *args)
    assert run.status in (2, 6)
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert "pass-word" not in run.stderr


def test_the_compose_file_runs_workers_with_the_options_that_there_are() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    for name in ("worker-1", "worker-2"):
        command = services[name]["command"]
        assert command[:2] == ["fleet", "worker"]
        assert "--output=articles/%(worker)s-%(slot)s.jsonl" in command
        assert services[name]["hostname"] == name
    assert (ROOT / services["worker-1"]["build"]["dockerfile"]).exists()
