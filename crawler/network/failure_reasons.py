"""Why a request failed, in words of our own."""

from __future__ import annotations

from scrapy import Request
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from cleaners.types import Rejection
from crawler.network.decompression import DamagedStreamError
from crawler.network.exceptions import RequestRefused

REASONS = {
    "DNSLookupError": ("unknown_host", "unknown host"),
    "CannotResolveHostError": ("unknown_host", "unknown host"),
    "ConnectionRefusedError": ("connection_refused", "connection refused"),
    "DownloadConnectionRefusedError": ("connection_refused", "connection refused"),
    "TimeoutError": ("timeout", "no answer in time"),
    "TCPTimedOutError": ("timeout", "no answer in time"),
    "DownloadTimeoutError": ("timeout", "no answer in time"),
    "ResponseDataLossError": ("cut", "the answer ends too early"),
    "DownloadFailedError": ("broken", "the connection broke"),
}
"""Names of exceptions by Twisted and Scrapy, with what they mean as a reason and for a person."""


def reason(failure: Failure) -> tuple[str, str]:
    """Why a request failed: a short stable name, and words for a person."""
    error = failure.value
    if isinstance(error, HttpError):
        return f"http_{error.response.status}", f"HTTP {error.response.status}"
    return named(error)


def named(error: BaseException | None) -> tuple[str, str]:
    """An exception of a request that brought no answer."""
    if isinstance(error, RequestRefused):
        return error.reason, error.detail
    if isinstance(error, DamagedStreamError):
        return "damaged", str(error)
    name = type(error).__name__
    return REASONS.get(name, ("network", f"{name}: {error}"))


def failed_page(request: Request, asked: str, name: str, why: str) -> Rejection:
    """The rejection of a page that could not be fetched, at the address it was listed by."""
    url = asked or request.url
    detail = why if url == request.url else f"redirected to {request.url[:MAX_URL_SHOWN]}: {why}"
    return Rejection(url=url, stage="fetch", reason=name, detail=detail, fetched_at=None)


MAX_URL_SHOWN = 300
"""Characters of an address that is told of."""
