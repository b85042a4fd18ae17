"""Requests that are refused or deferred, or that failed: their reason codes, and details in words."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from cleaners.types import Reason, Rejection, Stage
from cleaners.urls.resolve import legible_url
from crawler.files.decompression import DamagedStreamError
from crawler.reasons import FetchReason, http_reason

MAX_URL_SHOWN = 300
"""Most characters of a URL in a message."""

FAILURES = {
    "DNSLookupError": (FetchReason.UNKNOWN_HOST, "unknown host"),
    "CannotResolveHostError": (FetchReason.UNKNOWN_HOST, "unknown host"),
    "ConnectionRefusedError": (FetchReason.CONNECTION_REFUSED, "connection refused"),
    "DownloadConnectionRefusedError": (FetchReason.CONNECTION_REFUSED, "connection refused"),
    "TimeoutError": (FetchReason.TIMEOUT, "no response in time"),
    "TCPTimedOutError": (FetchReason.TIMEOUT, "no response in time"),
    "DownloadTimeoutError": (FetchReason.TIMEOUT, "no response in time"),
    "ResponseDataLossError": (FetchReason.CUT, "the response ends too early"),
    "DownloadFailedError": (FetchReason.BROKEN, "the connection broke"),
}
"""Names of exceptions of Twisted and Scrapy, with their reason code and description."""


class RequestRefused(IgnoreRequest):
    """A request that is not sent, or a response that is not accepted. Scrapy does not retry it."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        """The reason code, as in rejections and statistics."""
        self.detail = detail
        """What was wrong, and the remedy where there is one."""


class RequestDeferred(RequestRefused):
    """A request that is not sent in this run. That is not a failure: its URL stays due."""


def request_of(failure: Any) -> Request:
    """The request of a failure that Scrapy passes to an errback; Twisted's type does not name it."""
    request: Request = failure.request
    return request


def describe(error: BaseException | None) -> tuple[str, str]:
    """Why a request failed: the reason code, and a description."""
    response = getattr(error, "response", None)
    if response is not None:  # Scrapy's HttpError
        return http_reason(response.status), f"HTTP {response.status}"
    reason, detail = getattr(error, "reason", None), getattr(error, "detail", None)
    if isinstance(reason, str) and isinstance(detail, str):  # RequestRefused
        return reason, detail
    if isinstance(error, DamagedStreamError):
        return Reason.DAMAGED, str(error)
    name = type(error).__name__
    return FAILURES.get(name, (FetchReason.NETWORK, f"{name}: {error}"))


def fetch_rejection(url: str, requested: str, reason: str, detail: str) -> Rejection:
    """The rejection of a page that could not be fetched.

    Args:
        url: the URL that was listed.
        requested: the URL of the last request, which differs after redirects.
        reason: the reason code.
        detail: the description.
    """
    shown = detail if url == requested else f"redirected to {legible_url(requested)[:MAX_URL_SHOWN]}: {detail}"
    return Rejection(url=legible_url(url), stage=Stage.FETCH, reason=str(reason), detail=shown, fetched_at=None)
