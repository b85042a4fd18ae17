"""The registry of reasons: why a URL of a run, or a response of an archive, gave no article.

The code alone decides whether a reason is retryable. So the run that saw a failure and a later run that reads it from
the rejections of a killed run decide in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Flag, StrEnum, auto
from http.client import responses
from typing import NamedTuple

from cleaners.types import Article, ArticleType, Reason, Rejection

TRANSIENT_STATUSES = frozenset((408, 425, 429, 500, 502, 503, 504, 522, 524))
"""HTTP statuses of transient failures: those that Scrapy retries."""

HTTP_PREFIX = "http_"


class FetchReason(StrEnum):
    """Why a page could not be fetched, besides ``http_404`` and the like; also ``too_large`` and ``damaged``."""

    UNKNOWN_HOST = "unknown_host"
    CONNECTION_REFUSED = "connection_refused"
    TIMEOUT = "timeout"
    CUT = "cut"
    BROKEN = "broken"
    NETWORK = "network"
    ROBOTS = "robots"
    ROBOTS_UNAVAILABLE = "robots_unavailable"
    FORBIDDEN_ADDRESS = "forbidden_address"
    FORBIDDEN_PORT = "forbidden_port"
    FORBIDDEN_SCHEME = "forbidden_scheme"
    BAD_URL = "bad_address"
    LONG_URL = "long_address"
    UNPACKED = "unpacked"
    HEADERS = "headers"
    CODINGS = "codings"
    BAD_STATUS = "bad_status"
    UNKNOWN_CODING = "unknown_coding"
    REDIRECTS = "redirects"
    CERTIFICATE = "certificate"


class NotFetched(StrEnum):
    """Why a URL of the site that was found is not fetched."""

    FILE = "file"
    """Its extension is that of a file that is no page."""
    SERVICE = "service"
    """A function of the site (login, search, cart), or a page about the site that no feed or sitemap lists."""
    FRONT_PAGE = "front_page"
    """The front page, listed in a feed or sitemap."""
    OTHER_SITE = "other_site"
    """A feed or sitemap lists a URL of another site."""
    OLD = "old"
    """Its listing has a date before ``since``; also rejects a page whose article has such a date."""
    OUTSIDE_SECTIONS = "outside_sections"
    SPIDER = Reason.SPIDER.value
    """The hook ``wants`` of a derived spider says so."""
    TRAP = "trap"
    """It is too long, too deep, or repeats its segments."""
    DEPTH = "depth"
    """A section further from the source than ``COPYDESK_SECTION_DEPTH``."""
    CONTINUATION = "continuation"
    """A further page of an article: it is fetched with the first one."""
    VARIANT = "variant"
    """Another URL of a page, which is fetched at a simpler or equal URL; used only if that one gives no article."""
    FULL = "full"
    """The source has as many pending URLs as it may have."""
    NOT_DUE = "not_due"
    """It was fetched before, and nothing says that it has changed."""


class PendingReason(StrEnum):
    """Why a URL is left for the next run."""

    SITE_PAGES = "site_pages"
    SITE_HOSTS = "site_hosts"
    BARREN = "barren"
    HOST_DOWN = "host_down"
    NOT_ARCHIVED = "not_archived"
    ENDING = "ending"
    MAX_ARTICLES = "max_articles"
    MAX_PAGES = "max_pages"
    FIRST_PAGE = "first_page"
    REDIRECT = "redirect"
    """A redirect that may change, to a page that was requested before."""
    PIPELINE = "pipeline"
    """An item pipeline dropped the item or failed."""
    OUTPUT = "output"
    """The output failed before the line was synced."""
    ENDED = "ended"


class ArchiveReason(StrEnum):
    """Why a response of an archive has no record, or what is wrong with one that was read nevertheless."""

    FOLLOWED = "section"
    """It lists other pages, and the crawl followed them. Reports of version 0.1 count it as rejected."""
    NO_HTTP = "no_http"
    MEDIA_TYPE = "media_type"
    UNKNOWN_RECORD = "unknown_record"
    REVISIT = "revisit"
    """It has the content of an earlier one."""
    RESOURCE = "resource"
    """Of a page that a browser rendered."""
    FETCHED_AGAIN = "fetched_again"
    """An earlier response already gave its article."""
    SPLIT = "split"
    """A further page of an article, after one that is missing."""
    JOINED_NO_MORE = "joined_no_more"
    """A further page that today's rules do not join."""
    CURRENT = "current"
    """The required version of the rules, or a later one, already cleaned it."""
    WRONG_DIGEST = "wrong_digest"
    UNKNOWN_KNOWLEDGE = "unknown_knowledge"
    """What the crawl knew of it cannot be read."""


