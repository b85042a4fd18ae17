"""The spider that never ends: it fetches what it is asked for as a crawl does, and cleans it in the same workers."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future

from cleaners.metadata.rights import of_headers, reserving, with_rights
from cleaners.types import Article, Page, PageResult, Reason, Rejection, Stage
from crawler import __version__
from crawler.cleaning import CleaningWorkers
from crawler.config.plan import CrawlPlan
from crawler.config.settings_values import SettingsValues, add_contact
from crawler.context import header_pairs
from crawler.fetching.exceptions import describe, fetch_rejection
from crawler.fetching.network.to_page import to_page
from crawler.fetching.politeness.robots import Robots
from crawler.output.formats.exporters import to_line
from crawler.reasons import http_reason
from crawler.spiders.components import required_extension
from crawler.spiders.serve.api import OK, UNPROCESSABLE, Asked, Door, description
from crawler.spiders.serve.web import resource, site
from crawler.spiders.source import CopydeskSpider

logger = logging.getLogger("copydesk")


class ServeSpider(CopydeskSpider):
    """Answers requests at a port, and never ends by itself.

    Args:
        place: address and port at which it listens.
        token: what callers must show; empty where none is asked for.
        plan: the sessions of sites.
    """

    name = "serve"
    custom_settings = {"RETRY_TIMES": 1}  # noqa: RUF012  a caller waits
    crawler: Crawler

    def __init__(self, place: tuple[str, int], token: str, plan: CrawlPlan) -> None:
        super().__init__()
        self.place, self.plan = place, plan
        self.door = Door(token=token)
        self._listening: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: object, **kwargs: object) -> Self:
        """Stay open while nothing is requested."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        add_contact(crawler.settings)
        crawler.signals.connect(spider.stay, signals.spider_idle)
        crawler.signals.connect(spider.stop, signals.spider_closed)
        return spider

    def stay(self) -> None:
        """Wait for requests from outside.

        Raises:
            DontCloseSpider: always.
        """
        raise DontCloseSpider

    async def stop(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            await maybe_deferred_to_future(self._listening.stopListening())

    async def start(self) -> AsyncIterator[Request]:
        """Listen; what is fetched is asked for later."""
        self.workers = required_extension(self.crawler, CleaningWorkers)
        self.workers.begin()
        self.values = SettingsValues.of(self.crawler.settings)
        self.robots = self.crawler.get_downloader_middleware(Robots)
        described = description(__version__, has_token=bool(self.door.token))
        reactor: Any = import_module("twisted.internet.reactor")
        host, port = self.place
        self._listening = reactor.listenTCP(port, site(resource(self.clean, self.door, described)), interface=host)
        logger.info("serving at http://%s:%d/clean", host, self._listening.getHost().port)
        nothing: tuple[Request, ...] = ()  # what is fetched is asked for by callers
        for request in nothing:
            yield request

    async def clean(self, asked: Asked) -> tuple[int, bytes]:
        """The status and the body of an answer: a record, or the rejection of the page."""
        result = await (self._of_page(asked.page) if asked.page is not None else self._of_url(asked.url))
        return (OK if isinstance(result, Article) else UNPROCESSABLE), to_line(result)

    async def _of_page(self, page: Page) -> Article | Rejection:
        found = await self.workers.process_page(page)
        return self._with_rights(found, ())

    async def _of_url(self, url: str) -> Article | Rejection:
        request = Request(url, dont_filter=True)
        try:
            response: Response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001  whatever ends a download, the caller is told why
            reason, detail = describe(error)
            return fetch_rejection(url, url, reason, detail)
        if response.status != OK:
            return fetch_rejection(url, response.url, http_reason(response.status), f"HTTP {response.status}")
        found = await self.workers.process_page(to_page(response))
        of_response, is_article = of_headers(header_pairs(response)), isinstance(found.result, Article)
        named = (*of_response, *found.rights)
        of_host = await self.robots.rights(response.url, named) if self.robots and is_article else ()
        return self._with_rights(found, (*of_host, *of_response))

    def _with_rights(self, found: PageResult, rights: tuple[Any, ...]) -> Article | Rejection:
        """The article with its rights; its rejection where they reserve what is obeyed."""
        article = found.result
        if isinstance(article, Rejection) or self.values.rights == "off":
            return article
        known = (*rights, *found.rights)
        reserved = reserving(known, self.values.obeyed_uses)
        if reserved is None:
            return with_rights(article, known)
        return Rejection(
            url=article.url,
            stage=Stage.PAGE_TYPE,
            reason=Reason.RESERVED,
            detail=f"{reserved.origin}: {reserved.value}",
            fetched_at=article.fetched_at,
        )
