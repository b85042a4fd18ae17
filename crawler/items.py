"""Articles as items: what Scrapy's item pipelines and exporters get, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy import signals

from cleaners.record.serialize import to_values
from cleaners.types import Article, Rejection
from crawler.signals import item_lost, item_replaced, item_settled, item_written

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

ItemKey = tuple[type, str]
"""Key of an item among those that are not written yet."""


class ArticleItem(dict[str, Any]):
    """An article on its way through the item pipelines: a dictionary with the keys and values of its line.

    A pipeline may change values and add keys, which are written after those of the record.
    """

    def __init__(self, article: Article) -> None:
        super().__init__(to_values(article))
        self.article = article
        """The article as it was cleaned."""


def item_key(item: object) -> ItemKey:
    """The key of an item. That of an article stays the same, whatever a pipeline writes into it."""
    match item:
        case ArticleItem():
            return Article, item.article.id
        case Article():
            return Article, item.id
        case Rejection():
            return Rejection, item.url
    return type(item), str(id(item))


class ItemTracker:
    """Follows each article and rejection through the item pipelines and the exporters.

    The only listener to Scrapy's signals for items: it sends ``item_written`` and ``item_lost``, in the order in which
    components were connected, with the item that the spider yielded.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._signals = crawler.signals
        self._articles: dict[ItemKey, Article] = {}
        """The articles that pipelines replaced by other items, by the key of that item."""
        self._failed: set[ItemKey] = set()
        """Items that an exporter could not write; Scrapy counts them as scraped."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connect to the signals for items."""
        tracker = cls(crawler)
        crawler.signals.connect(tracker.item_replaced, item_replaced)
        crawler.signals.connect(tracker.item_scraped, signals.item_scraped)
        crawler.signals.connect(tracker.item_dropped, signals.item_dropped)
        crawler.signals.connect(tracker.item_dropped, signals.item_error)
        return tracker

    def item_replaced(self, item: ArticleItem, made: object) -> None:
        """The pipelines replaced an article with another item, in which it is written."""
        self._articles[item_key(made)] = item.article

    def item_not_exported(self, item: object) -> None:
        """An exporter failed on an item: it is lost."""
        self._failed.add(item_key(item))

    async def item_scraped(self, item: object) -> None:
        """The exporters were given an item."""
        is_failed = item_key(item) in self._failed
        self._failed.discard(item_key(item))
        await self._announce(item_lost if is_failed else item_written, item)

    async def item_dropped(self, item: object) -> None:
        """A pipeline dropped an item, or failed on it."""
        await self._announce(item_lost, item)

    async def _announce(self, signal: object, item: object) -> None:
        article = self._articles.pop(item_key(item), None)
        if article is None and isinstance(item, ArticleItem):
            article = item.article
        if article is not None or isinstance(item, (Article, Rejection)):
            # at once, with nothing in between: a commit must not find a line whose record it does not have
            self._signals.send_catch_log(signal, item=article or item)
            await self._signals.send_catch_log_async(item_settled)