class PageClass(StrEnum):
    """What a page that was asked for turned out to be: one for each, whatever the reason."""

    ARTICLE = "article"
    LIVE_BLOG = "live_blog"
    VIDEO = "video"
    PAYWALLED = "paywalled"
    """An article whose text is cut, with what is there."""
    LISTING = "listing"
    """It lists other pages."""
    SERVICE = "service"
    """About the site, or a function of it."""
    CONSENT = "consent"
    """A consent dialog in place of the page."""
    WALLED = "walled"
    """A bot challenge in place of the page."""
    PASSWORD = "password"  # noqa: S105  a class
    SCRIPTED = "scripted"
    """Scripts build it: it needs a browser."""
    EMPTY = "empty"
    """It has no article text."""
    GONE = "gone"
    """HTTP 404 or 410, or a page that says so."""
    FORBIDDEN = "forbidden"
    """The server or robots.txt does not let it be read."""
    NOT_HTML = "not_html"
    UNWANTED = "unwanted"
    """The user or the publisher does not want it read: its date, a hook, reserved rights."""
    FAILED = "failed"
    """No response that can be read, or cleaning failed."""


class Scope(Flag):
    """Where a reason occurs."""

    FETCH = auto()
    """Rejections of stage ``fetch``: no response, or none that is accepted."""
    READ = auto()
    """Rejections of stage ``read``: files and archives."""
    CLEAN = auto()
    """Rejections of a page that was received."""
    NOT_FETCHED = auto()
    """URLs that were found and not requested."""
    PENDING = auto()
    """URLs that are left for the next run."""
    ARCHIVE = auto()
    """Responses of an archive without a record, and faults of others."""


class ReasonCode(NamedTuple):
    """An entry of the registry."""

    code: str
    """As in rejections, reports, statistics, ledgers and archives."""
    scope: Scope
    is_retryable: bool
    """True where the next run fetches the page again."""
    words: str
    """A noun or a short clause, without the number."""
    page_class: PageClass = PageClass.FAILED
    """What such a page is; for reasons of scope ``FETCH``, ``READ`` and ``CLEAN``."""


FETCH, READ, CLEAN, NOT_FETCHED, PENDING, ARCHIVE = Scope

