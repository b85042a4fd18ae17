"""What becomes of an item is announced once, with the item that the spider yielded."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from scrapy import signals
from scrapy.utils.test import get_crawler

from cleaners import Article, clean
from cleaners.types import Rejection, Stage
from crawler.items import ArticleItem, ItemTracker
from crawler.signals import item_lost, item_replaced, item_written
from tests.unit.cleaners.pages import page, story

ARTICLE = clean(page(story()))
REJECTION = Rejection(url="https://news.example/x", stage=Stage.FETCH, reason="http_404", detail="", fetched_at=None)
Step = tuple[object, dict[str, Any]]


def after(*steps: Step, fail: object = None) -> list[tuple[str, object]]:
    """What the tracker announces when Scrapy sends some signals."""
    crawler, heard = get_crawler(), []
    tracker = ItemTracker.from_crawler(crawler)

    def written(item: object) -> None:
        heard.append(("written", item))

    def lost(item: object) -> None:
        heard.append(("lost", item))

    crawler.signals.connect(written, item_written)
    crawler.signals.connect(lost, item_lost)
    if fail is not None:
        tracker.item_not_exported(fail)

    async def send() -> None:
        for signal, values in steps:
            await crawler.signals.send_catch_log_async(signal, **values)

    asyncio.run(send())
    return heard


ITEM = ArticleItem(ARTICLE) if isinstance(ARTICLE, Article) else None
MADE = {"headline": "Rope walk"}


@pytest.mark.parametrize(
    ("steps", "announced"),
    [
        ([(signals.item_scraped, {"item": ITEM})], [("written", ARTICLE)]),
        ([(signals.item_scraped, {"item": ARTICLE})], [("written", ARTICLE)]),
        ([(signals.item_scraped, {"item": REJECTION})], [("written", REJECTION)]),
        ([(signals.item_dropped, {"item": ARTICLE})], [("lost", ARTICLE)]),
        ([(signals.item_error, {"item": ARTICLE})], [("lost", ARTICLE)]),
        ([(signals.item_scraped, {"item": MADE})], []),  # another spider's item
        (
            [(item_replaced, {"item": ITEM, "made": MADE}), (signals.item_scraped, {"item": MADE})],
            [("written", ARTICLE)],
        ),
        (
            [(item_replaced, {"item": ITEM, "made": MADE}), *[(signals.item_scraped, {"item": MADE})] * 2],
            [("written", ARTICLE)],
        ),
    ],
)
def test_what_becomes_of_an_item_is_announced(steps: list[Step], announced: list[tuple[str, object]]) -> None:
    assert isinstance(ARTICLE, Article)
    assert after(*steps) == announced


def test_an_item_that_an_exporter_could_not_write_is_lost() -> None:
    scraped: Step = (signals.item_scraped, {"item": ITEM})
    assert after(scraped, scraped, fail=ITEM) == [("lost", ARTICLE), ("written", ARTICLE)]


def test_an_item_is_announced_with_nothing_in_between() -> None:
    """Two items are scraped in one step of the event loop: each record is there before the next line is written."""
    crawler, order = get_crawler(), []

    def exported(item: object) -> None:
        order.append(("line", item))

    def written(item: object) -> None:
        order.append(("record", item))

    crawler.signals.connect(exported, signals.item_scraped)
    tracker = ItemTracker.from_crawler(crawler)
    crawler.signals.connect(written, item_written)

    async def scrape(item: object) -> None:
        await crawler.signals.send_catch_log_async(signals.item_scraped, item=item)

    async def both() -> None:
        await asyncio.gather(scrape(ARTICLE), scrape(REJECTION))

    asyncio.run(both())
    assert tracker is not None
    assert order == [("line", ARTICLE), ("record", ARTICLE), ("line", REJECTION), ("record", REJECTION)]
