"""The crawl context: why a page is fetched, with what was read before; carried in the request's ``cb_kwargs``."""

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
class ArticleInProgress:
    """An article, from its first page until it is published."""

    source: Source
    target: DiscoveredUrl
    """The URL of its first page, as in the ledger, with the role of the page that was requested last."""
    first_fetch: FetchRecord
    """Record of its first page, committed after its last page was read."""
    pages: tuple[Article, ...] = ()
    """Its pages that were read so far."""
    observed: tuple[ObservedPage, ...] = ()
    """Observations for the memory of the site, one for each page; empty where there is no memory. The memory counts
    them as one page: what the pages of one article repeat says nothing about the site."""
    undeclared: frozenset[str] = frozenset()
    """Fields that the first page does not declare (:class:`cleaners.types.PageResult`)."""
    original: str | None = None
    """URL of the page of another site that the first page names as its canonical one."""
    is_single: bool = False
    """True where a page was requested that has the whole article; it replaces those that were read before."""

    def joined(self, page: Article, observed: ObservedPage | None) -> Self:
        """The article with one more page; with that one alone where it has the whole article."""
        observed_pages = () if observed is None else (observed,)
        if self.is_single:
            return replace(self, pages=(page,), observed=observed_pages)
        if observed is not None and self.observed:
            first = self.observed[0].observation
            observed_pages = (replace(observed, observation=replace(observed.observation, page=first.page)),)
        return replace(self, pages=(*self.pages, page), observed=(*self.observed, *observed_pages))

    def without_next_page(self, retry_reason: str | None) -> Self:
        """The article whose next page is missing, without the validators of its first page.

        Args:
            retry_reason: reason code of a transient failure of the next page, after which the article is fetched again.
        """
        return replace(
            self, first_fetch=replace(self.first_fetch, etag=None, last_modified=None, retry_reason=retry_reason)
        )

    @property
    def single_page(self) -> Self:
        """The article when the page that has all of it is requested; where that fails, the first page is published."""
        return replace(self, is_single=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderAttempt:
    """A page that is rendered in a browser, after it was fetched."""

    plain: PageResult | None = None
    """The result of the page as it was fetched, while it is rendered."""
    headers: tuple[tuple[str, str], ...] = ()
    """The headers of that response."""
    helped: bool | None = None
    """Whether rendering gave a better result; None while that is not decided."""

    @classmethod
    def of(cls, plain: PageResult, response: Response) -> Self:
        """The attempt for a page that was fetched."""
        return cls(plain=plain, headers=header_pairs(response))


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlContext:
    """Why a page is fetched."""

    source: Source
    target: DiscoveredUrl
    """The URL as in the ledger: before redirects, and for a further page of an article that of its first page."""
    article: ArticleInProgress | None = None
    """The article of which this is a further page."""
    rendering: RenderAttempt | None = None
    """Where the page is rendered after it was fetched."""

    @classmethod
    def of_article(cls, article: ArticleInProgress) -> Self:
        """The context in which an article is published."""
        return cls(source=article.source, target=article.target)

    @classmethod
    def of_next_page(cls, article: ArticleInProgress) -> Self:
        """The context of an article's next page."""
        target = replace(article.target, role=Role.NEXT)
        return cls(source=article.source, target=target, article=replace(article, target=target))

    @property
    def role(self) -> Role:
        """Why the page is fetched."""
        return self.target.role

    @property
    def plain(self) -> PageResult | None:
        """The result of the page as it was fetched, while it is rendered."""
        return self.rendering.plain if self.rendering is not None else None

    @property
    def rendering_helped(self) -> bool | None:
        """Whether rendering the page gave a better result; None where it was not compared."""
        return self.rendering.helped if self.rendering is not None else None

    def rendered(self, *, helped: bool) -> Self:
        """The context of a page that was rendered; not ``helped`` where that failed, or gave nothing better."""
        return replace(self, rendering=RenderAttempt(helped=helped))

    @property
    def plain_response(self) -> HtmlResponse:
        """The response that was fetched, without its body."""
        url = self.plain.result.url if self.plain is not None else self.target.url
        return HtmlResponse(url, headers=dict(self.rendering.headers if self.rendering is not None else ()))

    @property
    def priority(self) -> int:
        """The priority of its request."""
        is_further = self.role is Role.ARTICLE and page_number(self.target.url)[1] > 1
        return CONTINUATION if is_further else PRIORITY[self.role]


def header_pairs(response: Response) -> tuple[tuple[str, str], ...]:
    """Names and values of a response's headers; several values of one name are one, with commas."""
    return tuple((str(name), str(value)) for name, value in response.headers.to_unicode_dict().items())
