"""Which pages are rendered in a browser, and which of two results of a page is kept."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import Self

from scrapy.exceptions import UsageError
from scrapy.http import Response
from scrapy.settings import BaseSettings

from cleaners.site.rules import SiteRuleBook
from cleaners.text.normalise import match_key
from cleaners.types import Article, PageResult
from cleaners.urls.resolve import registrable_domain
from crawler.config.settings_values import SettingsValues
from crawler.context import CrawlContext, RenderAttempt
from crawler.ledger.types import Ledger
from crawler.types import LIST_ROLES, RENDERED, Render, RenderingYield, Source

logger = logging.getLogger("copydesk")

MIN_CONSISTENT_PAGES = 3
"""Consecutive renderings of a site's pages with one result, after which that result is expected for the others."""

MIN_LENGTH_RATIO = 1.1
"""How much longer a rendered text must be than the plain one to be a better one: widgets add a line or two."""

HANDLER = "crawler.fetching.browser.handler.RenderingDownloadHandler"

MISSING = "needs the package scrapy-playwright: pip install 'copydesk[browser]'"


@dataclass(slots=True, kw_only=True)
class Renderings:
    """Decides by the setting, the source, the site rules, and the results of earlier renderings of the site."""

    mode: Render
    rules: SiteRuleBook
    yields_by_site: dict[str, RenderingYield] = field(default_factory=dict)
    """What rendering gave, by site; that of earlier runs included."""

    @classmethod
    def of(cls, values: SettingsValues, sources: tuple[Source, ...], settings: BaseSettings) -> Self:
        """Read the settings; add the download handler of rendered pages to them where pages may be rendered.

        Raises:
            UsageError: naming what is not installed, and the remedy.
        """
        download_handlers = {**settings.getdict("DOWNLOAD_HANDLERS"), **handlers(values, sources)}
        settings.set("DOWNLOAD_HANDLERS", download_handlers, priority="cmdline")
        return cls(mode=values.render, rules=values.site_rule_book)

    async def load(self, source: Source, ledger: Ledger) -> None:
        """Read the rendering results of earlier runs for the site of a source."""
        site = registrable_domain(source.url)
        self.yields_by_site.setdefault(site, await ledger.rendering(site))

    def renders_first(self, context: CrawlContext, url: str) -> bool:
        """True for a page whose first fetch is rendered already."""
        if context.role in LIST_ROLES:
            return False
        mode = self._mode(context, url)
        site_yield = self._known(url)
        is_learnt = site_yield.helped >= MIN_CONSISTENT_PAGES and site_yield.helped > site_yield.useless
        return mode is Render.ALWAYS or (mode is Render.AUTO and is_learnt)

    def choose(self, page: PageResult, context: CrawlContext, response: Response) -> tuple[PageResult, CrawlContext]:
        """The result to go on with, and its context; ``plain`` is set there where the page is to be rendered now.

        Of a page that was rendered it is the better of both results, and the choice is counted for the site.
        """
        if context.plain is None:
            needs_rendering = self._needs_rendering(page, context, response)
            return page, replace(context, rendering=RenderAttempt.of(page, response)) if needs_rendering else context
        helped = is_better(page, context.plain)
        site_yield, site = self._known(response.url), registrable_domain(response.url)
        self.yields_by_site[site] = RenderingYield(site_yield.helped + helped, site_yield.useless + (not helped))
        return page if helped else context.plain, context.rendered(helped=helped)

    def _needs_rendering(self, page: PageResult, context: CrawlContext, response: Response) -> bool:
        is_auto = self._mode(context, response.url) is Render.AUTO
        if not is_auto or RENDERED in response.flags or not (page.scripted or is_short(context, page)):
            return False
        site_yield = self._known(response.url)
        return site_yield.helped > 0 or site_yield.useless < MIN_CONSISTENT_PAGES

    def _mode(self, context: CrawlContext, url: str) -> Render:
        rules = self.rules.find(url)
        if rules is not None and rules.render:
            return Render.ALWAYS
        return context.source.render or self.mode

    def _known(self, url: str) -> RenderingYield:
        return self.yields_by_site.get(registrable_domain(url), RenderingYield(0, 0))


def is_short(context: CrawlContext, page: PageResult) -> bool:
    """True for an article of which the feed has more than twice the text."""
    announced = context.target.announced
    if announced is None or announced.content is None or not isinstance(page.result, Article):
        return False
    return len(match_key(page.result.text)) < announced.content.chars / 2


def is_better(rendered: PageResult, plain: PageResult) -> bool:
    """True where rendering gave an article, a longer one, or more links of a page without an article."""
    rendered_result, other = rendered.result, plain.result
    if isinstance(rendered_result, Article) and isinstance(other, Article):
        return len(rendered_result.text) > MIN_LENGTH_RATIO * len(other.text)
    if isinstance(rendered_result, Article) or isinstance(other, Article):
        return isinstance(rendered_result, Article)
    return len(rendered.links) > len(plain.links)


def handlers(values: SettingsValues, sources: tuple[Source, ...]) -> dict[str, str]:
    """The download handlers of a crawl that may render pages; none for a crawl that renders none.

    Raises:
        UsageError: naming what is not installed, and the remedy.
    """
    by_rule = any(rule.render for rules in values.site_rule_book.by_host.values() for rule in rules)
    asked = {values.render, *(source.render for source in sources)} - {None, Render.NEVER}
    if not asked and not by_rule:
        return {}
    if find_spec("scrapy_playwright") is None:
        if not asked:
            logger.warning("site rules: render: %s; the pages are read as they are sent", MISSING)
            return {}
        raise UsageError(f"COPYDESK_RENDER={values.render} {MISSING}", print_help=False)
    from crawler.fetching.browser.chromium import find_chromium  # noqa: PLC0415  only where the package is installed

    if find_chromium(values.chromium) is None:
        where = values.chromium or "Chromium is not installed"
        raise UsageError(
            f"setting COPYDESK_CHROMIUM: no browser: {where}; install the package chromium, or name its program",
            print_help=False,
        )
    return dict.fromkeys(("http", "https"), HANDLER)
