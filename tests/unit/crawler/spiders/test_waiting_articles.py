"""Articles that were held back are published once, whatever happens to one of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from scrapy.exceptions import DontCloseSpider
from scrapy.utils.test import get_crawler

from cleaners.context import CleanContext
from cleaners.pipeline import examine, finish
from cleaners.site.memory import SiteMemory
from crawler.context import ArticleInProgress
from crawler.ledger.types import FetchRecord
from crawler.output.publishing.site_memories import SiteMemories
from crawler.output.publishing.waiting_urls import MAX_WAITING_ARTICLES, Waiter, WaitingUrls
from crawler.spiders.waiting_articles import WaitingArticles
from crawler.types import DiscoveredUrl, Role, Source
from tests.unit.cleaners.pages import page, story

SOURCE = Source(url="http://news.example/")
ARTICLE, _, OBSERVED = finish(examine(page(story(), url="http://news.example/1")), CleanContext(with_observation=True))


async def nothing_known(site: str) -> SiteMemory:
    return SiteMemory()


def pending(number: int) -> ArticleInProgress:
    assert OBSERVED is not None
    target = DiscoveredUrl(url=f"http://news.example/{number}", role=Role.ARTICLE)
    record = FetchRecord(url=target.url, role=Role.ARTICLE, source=SOURCE.name, at=1, status=200)
    return ArticleInProgress(source=SOURCE, target=target, first_fetch=record, pages=(ARTICLE,), observed=(OBSERVED,))


def held(count: int, *, fails: int | None = None) -> tuple[WaitingArticles, list[str]]:
    """Articles that were held back and may go; each asks for the others when it is published, as in the spider."""
    memories = SiteMemories(nothing_known, most_held=count)
    published: list[str] = []

    async def publish(one: ArticleInProgress | Waiter) -> AsyncIterator[Any]:
        if isinstance(one, Waiter):
            published.append(one.article.target.url)
            return
        if one.target.url == f"http://news.example/{fails}":
            raise RuntimeError("no")
        published.append(one.target.url)
        yield one
        async for other in articles.publish_ready():
            yield other

    async def hold() -> None:
        for number in range(count):
            assert await memories.publish_or_wait(pending(number)) is None

    articles = WaitingArticles(get_crawler(), memories, WaitingUrls(may_hold=True), publish)
    asyncio.run(hold())
    return articles, published


async def everything(articles: WaitingArticles) -> list[Any]:
    return [one async for one in articles.publish_ready()]


def test_many_articles_are_published_in_order() -> None:
    articles, published = held(900)
    assert len(asyncio.run(everything(articles))) == 900
    assert published == [f"http://news.example/{number}" for number in range(900)]


def test_where_one_fails_the_others_come_later() -> None:
    articles, published = held(5, fails=2)
    with pytest.raises(RuntimeError):
        asyncio.run(everything(articles))
    assert len(published) == 2
    assert articles.memories.has_ready
    asyncio.run(everything(articles))
    assert len(published) == 4


def test_an_idle_crawl_without_held_articles_may_close() -> None:
    articles, _ = held(1)
    asyncio.run(everything(articles))
    articles.spider_idle()  # raises nothing


def test_an_idle_crawl_waits_for_held_articles() -> None:
    articles, _ = held(1)
    calls: list[Any] = []

    class Scraper:
        def enqueue_scrape(self, response: Any, request: Any) -> Any:
            calls.append(request.callback)
            return type("Handled", (), {"addBoth": lambda self, wake: None})()

    articles.crawler.engine = type("Engine", (), {"scraper": Scraper()})()
    with pytest.raises(DontCloseSpider):
        articles.spider_idle()
    assert calls == [articles.release]


def test_what_waits_for_a_page_comes_after_those_that_wait_for_their_site() -> None:
    articles, published = held(2)
    articles.waiting.hold("http://news.example/1", Waiter(pending(9), is_part=True))
    articles.waiting.settle("https://www.news.example/1/")
    asyncio.run(everything(articles))
    assert published == [f"http://news.example/{number}" for number in (0, 1, 9)]


def test_few_articles_wait_at_a_time() -> None:
    waiting = WaitingUrls(may_hold=True)
    for number in range(MAX_WAITING_ARTICLES + 10):
        waiting.hold(f"http://news.example/{number}", Waiter(pending(number), is_part=False))
    ready = []
    while (one := waiting.next_ready()) is not None:
        ready.append(one.article.target.url)
    assert ready == [f"http://news.example/{number}" for number in range(10)]
