"""Routes requests for the hosts of the demo site to the local server that the crawl itself runs."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.config.plan import plan_of
from crawler.fetching.demo.site import DemoSite


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
