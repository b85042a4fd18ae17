"""Which requests may be sent, by the quota of articles and the page limit of each source."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator

from scrapy import Request, Spider

from crawler.context import CrawlContext
from crawler.frontier.quota import Quota
from crawler.types import MAYBE_ARTICLES, Role, Source

QUOTA_ROLES = (*MAYBE_ARTICLES, Role.NEXT)
"""Roles of requests that take a quota slot."""


class Admission:
    """Passes requests through the article quota, then through the page limit; the rest stays in the ledger.

    Args:
        max_articles: most articles of the crawl; None for no limit.
        max_pages: most pages of a source without a limit of its own; None for no limit.
        on_page_limit: called for each request that exceeds the page limit.
        spider: the spider whose requests wait.
    """

    def __init__(
        self,
        max_articles: int | None,
        max_pages: int | None,
        on_page_limit: Callable[[Request], None],
        spider: Spider | None = None,
    ) -> None:
        self.quota = Quota(max_articles, spider)
        self.max_pages = max_pages
        self._on_page_limit = on_page_limit
        self._pages: Counter[str] = Counter()
        self._released: deque[Request] = deque()
        self._is_draining = False

    def admit(self, requests: Iterable[Request]) -> Iterator[Request]:
        """The requests that may be sent now, and waiting ones that may now be sent."""
        return self._within_page_limit(self.quota.admit(requests))

    def release(self, source: Source) -> Iterator[Request]:
        """Release the quota slot of an article; yields the waiting requests that may now be sent."""
        return self._within_page_limit(self.quota.release(source))

    def _within_page_limit(self, requests: Iterable[Request]) -> Iterator[Request]:
        work = deque(requests)
        while work:
            request = work.popleft()
            context: CrawlContext = request.cb_kwargs["context"]
            source = context.source
            most = source.max_pages or self.max_pages
            if context.role is not Role.NEXT and most is not None and self._pages[source.name] >= most:
                self._on_page_limit(request)
                if context.role in QUOTA_ROLES:
                    work.extend(self.quota.release(source))
                continue
            self._pages[source.name] += 1
            yield request

    def on_duplicate(self, request: Request, send: Callable[[Request], None]) -> None:
        """Release the quota slot of a request that the duplicate filter dropped, and send waiting requests.

        The filter may drop those as well, thousands in a row: they are sent in a loop, not recursively.
        """
        context = request.cb_kwargs.get("context")
        if not isinstance(context, CrawlContext):
            return
        self._pages[context.source.name] -= 1
        if context.role in QUOTA_ROLES:
            self._released.extend(self.release(context.source))
        if self._is_draining:
            return
        self._is_draining = True
        try:
            while self._released:
                send(self._released.popleft())
        finally:
            self._is_draining = False
