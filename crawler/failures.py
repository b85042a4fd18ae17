"""Why a request failed, in words of our own."""

from __future__ import annotations

from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.refusal import Refusal
from crawler.unpack import DamagedError

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
    if isinstance(error, Refusal):
        return error.reason, error.detail
    if isinstance(error, DamagedError):
        return "damaged", str(error)
    name = type(error).__name__
    return REASONS.get(name, ("network", f"{name}: {error}"))
