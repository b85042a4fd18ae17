"""The dashboard of a project that crawls: what it reads, and what it fetches again."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.servers import ROOT

Get = Callable[[str], tuple[int, str]]


@contextmanager
def dashboard(ledger: Path, proxy: str, *args: str) -> Iterator[Get]:
    """Run the dashboard; yields what gets a page of it."""
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    command = [sys.executable, "-m", "scrapy", "dashboard", "--no-open", *args, "-s", f"COPYDESK_LEDGER={ledger}"]
    env = {**clean, "http_proxy": proxy, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if found := re.search(r"Open http://127.0.0.1:(\d+)(/\S+)/ ", line):
                break
        else:
            pytest.fail("it did not start")
        port, base = int(found[1]), found[2]

        def get(path: str) -> tuple[int, str]:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                connection.request("GET", base + path)
                response = connection.getresponse()
                return response.status, response.read().decode()

        yield get
    finally:
        process.send_signal(signal.SIGINT)
        assert "ended" in process.stdout.read()
        process.stdout.close()
        assert process.wait(30) == 0


def test_runs_and_articles_of_a_crawl_are_shown(crawl: Callable[..., Any], server: Any, tmp_path: Path) -> None:
    crawl("http://sized-3.example")
    with dashboard(tmp_path / "ledger.sqlite", server.address) as get:
        status, first = get("/")
        assert status == 200
        assert "sized-3.example" in first
        id_ = re.search(r"/article/([0-9a-f]{20})", first)
        assert id_ is not None
        assert get("/run/1")[0] == 200
        status, page = get(f"/article/{id_[1]}")  # fetched again, in a process of its own
        assert (status, "✓ text" in page) == (200, True)
        assert get(f"/article/{id_[1]}")[0] == 200
        assert get(f"/teach/{id_[1]}/")[0] == 200
        crawl("http://sized-10.example")
        assert "sized-10.example" in get("/")[1]
        assert "Search 13 articles" in get("/")[1]


def test_a_page_that_is_gone_says_why(crawl: Callable[..., Any], tmp_path: Path) -> None:
    crawl("http://sized-3.example")
    with dashboard(tmp_path / "ledger.sqlite", "http://127.0.0.1:9") as get:
        id_ = re.search(r"/article/([0-9a-f]{20})", get("/")[1])
        assert id_ is not None
        status, page = get(f"/article/{id_[1]}")
        assert status == 404
        assert "http://sized-3.example/" in page


def test_outputs_are_shown_without_a_ledger(crawl: Callable[..., Any], server: Any, tmp_path: Path) -> None:
    crawl("http://sized-3.example")
    with dashboard(tmp_path / "none.sqlite", server.address, str(tmp_path / "articles.jsonl")) as get:
        first = get("/")[1]
        assert "No run has ended yet." in first
        assert "Search 3 articles" in first


@pytest.mark.parametrize(
    ("args", "why"), [(["nothing.jsonl"], "nothing.jsonl: no such file"), (["--port", "99999"], "--port 99999")]
)
def test_wrong_arguments_are_said(scrapy: Callable[..., Any], args: list[str], why: str) -> None:
    run = scrapy("dashboard", "--no-open", *args)
    assert (run.status, why in run.stderr) == (2, True)
