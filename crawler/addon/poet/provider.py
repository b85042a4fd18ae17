"""Provides page objects with pages that the crawl's worker processes have cleaned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, ClassVar

import attrs
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy_poet.page_input_providers import PageObjectInputProvider
from scrapy_poet.utils import scrapy_response_to_http_response
from zyte_common_items import Article

from cleaners.details.types import Details
from cleaners.site.memory import SiteMemory
from cleaners.types import Page, Rejection
from cleaners.urls.resolve import bare_host
from crawler.addon.poet.page import CleanedPage, CopydeskArticlePage, failed
from crawler.cleaning import CleaningWorkers
from crawler.config.project import add_missing
from crawler.config.settings_values import SettingsValues
from crawler.ledger.open import ledger_exists, ledger_url, open_ledger
from crawler.ledger.types import Ledger
from crawler.output.delivery.delivery import Delivery
from crawler.output.publishing.shared_lines import SharedLinesCache
from crawler.spiders.components import required_extension

PROVIDER = "crawler.addon.poet.provider.CleanedPageProvider"


class CleanedPageProvider(PageObjectInputProvider):
    """Cleans responses in the crawl's worker processes. Gives the cleaned page, or the Article made of it.

    The Article makes ``AutoArticlePage`` of zyte-common-items work, and callbacks that ask for an Article of a site
    without a page object.
    """

    name: ClassVar[str] = "copydesk"

    def __init__(self, injector: Any) -> None:
        super().__init__(injector)
        self._crawler: Crawler = injector.crawler
        self.provided_classes = {Article} if must_serialise(self._crawler.settings) else {Article, CleanedPage}
        self._shared = SharedLinesCache(self._site_memory)

    async def __call__(self, to_provide: set[Callable[..., Any]], response: Response) -> Sequence[Any]:
        """Provide what a page object or a callback asks for."""
        http_response = scrapy_response_to_http_response(response)
        cleaned = CleanedPage(http_response)
        cleaned.details = failed(cleaned.page, response.status) or await self._clean(cleaned.page)
        if isinstance(cleaned.details.result, Rejection) and self._crawler.stats is not None:
            self._crawler.stats.inc_value(f"copydesk/rejected/{cleaned.details.result.reason}")
        inputs: list[object] = [cleaned] if CleanedPage in to_provide else []
        if Article in to_provide:
            item = await CopydeskArticlePage(response=http_response, cleaned=cleaned).to_item()
            inputs.append(Article.from_dict(attrs.asdict(item)))  # missing lists are empty, as a fixture restores them
        return inputs

    async def _clean(self, page: Page) -> Details:
        workers = required_extension(self._crawler, CleaningWorkers)
        return await workers.clean_with_details(page, await self._shared.of(bare_host(page.url)))

    async def _site_memory(self, site: str) -> SiteMemory:
        """What earlier crawls learnt of a site."""
        return await self._ledger.site_memory(site) if self._ledger is not None else SiteMemory()

    @cached_property
    def _ledger(self) -> Ledger | None:
        """The ledger of the crawl, or that of earlier crawls of the project; None where there is none to use."""
        if not SettingsValues.of(self._crawler.settings).site_memory:
            return None
        delivery = self._crawler.get_extension(Delivery)
        if delivery is not None:
            return delivery.ledger
        if not ledger_exists(url := ledger_url(self._crawler.settings)):
            return None
        ledger = open_ledger(url)
        self._crawler.signals.connect(ledger.close, signals.spider_closed, weak=False)
        return ledger


def must_serialise(settings: BaseSettings) -> bool:
    """True where scrapy-poet serialises dependencies: for a fixture, or its cache. It cannot serialise injectables."""
    return settings.getbool("_SCRAPY_POET_SAVEFIXTURE") or bool(settings.get("SCRAPY_POET_CACHE"))


class Addon:
    """Adds the provider, and the workers, to the settings of a project."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Add the components that are missing."""
        settings.setdefault("SCRAPY_POET_PROVIDERS", {})
        add_missing(settings, "SCRAPY_POET_PROVIDERS", {PROVIDER: 550})
        add_missing(settings, "EXTENSIONS", {"crawler.cleaning.CleaningWorkers": 0})
