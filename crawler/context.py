"""The crawl context: why a page is fetched, carried in the request's ``cb_kwargs``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from scrapy.http import HtmlResponse, Response

from cleaners.html.links import page_number
from cleaners.types import Article, ObservedPage, PageResult
from crawler.ledger.types import FetchRecord
from crawler.types import DiscoveredUrl, Role, Source

PRIORITY = {
    Role.START: 30,
    Role.NEXT: 20,
    Role.FEED: 12,
    Role.ARTICLE: 10,
    Role.SITEMAP: 5,
    Role.SECTION: 2,
    Role.PAGE: 1,
}
"""Priority of requests: sources, then further pages of articles, then feeds, which say who wrote an article and when,
then new articles, then other listings, then pages of which nothing is known."""

CONTINUATION = 4
"""Priority of an article whose URL has a page number: after all others, so that the first page of an article has led to
its further pages before these are requested as articles of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlContext:
    """Why a page is fetched."""

    source: Source
    target: DiscoveredUrl
    """The URL as in the ledger: before redirects, and for a further page of an article that of its first page."""
    pages: tuple[Article, ...] = ()
    """Pages of the article that were read so far."""
    undeclared: frozenset[str] = frozenset()
    """Fields that the first page does not declare (:class:`cleaners.types.PageResult`)."""
    is_single: bool = False
    """True for a page that has the whole article; it replaces those that were read before."""
    first_fetch: FetchRecord | None = None
    """Record of the article's first page, committed after its last page was read."""
    plain: PageResult | None = None
    """The result of the page as it was fetched, while it is rendered."""
    plain_headers: tuple[tuple[str, str], ...] = ()
    """The headers of that response."""
    rendering_helped: bool | None = None
    """Whether rendering the page gave a better result; None where it was not compared."""
    observed: tuple[ObservedPage, ...] = ()
    """Observations for the memory of the site, one for each page of the article; empty where there is no memory. The
    memory counts them as one page: what the pages of one article repeat says nothing about the site."""

    @property
    def role(self) -> Role:
        """Why the page is fetched."""
        return self.target.role

    @property
    def next_page(self) -> Self:
        """The context of the article's next page."""
        return replace(self, target=replace(self.target, role=Role.NEXT))

    def to_be_rendered(self, plain: PageResult, response: Response) -> Self:
        """The context of a page that will be rendered, with the result and the headers before rendering."""
        headers = tuple((str(name), str(value)) for name, value in response.headers.to_unicode_dict().items())
        return replace(self, plain=plain, plain_headers=headers)

    @property
    def fetched_only(self) -> Self:
        """The context of a page that could not be rendered."""
        return replace(self, plain=None, plain_headers=(), rendering_helped=False)

    @property
    def plain_response(self) -> HtmlResponse:
        """The response that was fetched, without its body."""
        url = self.plain.result.url if self.plain is not None else self.target.url
        return HtmlResponse(url, headers=dict(self.plain_headers))

    @property
    def single_page(self) -> Self:
        """The context of the page with the whole article; where it cannot be read, the first page is published."""
        return replace(self.next_page, is_single=True)

    def joined(self, article: Article, observed: ObservedPage | None) -> Self:
        """The context with one more page; with that one alone where it has the whole article."""
        observed_pages = () if observed is None else (observed,)
        if self.is_single:
            return replace(self, pages=(article,), observed=observed_pages)
        if observed is not None and self.observed:
            first = self.observed[0].observation
            observed_pages = (replace(observed, observation=replace(observed.observation, page=first.page)),)
        return replace(self, pages=(*self.pages, article), observed=(*self.observed, *observed_pages))

    @property
    def priority(self) -> int:
        """The priority of its request."""
        is_further = self.role is Role.ARTICLE and page_number(self.target.url)[1] > 1
        return CONTINUATION if is_further else PRIORITY[self.role]
