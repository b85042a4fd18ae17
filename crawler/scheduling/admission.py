"""Which requests may be sent: as far as articles are still wanted, and pages may still be asked for."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator

from scrapy import Request, Spider

from crawler.config.sources import Source
from crawler.scheduling.context import CrawlContext
from crawler.scheduling.quota import Quota

COUNTED = ("article", "next")
"""Roles of requests that hold a place for an article."""


class Admission:
    """Passes requests through the quota of articles, then through that of pages; what does not pass waits in the ledger."""

    def __init__(
        self, max_articles: int | None, max_pages: int | None, refused: Callable[[], None], spider: Spider | None = None
    ) -> None:
        self.quota = Quota(max_articles, spider)
        self.max_pages = max_pages
        self._refused = refused
        """Called for each page that is not asked for, since there are enough."""
        self._pages: Counter[str] = Counter()
        self._released: deque[Request] = deque()
        self._is_draining = False

    def admit(self, requests: Iterable[Request]) -> Iterator[Request]:
        """Those of the requests that may be sent now, and others for which there is room again."""
        return self._within(self.quota.admit(requests))

    def done(self, source: Source) -> Iterator[Request]:
        """An article's last page is read: what may be sent now."""
        return self._within(self.quota.done(source))

    def _within(self, requests: Iterable[Request]) -> Iterator[Request]:
        work = deque(requests)
        while work:
            request = work.popleft()
            visit: CrawlContext = request.cb_kwargs["visit"]
            most = visit.source.max_pages or self.max_pages
            if visit.role != "next" and most is not None and self._pages[visit.source.name] >= most:
                self._refused()
                if visit.role in COUNTED:
                    work.extend(self.quota.done(visit.source))
                continue
            self._pages[visit.source.name] += 1
            yield request

    def dropped(self, request: Request, crawl: Callable[[Request], None]) -> None:
        """A request that the duplicate filter dropped leaves its place to others, which ``crawl`` sends.

        They may be dropped in their turn, thousands in a row: they are sent one after the other, not one inside the other.
        """
        visit = request.cb_kwargs.get("visit")
        if not isinstance(visit, CrawlContext):
            return
        self._pages[visit.source.name] -= 1
        if visit.role in COUNTED:
            self._released.extend(self.done(visit.source))
        if self._is_draining:
            return
        self._is_draining = True
        try:
            while self._released:
                crawl(self._released.popleft())
        finally:
            self._is_draining = False
