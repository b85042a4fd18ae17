"""The spider's decisions that a crawl shows only in rare cases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.utils.test import get_crawler

from cleaners.site.memory import SiteMemory
from cleaners.site.rules import SiteRuleBook
from cleaners.types import Rejection, Stage
from crawler.context import CrawlContext
from crawler.fetching.browser.choice import Renderings
from crawler.output.publishing.handler_outcome import HandlerOutcome, with_http_scheme
from crawler.output.publishing.site_memories import SiteMemories
from crawler.output.publishing.waiting_urls import WaitingUrls
from crawler.run_report.account import Tally
from crawler.spiders.components import CrawlComponents
from crawler.spiders.news import NewsSpider
from crawler.spiders.waiting_articles import WaitingArticles
from crawler.types import DiscoveredUrl, Render, Role, Source
from tests.unit.crawler.contexts import context

SOURCE = Source(url="https://news.example/")


async def nothing_known(site: str) -> SiteMemory:
    return SiteMemory()


async def nothing_held() -> AsyncIterator[Any]:
    for item in ():
        yield item


def spider() -> NewsSpider:
    found = NewsSpider(site="news.example")
    found.bounds = SimpleNamespace(max_bytes=lambda role: 0)
    found.renderings = Renderings(mode=Render.NEVER, rules=SiteRuleBook())
    return found


@pytest.mark.parametrize("reason", ["finished", "shutdown"])
def test_a_crawl_that_ends_before_it_starts_ends_quietly(reason: str) -> None:
    found = spider()
    if reason == "finished":
        found.services = CrawlComponents(
            workers=None,
            delivery=None,
            report=SimpleNamespace(tally=Tally(), close_account=lambda waiting, *, is_finished: None),
            outcome=SimpleNamespace(failed_sources={"https://news.example/": "timeout"}),
            robots=None,
            budget=None,
            archive=None,
            rights="off",
        )
    found.closed(reason)


def test_a_source_over_http_is_requested_without_the_validators_of_https() -> None:
    target = DiscoveredUrl(url="https://news.example/", role=Role.START, etag='"a"', last_modified="Mon")
    request = spider().request(with_http_scheme(CrawlContext(source=SOURCE, target=target)))
    assert request.url == "http://news.example/"
    assert not request.headers


@pytest.mark.parametrize(
    ("role", "counted"), [("article", [False]), ("section", [False]), ("feed", []), ("sitemap", [])]
)
def test_a_feed_that_fails_is_no_page_without_an_article(role: str, counted: list[bool]) -> None:
    yields: list[bool] = []
    found = spider()
    rejection = Rejection(
        url="https://news.example/x", stage=Stage.FETCH, reason="http_404", detail="", fetched_at=None
    )
    found.services = SimpleNamespace(
        listing_turn=lambda role: nullcontext(),
        record_yield=lambda context, *, is_productive: yields.append(is_productive),
        delivery=SimpleNamespace(expect=lambda item, record: None),
        report=SimpleNamespace(count_item=lambda source, item, settled: None),
        archive_outcome=lambda *_, **__: None,
    )

    found.waiting = WaitingUrls(may_hold=False)
    memories = SiteMemories(nothing_known, most_held=0)
    found.held_articles = WaitingArticles(get_crawler(), memories, found.waiting, lambda article: nothing_held())

    async def handled() -> HandlerOutcome:
        return HandlerOutcome(items=((rejection, None),), is_productive=False)

    async def applied() -> list[Any]:
        return [item async for item in found.apply(handled(), context(SOURCE, role))]

    assert asyncio.run(applied()) == [rejection]
    assert yields == counted
