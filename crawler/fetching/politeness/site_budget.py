"""The downloader middleware for the budget of a site: its pages, its hosts, and its pages without an article."""

from __future__ import annotations

import logging
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

from cleaners.urls.resolve import registrable_domain
from crawler.config.plan import plan_of
from crawler.config.settings_values import SettingsValues
from crawler.fetching.exceptions import RequestDeferred
from crawler.fetching.politeness.crawl_traps import Budget, SiteYield
from crawler.types import LIST_ROLES

logger = logging.getLogger("copydesk")

MAX_WARNINGS = 1_000
"""Most log lines about spent budgets."""


class SiteBudget:
    """Defers requests once their site's budget is spent; the next run sends them."""

    def __init__(self, crawler: Crawler, budget: Budget, hosts: frozenset[str]) -> None:
        self.crawler = crawler
        self.sites = SiteYield(budget, hosts)
        self._warned: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the budget from the settings."""
        values = SettingsValues.of(crawler.settings)
        budget = Budget(
            pages=values.site_max_pages,
            hosts=values.site_max_hosts,
            barren=values.trap_barren_pages,
            barren_site=values.site_barren_pages,
        )
        hosts = frozenset(urlsplit(source.url).hostname or "" for source in plan_of(crawler).sources)
        return cls(crawler, budget, hosts)

    def process_request(self, request: Request) -> None:
        """Accept a request that its site's budget allows.

        Raises:
            RequestDeferred: when the budget is spent.
        """
        if request.callback is NO_CALLBACK:  # robots.txt and the TDMRep file belong to a page
            return
        url = charged_url(request)
        context = request.cb_kwargs.get("context")
        refusal = self.sites.refusal(url, is_list=context is not None and context.role in LIST_ROLES)
        if refusal is None:
            self.sites.count_request(url)
            return
        reason, detail = refusal
        self.crawler.stats.inc_value(f"budget/{reason}_count")
        if detail not in self._warned and len(self._warned) < MAX_WARNINGS:
            self._warned.add(detail)
            logger.warning("no more requests in this run: %s", detail)
        raise RequestDeferred(reason, detail)


def charged_url(request: Request) -> str:
    """The URL whose site is charged for a request; after a redirect from another site, the URL that redirected."""
    chain: list[str] = request.meta.get("redirect_urls") or [request.url]
    is_foreign = registrable_domain(chain[0]) != registrable_domain(request.url)
    return chain[0] if is_foreign else request.url
