"""The bundled demo site, which the crawl itself serves on loopback while it runs, and the way there."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.config.arguments import DEMO_SITE
from crawler.config.plan import plan_of
from crawler.fetching.demo.server import SITES, Server, hosts
from crawler.fetching.network import resolver


class DemoSite:
    """Starts the local server when the user named no site."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.server: Server | None = None
        self.proxy: str | None = None
        self.hosts: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Serve from the opening of the spider to its closing."""
        if not plan_of(crawler).is_demo:
            raise NotConfigured
        demo = cls(crawler)
        crawler.signals.connect(demo.spider_opened, signals.spider_opened)
        crawler.signals.connect(demo.spider_closed, signals.spider_closed)
        return demo

    def spider_opened(self, spider: Spider) -> None:
        """Listen on a free loopback port."""
        self.server = Server(SITES)
        self.hosts = hosts(SITES)
        self.proxy = f"http://127.0.0.1:{self.server.port}"
        resolver.ensure_installed(self.crawler).trust(self.proxy)
        spider.logger.info("no site named: crawling the demo site %s, served on %s", DEMO_SITE, self.proxy)

    async def spider_closed(self, spider: Spider) -> None:
        """Stop listening."""
        if self.server is not None:
            await self.server.close()


class DemoRoute:
    """Sets the local server as the proxy of the demo's requests."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Enable the middleware for a crawl of the demo only."""
        if not plan_of(crawler).is_demo:
            raise NotConfigured
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Route one request."""
        demo = self.crawler.get_extension(DemoSite)
        if isinstance(demo, DemoSite) and urlsplit(request.url).hostname in demo.hosts:
            request.meta["proxy"] = demo.proxy
