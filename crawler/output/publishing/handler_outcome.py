"""The outcome of one response or failure, and the records of it for the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Self

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from cleaners.site.memory import SharedLines
from cleaners.types import Article, Page, PageResult, Rejection
from crawler.context import ArticleInProgress, CrawlContext
from crawler.fetching.network.to_page import to_page
from crawler.ledger.types import FetchRecord
from crawler.reasons import ArchiveReason, PageClass, Scope, class_of, find_reason
from crawler.run_report.account import SettledUrl, UrlOutcome
from crawler.types import LIST_ROLES, Announcement, DiscoveredUrl, Role
from crawler.util import now

MOVED_PERMANENTLY = 301
PERMANENT_REDIRECTS = frozenset((MOVED_PERMANENTLY, 308))
"""Statuses of redirects that will not change (RFC 9110, 15.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedPages:
    """The pages of an article, and the other data from which it was published."""

    pages: tuple[Article, ...]
    """The cleaned pages, before the lines that the pages of their sites share are removed."""
    announced: Announcement | None
    """What a feed or sitemap announced of the article."""
    shared: tuple[tuple[str, SharedLines], ...] = ()
    """What the pages of their sites share, by site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerOutcome:
    """The decision of a handler about a response or failure.

    :meth:`NewsSpider.apply` carries it out, in the order of the fields.
    """

    items: tuple[tuple[Article | Rejection, FetchRecord], ...] = ()
    """Items to write, each with the record that is committed once its line is on disk."""
    settled: tuple[SettledUrl, ...] = ()
    """Outcomes of URLs; empty until the last page of an article is read."""
    records: tuple[FetchRecord, ...] = ()
    """Records of URLs for which no line is written."""
    source_failure: str | None = None
    """Why the source failed, where the response was the source's own."""
    is_productive: bool | None = None
    """True for a page with an article, False for one without; None where that does not count for the site's yield."""
    links: Iterable[DiscoveredUrl] = ()
    """The URLs of a listing, read a batch at a time."""
    listing: FetchRecord | None = None
    """Record of the listing, committed after its last URL; a partial one where the page is an article, too."""
    empty_listing: str = ""
    """Why the source failed, used only where its listing has no URL."""
    is_held: bool = False
    """True for an article that waits for the memory of its site; its quota slot is not released yet."""
    joined: JoinedPages | None = None
    """Pages of an article whose last page was read; set whether the article is written or not."""
    requests: tuple[Request, ...] = ()
    """Requests that take no new quota slot: the next page of an article, or a source over http."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A response, taken apart once for all handlers."""

    response: Response
    page: Page
    """The input of the cleaner; its body is still packed if the response is a packed file."""
    record: FetchRecord
    """The record of the URL of the context."""

    @classmethod
    def of(cls, response: Response, context: CrawlContext) -> Self:
        """Take a response apart."""
        return cls(response=response, page=to_page(response), record=fetch_record(context, response))

    def after_rendering(self, context: CrawlContext) -> Self:
        """The same, with what the context says of rendering in the record."""
        return replace(self, record=replace(self.record, rendering_helped=context.rendering_helped))

    def begin_article(self, context: CrawlContext, page: PageResult) -> ArticleInProgress:
        """The article of which this is the first page that was read."""
        return ArticleInProgress(
            source=context.source,
            target=context.target,
            first_fetch=replace(self.record, role=Role.ARTICLE),
            undeclared=page.undeclared,
            original=page.original,
        )

    def followed(self, result: Article | Rejection) -> FetchRecord:
        """The record of a page that is followed: what it is, its rejection says; a front page lists others."""
        page_class = class_of(result) if isinstance(result, Rejection) else PageClass.LISTING
        return replace(self.record, page_class=page_class)

    def not_modified(self, context: CrawlContext) -> HandlerOutcome:
        """The outcome of a response 304: the page is what it was."""
        if context.role is Role.ARTICLE:
            unchanged = page_settlements(context.target, UrlOutcome.UNCHANGED)
            return HandlerOutcome(records=(self.record,), settled=unchanged, is_productive=True)
        return HandlerOutcome(records=(self.record,), settled=followed_settlements(context))

    @property
    def partial_record(self) -> FetchRecord:
        """The record of a listing that is an article, too."""
        return replace(self.record, is_partial=True)


@dataclass(slots=True)
class ListingCounts:
    """Counts over the batches of one listing so far."""

    hashes: set[bytes] = field(default_factory=set)
    """Hashes of the URLs that are wanted."""
    deferred: int = 0
    """Number of URLs that are left for a later run."""
    roles: Counter[Role] = field(default_factory=Counter)
    """Number of URLs by role, wanted or not."""


def page_settlements(target: DiscoveredUrl, result: UrlOutcome, reason: str = "") -> tuple[SettledUrl, ...]:
    """The outcome of a page; feeds and sitemaps have none."""
    return () if target.role in LIST_ROLES else (SettledUrl(url=target.url, result=result, reason=reason),)


def followed_settlements(context: CrawlContext) -> tuple[SettledUrl, ...]:
    """The outcome of a page whose links are followed."""
    return page_settlements(context.target, UrlOutcome.FOLLOWED, ArchiveReason.FOLLOWED)


def with_http_scheme(context: CrawlContext) -> CrawlContext:
    """The context of a source over http, where the user named a domain without a scheme."""
    url = context.target.url.replace("https:", "http:", 1)
    target = DiscoveredUrl(url=url, role=Role.START)  # without the validators of another URL
    return replace(context, source=replace(context.source, is_bare=False), target=target)


def conditional_headers(target: DiscoveredUrl) -> dict[str, str]:
    """Headers of a conditional request (RFC 9110, 13): the server may respond with 304."""
    validators = {"If-None-Match": target.etag, "If-Modified-Since": target.last_modified}
    return {name: value for name, value in validators.items() if value}


def fetch_record(context: CrawlContext, response: Response) -> FetchRecord:
    """The record of a URL with a response."""
    etag, modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
    return replace(
        visit_record(context, response.status),
        etag=etag.decode("latin-1") if etag else None,
        last_modified=modified.decode("latin-1") if modified else None,
        rendering_helped=context.rendering_helped,
    )


def failure_record(context: CrawlContext, error: BaseException | None, reason: str) -> FetchRecord:
    """The record of a URL that could not be fetched; a transient failure is retried."""
    status = error.response.status if isinstance(error, HttpError) else None
    known = find_reason(reason)
    return replace(
        visit_record(context, status),
        retry_reason=reason if known.is_retryable else None,
        page_class=known.page_class if Scope.FETCH in known.scope else None,
    )


def visit_record(context: CrawlContext, status: int | None) -> FetchRecord:
    """The record of a URL that was fetched now, with an HTTP status or without a response."""
    return FetchRecord(
        url=context.target.url,
        role=context.role,
        source=context.source.name,
        at=now(),
        status=status,
        is_foreign=context.target.is_foreign,
    )


def retry_reason(result: Article | Rejection | None) -> str | None:
    """The reason code of a rejection after which the page is fetched again; None in all other cases."""
    return result.reason if isinstance(result, Rejection) and find_reason(result.reason).is_retryable else None


def barren_reason(result: Article | Rejection) -> str:
    """Failure reason of a source whose own page has no links: its rejection, or that no link can be followed."""
    return f"{result.reason}: {result.detail}" if isinstance(result, Rejection) else "no link that could be followed"
