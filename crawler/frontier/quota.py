"""The quota of articles of each source and of the crawl, so that no more pages are fetched than needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from scrapy import Request, Spider
from scrapy.signalmanager import SignalManager

from crawler.context import CrawlContext
from crawler.frontier.request_store import RequestStore
from crawler.types import MAYBE_ARTICLES, Role, Source


class Quota:
    """Counts published articles and pages in flight, and holds back requests that would exceed a limit.

    A request that is held back may be sent when a page in flight has no article.

    Args:
        limit: most articles of the whole crawl; None for no limit.
        spider: the spider whose requests wait.
    """

    def __init__(self, limit: int | None, spider: Spider | None = None) -> None:
        self.limit = limit
        self._published: Counter[str] = Counter()
        self._in_flight: Counter[str] = Counter()
        self._sources: dict[str, Source] = {}
        self._waiting = RequestStore(spider)

    def report_to(self, signals: SignalManager) -> None:
        """Report a failure of the disk with the waiting requests through ``signals``."""
        self._waiting.report_to(signals)

    @property
    def published(self) -> int:
        """Articles published so far."""
        return self._published.total()

    @property
    def is_full(self) -> bool:
        """True once the crawl has published as many articles as its limit."""
        return self.limit is not None and self.published >= self.limit

    @property
    def waiting(self) -> Counter[str]:
        """Number of requests that are held back, by source."""
        return self._waiting.sizes

    def room(self, source: Source) -> float:
        """Number of articles of a source that may still be fetched; infinite without a limit."""
        rooms = [float("inf")]
        if source.max_articles is not None:
            rooms.append(source.max_articles - self._published[source.name] - self._in_flight[source.name])
        if self.limit is not None:
            rooms.append(self.limit - self._published.total() - self._in_flight.total())
        return min(rooms)

    def take(self, source: Source) -> bool:
        """Count an article of a source as published; False where that would exceed a limit."""
        is_source_full = source.max_articles is not None and self._published[source.name] >= source.max_articles
        if is_source_full or self.is_full:
            return False
        self._published[source.name] += 1
        return True

    def admit(self, requests: Iterable[Request]) -> Iterator[Request]:
        """The requests within the quota; the others wait. Sources and further pages of articles always pass."""
        for request in requests:
            context: CrawlContext = request.cb_kwargs["context"]
            if context.role in (Role.START, Role.NEXT):
                yield request
            elif self.room(context.source) > 0:  # no request of this source is waiting, since it has room
                self._in_flight[context.source.name] += context.role in MAYBE_ARTICLES
                yield request
            else:
                self._sources.setdefault(context.source.name, context.source)
                self._waiting.push(context.source.name, request)
        yield from self._admit_waiting()

    def occupy(self, source: Source) -> None:
        """Take the slot of a page again that had released it."""
        self._in_flight[source.name] += 1

    def release(self, source: Source) -> Iterator[Request]:
        """Release the slot of a page that was read or not requested; yields waiting requests that may now be sent."""
        self._in_flight[source.name] -= 1
        yield from self._admit_waiting()

    def _admit_waiting(self) -> Iterator[Request]:
        for source in self._sources.values():
            while self.room(source) > 0 and (request := self._waiting.pop(source.name)) is not None:
                context: CrawlContext = request.cb_kwargs["context"]
                self._in_flight[source.name] += context.role in MAYBE_ARTICLES
                yield request