REASONS: Mapping[str, ReasonCode] = {
    str(entry[0]): ReasonCode(*entry)
    for entry in (
        (Reason.UNREADABLE, READ, False, "unreadable file"),
        (Reason.NO_ORIGINAL, READ, False, "original in another archive file"),
        (Reason.EMPTY_BODY, CLEAN, False, "empty response", PageClass.EMPTY),
        (Reason.TOO_LARGE, FETCH | READ | CLEAN, False, "too large"),
        (Reason.NOT_HTML, CLEAN, False, "not HTML", PageClass.NOT_HTML),
        (Reason.BAD_URL, CLEAN, False, "invalid URL"),
        (Reason.NO_MARKUP, CLEAN, False, "no markup", PageClass.NOT_HTML),
        (Reason.TOO_MANY_ELEMENTS, CLEAN, False, "too many elements"),
        (Reason.TOO_MANY_BLOCKS, CLEAN, False, "too many blocks"),
        (Reason.LISTING, CLEAN, False, "list of other pages", PageClass.LISTING),
        (Reason.ERROR_PAGE, CLEAN, False, "error page", PageClass.GONE),
        (Reason.CONSENT_WALL, CLEAN, False, "consent wall", PageClass.CONSENT),
        (Reason.WALLED, FETCH | CLEAN, True, "bot challenge", PageClass.WALLED),
        (Reason.SCRIPTED, CLEAN, False, "built by scripts", PageClass.SCRIPTED),
        (Reason.SERVICE_PAGE, CLEAN, False, "page about the site", PageClass.SERVICE),
        (Reason.PASSWORD, CLEAN, False, "password form", PageClass.PASSWORD),
        (Reason.RESERVED, CLEAN, False, "rights reserved", PageClass.UNWANTED),
        (Reason.SPIDER, CLEAN | NOT_FETCHED, False, "refused by the spider", PageClass.UNWANTED),
        (Reason.NO_TEXT, CLEAN, False, "no article text", PageClass.EMPTY),
        (Reason.UNSURE, CLEAN, False, "text too unsure", PageClass.UNWANTED),
        (Reason.DAMAGED, FETCH | READ | ARCHIVE, True, "damaged data"),
        (Reason.DEADLINE, CLEAN, True, "cleaning took too long"),
        (Reason.MEMORY, CLEAN, True, "cleaning took too much memory"),
        (Reason.KILLED, CLEAN, True, "cleaning was killed by the system"),
        (Reason.CRASHED, CLEAN, True, "cleaning crashed"),
        (Reason.LOST, CLEAN, True, "cleaning worker lost"),
        (Reason.ERROR, CLEAN, True, "error in cleaning"),
        (FetchReason.UNKNOWN_HOST, FETCH, True, "unknown host"),
        (FetchReason.CONNECTION_REFUSED, FETCH, True, "connection refused"),
        (FetchReason.TIMEOUT, FETCH, True, "no response in time"),
        (FetchReason.CUT, FETCH, True, "response cut off"),
        (FetchReason.BROKEN, FETCH, True, "connection cut off"),
        (FetchReason.NETWORK, FETCH, True, "network error"),
        (FetchReason.ROBOTS, FETCH, False, "forbidden by robots.txt", PageClass.FORBIDDEN),
        (FetchReason.ROBOTS_UNAVAILABLE, FETCH, True, "robots.txt not available", PageClass.FORBIDDEN),
        # retryable: the name may resolve to another address tomorrow
        (FetchReason.FORBIDDEN_ADDRESS, FETCH, True, "forbidden address", PageClass.FORBIDDEN),
        (FetchReason.FORBIDDEN_PORT, FETCH, False, "forbidden port", PageClass.FORBIDDEN),
        (FetchReason.FORBIDDEN_SCHEME, FETCH, False, "forbidden scheme", PageClass.FORBIDDEN),
        (FetchReason.BAD_URL, FETCH, False, "invalid address"),
        (FetchReason.LONG_URL, FETCH, False, "address too long"),
        (FetchReason.UNPACKED, FETCH, False, "too large when unpacked"),
        (FetchReason.HEADERS, FETCH, False, "too large headers"),
        (FetchReason.CODINGS, FETCH, False, "too many content codings"),
        (FetchReason.BAD_STATUS, FETCH, True, "invalid HTTP status"),
        (FetchReason.UNKNOWN_CODING, FETCH, False, "unknown content coding"),
        (FetchReason.REDIRECTS, FETCH, False, "too many redirects"),
        (FetchReason.CERTIFICATE, FETCH, True, "invalid certificate"),
        (NotFetched.FILE, NOT_FETCHED, False, "file, not a page"),
        (NotFetched.SERVICE, NOT_FETCHED, False, "login, search or the like"),
        (NotFetched.FRONT_PAGE, NOT_FETCHED | ARCHIVE, False, "front page"),
        (NotFetched.OTHER_SITE, NOT_FETCHED, False, "another site"),
        (NotFetched.OLD, NOT_FETCHED | CLEAN, False, "older than wanted", PageClass.UNWANTED),
        (NotFetched.OUTSIDE_SECTIONS, NOT_FETCHED, False, "outside the wanted sections"),
        (NotFetched.TRAP, NOT_FETCHED, False, "looks like a crawl trap"),
        (NotFetched.DEPTH, NOT_FETCHED, False, "section too deep"),
        (NotFetched.CONTINUATION, NOT_FETCHED, False, "further page of an article"),
        (NotFetched.VARIANT, NOT_FETCHED, False, "variant of another URL"),
        (NotFetched.FULL, NOT_FETCHED, False, "too many URLs already pending"),
        (NotFetched.NOT_DUE, NOT_FETCHED, False, "known and not due"),
        (PendingReason.SITE_PAGES, PENDING, True, "site's page budget spent"),
        (PendingReason.SITE_HOSTS, PENDING, True, "site's host budget spent"),
        (PendingReason.BARREN, PENDING, True, "similar pages gave no article"),
        (PendingReason.HOST_DOWN, PENDING, True, "not tried, as the host kept failing"),
        (PendingReason.NOT_ARCHIVED, PENDING, True, "not in the archive"),
        (PendingReason.ENDING, PENDING, True, "not tried, as the crawl was stopping"),
        (PendingReason.MAX_ARTICLES, PENDING, True, "article limit reached"),
        (PendingReason.MAX_PAGES, PENDING, True, "page limit reached"),
        (PendingReason.FIRST_PAGE, PENDING, True, "first page of the article missing"),
        (PendingReason.REDIRECT, PENDING, True, "redirect to a known page"),
        (PendingReason.PIPELINE, PENDING, True, "dropped by an item pipeline"),
        (PendingReason.OUTPUT, PENDING, True, "output failed"),
        (PendingReason.ENDED, PENDING, True, "crawl was stopped"),
        (ArchiveReason.FOLLOWED, ARCHIVE, False, "section"),
        (ArchiveReason.NO_HTTP, ARCHIVE, False, "no HTTP response"),
        (ArchiveReason.MEDIA_TYPE, ARCHIVE, False, "another media type"),
        (ArchiveReason.UNKNOWN_RECORD, ARCHIVE, False, "unknown kind of record"),
        (ArchiveReason.REVISIT, ARCHIVE, False, "unchanged since an earlier response"),
        (ArchiveReason.RESOURCE, ARCHIVE, False, "part of a rendered page"),
        (ArchiveReason.FETCHED_AGAIN, ARCHIVE, False, "fetched again"),
        (ArchiveReason.SPLIT, ARCHIVE, False, "further page after a missing one"),
        (ArchiveReason.JOINED_NO_MORE, ARCHIVE, False, "further page that is joined no more"),
        (ArchiveReason.CURRENT, ARCHIVE, False, "already cleaned"),
        (ArchiveReason.WRONG_DIGEST, ARCHIVE, False, "digest of other bytes"),
        (ArchiveReason.UNKNOWN_KNOWLEDGE, ARCHIVE, False, "outcome that cannot be read"),
    )
}
"""All reasons but ``http_404`` and the like, by code."""


