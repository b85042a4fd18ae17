"""What the ledger is told of an answer, and what a request says because of an earlier one (conditional requests, RFC 9110, 13)."""

from __future__ import annotations

from dataclasses import replace

from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from cleaners.types import Article, Rejection
from crawler.ledger.types import Known, FetchRecord
from crawler.network.exceptions import RequestRefused
from crawler.scheduling.context import CrawlContext
from crawler.util.clock import now

PASSING = frozenset((408, 425, 429, 500, 502, 503, 504, 522, 524))
"""Statuses of failures that may pass: as those that Scrapy retries."""


def conditions(known: Known | None) -> dict[str, str]:
    """Headers that let a server say that nothing changed."""
    if known is None:
        return {}
    said = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in said.items() if value}


def visited(visit: CrawlContext, response: Response, **more: object) -> FetchRecord:
    """What came of an address that answered."""
    etag, modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
    said = {
        "url": visit.asked or response.url,
        "role": visit.role,
        "source": visit.source.name,
        "at": now(),
        "status": response.status,
        "etag": etag.decode("latin-1") if etag else None,
        "last_modified": modified.decode("latin-1") if modified else None,
    }
    return FetchRecord(**{**said, **more})  # type: ignore[arg-type]


def is_open(error: BaseException | None) -> bool:
    """True for a failure after which another time may do better: nothing that was refused for what it is."""
    return not isinstance(error, RequestRefused) or error.is_passing


def unanswered(visit: CrawlContext, url: str, error: BaseException | None, reason: str) -> FetchRecord:
    """What came of an address that could not be fetched; one that may yet be is asked again."""
    status = error.response.status if isinstance(error, HttpError) else None
    is_passing = status in PASSING if status is not None else is_open(error)
    return FetchRecord(
        url=visit.asked or url,
        role=visit.role,
        source=visit.source.name,
        at=now(),
        status=status,
        failed=reason if is_passing else None,
    )


def without_page(visit: CrawlContext, failed: str | None) -> CrawlContext:
    """The visit of an article whose next page could not be had: its first page's validators say nothing of that.

    ``failed`` is why, where it may pass: the article is asked for again.
    """
    if visit.answer is None:
        return visit
    return replace(visit, answer=replace(visit.answer, etag=None, last_modified=None, failed=failed))


def passing(result: Article | Rejection | None) -> str | None:
    """Why a page could not be read, where another time may do better; None otherwise."""
    return result.reason if isinstance(result, Rejection) and result.stage == "worker" else None


def barren(result: Article | Rejection) -> str:
    """Why a source's page is the source's failure: what it is instead of a listing."""
    return f"{result.reason}: {result.detail}" if isinstance(result, Rejection) else "no link that could be followed"
