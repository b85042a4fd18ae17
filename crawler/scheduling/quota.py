"""How many articles a source and a crawl may still give, so that no more pages are asked for than can be wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from scrapy import Request, Spider

from crawler.config.sources import Source
from crawler.scheduling.context import CrawlContext
from crawler.scheduling.request_store import RequestStore


class Quota:
    """Counts articles given and pages under way; holds back what would exceed a limit until a page turns out to be none."""

    def __init__(self, limit: int | None, spider: Spider | None = None) -> None:
        self.limit = limit
        """Most articles of the whole crawl; None for no limit."""
        self._given: Counter[str] = Counter()
        self._open: Counter[str] = Counter()
        self._sources: dict[str, Source] = {}
        self._waiting = RequestStore(spider)

    @property
    def given(self) -> int:
        """Articles given so far."""
        return self._given.total()

    @property
    def is_full(self) -> bool:
        """True once the crawl gave all that was wanted of it."""
        return self.limit is not None and self._given.total() >= self.limit

    def room(self, source: Source) -> float:
        """Articles that may still be asked of a source; infinite without a limit."""
        rooms = [float("inf")]
        if source.max_articles is not None:
            rooms.append(source.max_articles - self._given[source.name] - self._open[source.name])
        if self.limit is not None:
            rooms.append(self.limit - self._given.total() - self._open.total())
        return min(rooms)

    def take(self, source: Source) -> bool:
        """Count an article of a source, unless that would be one too many."""
        of_source = source.max_articles is not None and self._given[source.name] >= source.max_articles
        if of_source or (self.limit is not None and self._given.total() >= self.limit):
            return False
        self._given[source.name] += 1
        return True

    def admit(self, requests: Iterable[Request]) -> Iterator[Request]:
        """Let requests pass; those for articles and for what lists them as far as there is room, the rest when there is again."""
        for request in requests:
            visit: CrawlContext = request.cb_kwargs["visit"]
            if visit.role in ("start", "next"):
                yield request
            elif self.room(visit.source) > 0:  # whatever waits is of a source that has no room
                self._open[visit.source.name] += visit.role == "article"
                yield request
            else:
                self._sources.setdefault(visit.source.name, visit.source)
                self._waiting.push(visit.source.name, request)
        yield from self._released()

    def done(self, source: Source) -> Iterator[Request]:
        """A page of a source is read, or was not sent: what may be asked now."""
        self._open[source.name] -= 1
        yield from self._released()

    def _released(self) -> Iterator[Request]:
        for source in self._sources.values():
            while self.room(source) > 0 and (request := self._waiting.pop(source.name)) is not None:
                self._open[source.name] += request.cb_kwargs["visit"].role == "article"
                yield request
