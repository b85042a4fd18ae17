"""Scrapy's own commands in this project."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

STORY = "http://harbour-post.example/news/quay-lights/"


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("fetch", STORY, "--nolog"), "quay lights"),
        (("parse", "--spider=news", STORY), "Councillors vote to keep quay lights burning all night"),
        (("parse", "--spider=news", "http://harbour-post.example/"), "<GET http://harbour-post.example/feed.xml>"),
        (("shell", STORY, "--nolog", "-c", "f'{response.status} {spider.name}'"), "200 default"),
        (("list",), "news"),
    ],
)
def test_command(scrapy: Callable[..., Any], args: tuple[str, ...], expected: str) -> None:
    run = scrapy(*args, timeout=60)
    assert run.status == 0, run.stderr
    assert expected in run.stdout
    assert "Traceback" not in run.stderr


def test_bench_shows_the_pace(scrapy: Callable[..., Any]) -> None:
    run = scrapy("bench", "-s", "CLOSESPIDER_TIMEOUT=3", timeout=60)
    assert run.status == 0, run.stderr
    paces = [int(pages) for pages in re.findall(r"Crawled (\d+) pages", run.stderr)]
    assert paces[-1] > 20, run.stderr


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
