"""Scrapy's own commands in this project."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.servers import ROOT

STORY = "http://harbour-post.example/news/quay-lights/"


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("fetch", STORY, "--nolog"), "quay lights"),
        (("parse", "--spider=news", STORY), "Councillors vote to keep quay lights burning all night"),
        (("parse", "--spider=news", "http://harbour-post.example/"), "<GET http://harbour-post.example/feed.xml>"),
        (("shell", STORY, "--nolog", "-c", "f'{response.status} {spider.name}'"), "200 default"),
        (("list",), "news"),
        (("check",), "OK"),
        (("crawl", "news", "-h"), "-a sections=…         only these sections"),
    ],
)
def test_command(scrapy: Callable[..., Any], args: tuple[str, ...], expected: str) -> None:
    run = scrapy(*args, timeout=60)
    assert run.status == 0, run.stderr
    assert expected in run.stdout + (run.stderr if args == ("check",) else "")
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("command", "url", "why"),
    [
        ("fetch", "http://127.0.0.1:1/", "127.0.0.1 is a loopback address"),
        ("fetch", "http://news.example:22/", "port 22"),
        ("fetch", "http://forbidden.example/story", "robots.txt forbids it"),
        ("shell", "http://127.0.0.1:1/", "127.0.0.1 is a loopback address"),
    ],
)
def test_a_url_that_is_refused_is_named(scrapy: Callable[..., Any], command: str, url: str, why: str) -> None:
    run = scrapy(command, url, *(("-c", "response") if command == "shell" else ()))
    assert f"refused: {url}: " in run.stderr
    assert why in run.stderr


def test_a_crawl_without_an_output_says_that_it_keeps_nothing(scrapy: Callable[..., Any]) -> None:
    run = scrapy("crawl", "news", "-a", "site=http://sized-3-none.example/")
    assert "no output is named: the articles are counted and not kept; name one with -o articles.jsonl" in run.stderr


SCRIPT = """
import sys
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

if __name__ == "__main__":  # the workers import this file
    settings = get_project_settings()
    settings.set("FEEDS", {sys.argv[1]: {"format": "jsonlines"}})
    settings.set("COPYDESK_LEDGER", sys.argv[1] + ".sqlite")
    process = AsyncCrawlerProcess(settings)
    process.crawl("news", site="http://harbour-post.example/sitemap.xml")
    process.start()
"""


@pytest.mark.real_command("a program of the user")
def test_a_program_crawls(site: Any, tmp_path: Path) -> None:
    """As docs/how-to/projects.md has it: each of two runs ends, and the second adds nothing."""
    (tmp_path / "program.py").write_text(SCRIPT)
    output = tmp_path / "articles.jsonl"
    env = {**os.environ, "http_proxy": site.address, "PYTHONPATH": str(ROOT)}
    for _ in range(2):
        command = [sys.executable, str(tmp_path / "program.py"), str(output)]
        run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
        assert run.returncode == 0, run.stderr
        assert "Warning" not in run.stderr
        assert len(output.read_text().splitlines()) == 14


def test_view_opens_a_browser(scrapy: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\ncp "${{1#file://}}" {opened}\n')
    program.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(program))
    run = scrapy("view", STORY, timeout=60)
    assert run.status == 0, run.stderr
    assert "Councillors vote to keep quay lights" in opened.read_text()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("crawl", "new"), "no spider is called 'new'; did you mean 'news'?"),
        (("crawl", "news", "-s", "CONCURRENT_REQUESTS=many"), "setting CONCURRENT_REQUESTS=many: expected a number"),
        (("crawl", "news", "-s", "COPYDESK_CONTCAT=me"), "unknown setting COPYDESK_CONTCAT; did you mean COPYDESK_CO"),
    ],
)
def test_what_a_user_mistypes_is_named(scrapy: Callable[..., Any], args: tuple[str, ...], message: str) -> None:
    run = scrapy(*args)
    assert (run.status, message in run.stderr) == (2, True), run.stderr