STATUS_CLASSES = {
    404: PageClass.GONE,
    410: PageClass.GONE,
    401: PageClass.FORBIDDEN,
    403: PageClass.FORBIDDEN,
    451: PageClass.FORBIDDEN,
}
"""HTTP statuses that say more of a page than that it failed (RFC 9110, 15; RFC 7725)."""

ARTICLE_CLASSES = {
    ArticleType.ARTICLE: PageClass.ARTICLE,
    ArticleType.LIVE_BLOG: PageClass.LIVE_BLOG,
    ArticleType.VIDEO: PageClass.VIDEO,
    ArticleType.PAYWALL_STUB: PageClass.PAYWALLED,
}


def find_reason(code: str) -> ReasonCode:
    """The entry of a code.

    ``http_404`` and the like have one by their status. A code of a derived spider, or of another version, is not
    retryable, and stands for itself in words.
    """
    if code in REASONS:
        return REASONS[code]
    number = code.removeprefix(HTTP_PREFIX)
    if number == code or not number.isdecimal():
        return ReasonCode(code, Scope(0), False, code)
    status = int(number)
    words = f"HTTP {number} {responses.get(status, '')}".strip()
    page_class = STATUS_CLASSES.get(status, PageClass.FAILED)
    return ReasonCode(code, FETCH | ARCHIVE, status in TRANSIENT_STATUSES, words, page_class)


def class_of(item: Article | Rejection) -> PageClass:
    """What the page of an article or a rejection is."""
    if isinstance(item, Rejection):
        return find_reason(item.reason).page_class
    return ARTICLE_CLASSES[item.page_type]


def http_reason(status: int) -> str:
    """The reason code of an HTTP status, for example ``http_404``."""
    return f"{HTTP_PREFIX}{status}"


def in_words(counts: Iterable[tuple[str, int]]) -> str:
    """Counts by reason: ``connection cut off: 30, list of other pages: 2``."""
    return ", ".join(f"{find_reason(code).words}: {count:,}" for code, count in counts)
