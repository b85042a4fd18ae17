"""What cleaning makes of a page: its article, or the stage that rejected it and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cleaners.plain_values import plain_values
from cleaners.types.observation import ObservedPage
from cleaners.types.page import Outlink
from cleaners.types.record import Article, Right


class Stage(StrEnum):
    """The step that rejected a page."""

    FETCH = "fetch"
    READ = "read"
    DECODE = "decode"
    PARSE = "parse"
    BODY = "body"
    PAGE_TYPE = "page_type"
    WORKER = "worker"


class Reason(StrEnum):
    """Why a page that was received is no article.

    All other reasons are in :mod:`crawler.reasons`.
    """

    UNREADABLE = "unreadable"
    NO_ORIGINAL = "no_original"
    EMPTY_BODY = "empty_body"
    TOO_LARGE = "too_large"
    NOT_HTML = "not_html"
    BAD_URL = "bad_url"
    NO_MARKUP = "no_markup"
    TOO_MANY_ELEMENTS = "too_many_elements"
    TOO_MANY_BLOCKS = "too_many_blocks"
    LISTING = "listing"
    ERROR_PAGE = "error_page"
    CONSENT_WALL = "consent_wall"
    WALLED = "walled"
    SCRIPTED = "scripted"
    SERVICE_PAGE = "service_page"
    PASSWORD = "password"  # noqa: S105  a reason
    RESERVED = "reserved"
    SPIDER = "spider"
    NO_TEXT = "no_text"
    UNSURE = "unsure"
    DAMAGED = "damaged"
    DEADLINE = "deadline"
    MEMORY = "memory"
    KILLED = "killed"
    CRASHED = "crashed"
    LOST = "lost"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A page that is no article: the stage and the reason. One line of rejections.jsonl."""

    url: str
    """URL of the page."""
    stage: Stage
    reason: str
    """A :class:`Reason`, or the reason of a network failure such as ``http_404``."""
    detail: str
    """The details, for a human reader."""
    fetched_at: str | None
    """ISO 8601."""

    def to_dict(self) -> dict[str, object]:
        """The record as plain values (text, numbers, lists, dictionaries), with the keys of its line."""
        return plain_values(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """What a crawler needs from a page, from one parse.

    It holds no parser objects, so the crawling process loads no parser.
    """

    result: Article | Rejection
    links: tuple[Outlink, ...] = ()
    """The page's links, where requested, and where the page is no article or perhaps none."""
    feeds: tuple[str, ...] = ()
    """URLs of the feeds that the page declares, where links were requested."""
    next_page: str | None = None
    """URL of the article's next page."""
    first_page: str | None = None
    """URL of the article's first page, where its own URL has a page number and it links to that page."""
    single_page: str | None = None
    """URL of a page with the whole article, where the rules of the site name one."""
    original: str | None = None
    """URL of the page of another site that an article's page names as its canonical one."""
    rights: tuple[Right, ...] = ()
    """The rights signals in the page's own elements."""
    undeclared: frozenset[str] = frozenset()
    """Fields of the article that the page's head does not declare: they are missing, or read from the visible page."""
    is_declared: bool = False
    """True when the page declares an article type (schema.org or OpenGraph) and has a publication date."""
    observed: ObservedPage | None = None
    """Observation of an article's page, where requested."""
    scripted: str | None = None
    """The sign that scripts build the page, or the rest of its article (:mod:`cleaners.html.scripted`)."""


class PageRejected(Exception):
    """Raised by a stage that rejects the page; :func:`cleaners.clean` turns it into a :class:`Rejection`."""

    def __init__(self, stage: Stage, reason: str, detail: str) -> None:
        super().__init__(f"{stage}: {reason}: {detail}")
        self.stage, self.reason, self.detail = stage, reason, detail

    def __reduce__(self) -> tuple[type[PageRejected], tuple[Stage, str, str]]:
        """Pickle all three parts, so that the error can be sent from a worker process."""
        return type(self), (self.stage, self.reason, self.detail)
