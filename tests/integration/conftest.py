"""A local server for the session, and crawls in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from crawler.run_report.report_types import read_report
from tests.support.commands import SCRAPY
from tests.support.commands import run as run_command
from tests.support.servers import ROOT, serving


@dataclass(frozen=True)
class Site:
    """The running server."""

    address: str
    log: Path
    state: Path
    """JSON file with what the sites of any size publish now."""
    begun: int = 0
    """Bytes of the log that are of earlier tests."""

    def asked(self, host: str) -> list[str]:
        """Addresses asked of a host in this test so far, in order."""
        lines = self.log.read_bytes()[self.begun :].decode().splitlines()
        return [line.split(" ")[1] for line in lines if f"://{host}/" in line]


@dataclass(frozen=True)
class Run:
    """What a command did."""

    status: int
    stdout: str
    stderr: str
    folder: Path

    def lines(self, name: str = "articles.jsonl") -> list[dict[str, Any]]:
        """The JSON lines of an output, in order."""
        path = self.folder / name
        return [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]] if path.exists() else []


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    log = tmp_path_factory.mktemp("site") / "requests.log"
    log.touch()
    state = log.with_name("state.json")
    with serving("tests.support.site", "--log", str(log), "--state", str(state)) as address:
        yield Site(address=address, log=log, state=state)


@pytest.fixture
def site(server: Site) -> Site:
    """The server, as a test finds it."""
    return replace(server, begun=server.log.stat().st_size)


@pytest.fixture
def scrapy(site: Site, tmp_path: Path, process: type[subprocess.Popen[Any]]) -> Callable[..., Run]:
    """Run a scrapy command in the project, with the local server as its only way out."""

    def run(
        *args: str,
        proxy: bool = True,
        stdin: bytes | None = None,
        timeout: int = 120,
        first_on_path: Path | None = None,
    ) -> Run:
        assert first_on_path is None or process is subprocess.Popen, "mark the test real_command"
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(str(place) for place in (first_on_path, ROOT) if place)}
        for name in ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            env.pop(name, None)
        if proxy:
            env["http_proxy"] = site.address
        if args[:1] == ("crawl",) and not any("COPYDESK_LEDGER=" in arg for arg in args):
            args = (*args, "-s", f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}")
        done = run_command(
            [*SCRAPY, *args], cwd=ROOT, env=env, input=stdin, timeout=timeout, is_text=False, process=process
        )
        if args[:1] == ("crawl",):
            check_account(tmp_path, done.stderr.decode())
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode(), tmp_path)

    return run


def check_account(folder: Path, log: str) -> None:
    """Every URL that a crawl found has one outcome, and the sums of each source add up."""
    assert "have no outcome" not in log
    for path in folder.glob("*run.json"):
        report = read_report(json.loads(path.read_text("utf-8")))
        assert report is not None
        for name, account in report.sites.items():
            assert account.is_balanced, f"{name}: {account}"


@pytest.fixture
def crawl(scrapy: Callable[..., Run], tmp_path: Path) -> Callable[..., Run]:
    """Crawl sites into ``articles.jsonl`` of the test's folder."""

    def run(site: str | None, *args: str, proxy: bool = True) -> Run:
        source = ("-a", f"site={site}") if site else ()
        return scrapy("crawl", "news", *source, "-O", str(tmp_path / "articles.jsonl"), *args, proxy=proxy)

    return run
