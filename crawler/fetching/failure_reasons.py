"""Reason codes of failed fetches; which of them are retryable; and a readable description of every reason code.

The reason code alone decides whether a failure is retryable. So the run that saw the failure and a later run that reads
it from the rejections of a killed run decide in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from http import HTTPStatus

from cleaners.types import Reason, Rejection, Stage
from crawler.files.decompression import DamagedStreamError
from crawler.types import NotFetched

MAX_URL_SHOWN = 300
"""Most characters of a URL in a message."""

TRANSIENT_STATUSES = frozenset((408, 425, 429, 500, 502, 503, 504, 522, 524))
"""HTTP statuses of transient failures: those that Scrapy retries."""

HTTP_PREFIX = "http_"


class FetchReason(StrEnum):
    """Why a page could not be fetched, besides ``http_404`` and the like."""

    UNKNOWN_HOST = "unknown_host"
    CONNECTION_REFUSED = "connection_refused"
    TIMEOUT = "timeout"
    CUT = "cut"
    BROKEN = "broken"
    DAMAGED = "damaged"
    NETWORK = "network"
    ROBOTS = "robots"
    ROBOTS_UNAVAILABLE = "robots_unavailable"
    FORBIDDEN_ADDRESS = "forbidden_address"
    FORBIDDEN_PORT = "forbidden_port"
    FORBIDDEN_SCHEME = "forbidden_scheme"
    BAD_URL = "bad_address"
    LONG_URL = "long_address"
    TOO_LARGE = "too_large"
    UNPACKED = "unpacked"
    HEADERS = "headers"
    CODINGS = "codings"
    BAD_STATUS = "bad_status"
    UNKNOWN_CODING = "unknown_coding"
    REDIRECTS = "redirects"
    CERTIFICATE = "certificate"
    SITE_PAGES = "site_pages"
    SITE_HOSTS = "site_hosts"
    BARREN = "barren"
    HOST_DOWN = "host_down"
    NOT_ARCHIVED = "not_archived"
    ENDING = "ending"


PERMANENT_REASONS = frozenset(
    (
        FetchReason.ROBOTS,
        FetchReason.FORBIDDEN_PORT,
        FetchReason.FORBIDDEN_SCHEME,
        FetchReason.BAD_URL,
        FetchReason.LONG_URL,
        FetchReason.TOO_LARGE,
        FetchReason.UNPACKED,
        FetchReason.HEADERS,
        FetchReason.CODINGS,
        FetchReason.UNKNOWN_CODING,
        FetchReason.REDIRECTS,
    )
)
"""Reasons of permanent failures. All others are retryable: a host name that resolves to a forbidden IP address today
may resolve to another one tomorrow."""

REASONS = {
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


def is_retryable(rejection: Rejection) -> bool:
    """True for a rejection whose page is fetched again: no response, a transient status, a failure of the worker."""
    if rejection.stage == Stage.WORKER:
        return True
    return rejection.stage == Stage.FETCH and is_retryable_reason(rejection.reason)


def is_retryable_reason(reason: str) -> bool:
    """True for the reason code of a transient failure of a fetch."""
    if reason.startswith(HTTP_PREFIX):
        status = reason.removeprefix(HTTP_PREFIX)
        return status.isdecimal() and int(status) in TRANSIENT_STATUSES
    return reason not in PERMANENT_REASONS


def http_reason(status: int) -> str:
    """The reason code of an HTTP status, for example ``http_404``."""
    return f"{HTTP_PREFIX}{status}"


def describe(error: BaseException | None) -> tuple[str, str]:
    """Why a request failed: the reason code, and a description."""
    response = getattr(error, "response", None)
    if response is not None:  # Scrapy's HttpError
        return http_reason(response.status), f"HTTP {response.status}"
    reason, detail = getattr(error, "reason", None), getattr(error, "detail", None)
    if isinstance(reason, str) and isinstance(detail, str):  # RequestRefused
        return reason, detail
    if isinstance(error, DamagedStreamError):
        return FetchReason.DAMAGED, str(error)
    name = type(error).__name__
    return REASONS.get(name, (FetchReason.NETWORK, f"{name}: {error}"))


def fetch_rejection(url: str, requested: str, reason: str, detail: str) -> Rejection:
    """The rejection of a page that could not be fetched.

    Args:
        url: the URL that was listed.
        requested: the URL of the last request, which differs after redirects.
        reason: the reason code.
        detail: the description.
    """
    shown = detail if url == requested else f"redirected to {requested[:MAX_URL_SHOWN]}: {detail}"
    return Rejection(url=url, stage=Stage.FETCH, reason=str(reason), detail=shown, fetched_at=None)


MEANINGS: Mapping[str, str] = {
    Reason.UNREADABLE: "unreadable file",
    Reason.NO_ORIGINAL: "original in another archive file",
    Reason.EMPTY_BODY: "empty response",
    Reason.TOO_LARGE: "too large",
    Reason.NOT_HTML: "not HTML",
    Reason.BAD_URL: "invalid URL",
    Reason.NO_MARKUP: "no markup",
    Reason.TOO_MANY_ELEMENTS: "too many elements",
    Reason.TOO_MANY_BLOCKS: "too many blocks",
    Reason.LISTING: "list of other pages",
    Reason.ERROR_PAGE: "error page",
    Reason.CONSENT_WALL: "consent wall",
    Reason.SERVICE_PAGE: "page about the site",
    Reason.PASSWORD: "password form",
    Reason.RESERVED: "rights reserved",
    Reason.SPIDER: "refused by the spider",
    Reason.NO_TEXT: "no article text",
    Reason.DAMAGED: "damaged data",
    Reason.DEADLINE: "cleaning took too long",
    Reason.MEMORY: "cleaning took too much memory",
    Reason.KILLED: "cleaning was killed by the system",
    Reason.CRASHED: "cleaning crashed",
    Reason.LOST: "cleaning worker lost",
    Reason.ERROR: "error in cleaning",
    FetchReason.UNKNOWN_HOST: "unknown host",
    FetchReason.CONNECTION_REFUSED: "connection refused",
    FetchReason.TIMEOUT: "no response in time",
    FetchReason.CUT: "response cut off",
    FetchReason.BROKEN: "connection cut off",
    FetchReason.NETWORK: "network error",
    FetchReason.ROBOTS: "forbidden by robots.txt",
    FetchReason.ROBOTS_UNAVAILABLE: "robots.txt not available",
    FetchReason.FORBIDDEN_ADDRESS: "forbidden address",
    FetchReason.FORBIDDEN_PORT: "forbidden port",
    FetchReason.FORBIDDEN_SCHEME: "forbidden scheme",
    FetchReason.BAD_URL: "invalid address",
    FetchReason.LONG_URL: "address too long",
    FetchReason.UNPACKED: "too large when unpacked",
    FetchReason.HEADERS: "too large headers",
    FetchReason.CODINGS: "too many content codings",
    FetchReason.BAD_STATUS: "invalid HTTP status",
    FetchReason.UNKNOWN_CODING: "unknown content coding",
    FetchReason.REDIRECTS: "too many redirects",
    FetchReason.CERTIFICATE: "invalid certificate",
    FetchReason.SITE_PAGES: "site's page budget spent",
    FetchReason.SITE_HOSTS: "site's host budget spent",
    FetchReason.BARREN: "similar pages gave no article",
    FetchReason.HOST_DOWN: "not tried, as the host kept failing",
    FetchReason.NOT_ARCHIVED: "not in the archive",
    FetchReason.ENDING: "not tried, as the crawl was stopping",
    NotFetched.FILE: "file, not a page",
    NotFetched.SERVICE: "login, search or the like",
    NotFetched.FRONT_PAGE: "front page",
    NotFetched.OTHER_SITE: "another site",
    NotFetched.OLD: "older than wanted",
    NotFetched.OUTSIDE_SECTIONS: "outside the wanted sections",
    NotFetched.TRAP: "looks like a crawl trap",
    NotFetched.DEPTH: "section too deep",
    NotFetched.CONTINUATION: "further page of an article",
    NotFetched.VARIANT: "variant of another URL",
    NotFetched.FULL: "too many URLs already pending",
    NotFetched.NOT_DUE: "known and not due",
    "max_articles": "article limit reached",
    "max_pages": "page limit reached",
    "first_page": "first page of the article missing",
    "redirect": "redirect to a known page",
    "pipeline": "dropped by an item pipeline",
    "output": "output failed",
    "ended": "crawl was stopped",
}
"""A noun or a short clause for each code, without the number."""


def meaning(reason: str) -> str:
    """A reason in words; its code where it is one of a derived spider."""
    if reason in MEANINGS:
        return MEANINGS[reason]
    status = reason.removeprefix(HTTP_PREFIX)
    if reason.startswith(HTTP_PREFIX) and status.isdecimal():
        phrase = next((http_status.phrase for http_status in HTTPStatus if http_status == int(status)), "")
        return f"HTTP {status} {phrase}".strip()
    return reason


def in_words(counts: Iterable[tuple[str, int]]) -> str:
    """Counts by reason: ``connection cut off: 30, list of other pages: 2``."""
    return ", ".join(f"{meaning(reason)}: {count:,}" for reason, count in counts)
