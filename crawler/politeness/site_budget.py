"""What one run may still ask of a site: pages, hosts, and no more of what gives nothing (:mod:`crawler.politeness.crawl_traps`)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy.http.request import NO_CALLBACK

from cleaners.urls.resolve import registrable_domain
from crawler.network.exceptions import RequestDeferred
from crawler.politeness.crawl_traps import Budget, SiteYield
from crawler.scheduling.context import LISTS

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

logger = logging.getLogger("copydesk")


class SiteBudget:
    """Holds pages back once their site's budget is spent; the next run asks for them."""

    def __init__(self, crawler: Crawler, budget: Budget, hosts: frozenset[str]) -> None:
        self.crawler = crawler
        self.sites = SiteYield(budget, hosts)
        self._told: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the budget from ``SITE_MAX_PAGES``, ``SITE_MAX_HOSTS``, ``TRAP_BARREN_PAGES`` and ``SITE_BARREN_PAGES``."""
        settings = crawler.settings
        budget = Budget(
            pages=settings.getint("SITE_MAX_PAGES"),
            hosts=settings.getint("SITE_MAX_HOSTS"),
            barren=settings.getint("TRAP_BARREN_PAGES"),
            barren_site=settings.getint("SITE_BARREN_PAGES"),
        )
        asked = getattr(crawler.spider, "asked", None)
        hosts = frozenset(urlsplit(source.url).hostname or "" for source in asked.sources) if asked else frozenset()
        return cls(crawler, budget, hosts)

    def process_request(self, request: Request) -> None:
        """Let a page pass that may still be asked.

        Raises:
            NotAsked: when its site's budget is spent.
        """
        if request.callback is NO_CALLBACK:  # robots.txt and its like come with a page
            return
        url = charged(request)
        visit = request.cb_kwargs.get("visit")
        refusal = self.sites.refusal(url, is_list=visit is not None and visit.role in LISTS)
        if refusal is None:
            self.sites.asked(url)
            return
        reason, detail = refusal
        assert self.crawler.stats is not None  # noqa: S101  made before any component
        self.crawler.stats.inc_value(f"budget/{reason}_count")
        if detail not in self._told and len(self._told) < MAX_WARNINGS:
            self._told.add(detail)
            logger.warning("not asked further in this run: %s", detail)
        raise RequestDeferred(reason, detail)


def charged(request: Request) -> str:
    """The address whose site pays for a request: where a redirect comes from another site, the one that sent it here."""
    led_here = request.meta.get("redirect_urls")
    return (
        led_here[0] if led_here and registrable_domain(led_here[0]) != registrable_domain(request.url) else request.url
    )


MAX_WARNINGS = 1_000
"""Lines in the log about budgets that are spent."""
