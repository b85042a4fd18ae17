"""The values that flow through cleaning. Each is frozen: a stage returns a new value, it never edits one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cleaners.urls.credentials import without_login

BODY_KINDS = ("paragraph", "subhead", "list_item", "quote", "table_row", "embed")
"""Kinds of block whose text is the article. Their join, one a line, is ``Article.text``."""

OTHER_KINDS = (
    "title",
    "standfirst",
    "byline",
    "date",
    "caption",
    "credit",
    "related",
    "promo",
    "newsletter",
    "share",
    "navigation",
    "breadcrumb",
    "most_read",
    "comments",
    "author_bio",
    "tags",
    "ad",
    "consent",
    "paywall",
    "legal",
    "pull_quote",
    "other",
)
"""Kinds of block that are not the article's text. They fill typed fields and the removal ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as it was fetched or read from disk: the input of :func:`cleaners.clean`."""

    url: str
    """Address the page was answered from, after redirects. Absolute."""
    body: bytes
    """The body as received, after Content-Encoding is undone."""
    content_type: str | None = None
    """The ``Content-Type`` header, e.g. ``text/html; charset=utf-8``."""
    fetched_at: datetime | None = None
    """When the page was fetched, with a time zone. Bounds every date read from the page."""
    source: str | None = None
    """Where the bytes came from when not from the network: a file path or a WARC record."""

    @property
    def fetched(self) -> str | None:
        """``fetched_at`` in ISO 8601."""
        return self.fetched_at.isoformat() if self.fetched_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Html:
    """The text of a page and why it was decoded as it was."""

    data: bytes
    """The markup in UTF-8, without NUL characters: what the parser reads."""
    encoding: str
    """Python codec name that decoded the bytes."""
    evidence: str
    """What decided: ``bom``, ``utf-8``, ``header``, ``meta``, ``mixed``, ``guess`` or ``fallback``."""

    @property
    def text(self) -> str:
        """The markup as Unicode."""
        return self.data.decode("utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a block is, which rule said so, and how sure that rule is."""

    kind: str
    """One of ``BODY_KINDS`` or ``OTHER_KINDS``."""
    rule: str
    """Name of the rule that decided."""
    score: float
    """Confidence of the decision, 0 to 1."""

    @property
    def is_body(self) -> bool:
        """True when the block's text is part of the article's text."""
        return self.kind in BODY_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture that belongs to the article (schema.org ImageObject)."""

    url: str
    """Absolute address."""
    caption: str | None = None
    """Caption without its credit."""
    credit: str | None = None
    """Photographer or agency, without brackets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to another article, taken from a related box or a 'read more' line."""

    title: str
    """Anchor text."""
    url: str
    """Absolute address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One entry of the removal ledger: a block in or near the article that is not its text."""

    kind: str
    """One of ``OTHER_KINDS``."""
    text: str
    """The block's text, white space collapsed."""
    path: str
    """XPath of the block's element in the parsed page."""
    rule: str
    """Name of the rule that decided."""
    score: float
    """Confidence of the decision, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one source says of one metadata field."""

    field: str
    """Name of the record's key."""
    origin: str
    """``json-ld``, ``meta og:title``, ``title element``, ``link canonical``, ``html lang``; ``page`` for what only the visible page says."""
    value: str
    """What it says, dates as ISO 8601."""
    agrees: bool
    """True when the record says the same; False marks a conflict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says about its article. ISO 8601 dates keep the offset the page gives."""

    title: str | None = None
    """Headline without the site's name."""
    titles: tuple[str, ...] = ()
    """Everything the head calls the page, as it stands there: JSON-LD headline, OpenGraph, ``<title>``."""
    description: str | None = None
    """The page's own summary (JSON-LD, OpenGraph or meta description)."""
    authors: tuple[str, ...] = ()
    """Persons and agencies, in page order."""
    published: str | None = None
    """ISO 8601."""
    modified: str | None = None
    """ISO 8601."""
    language: str | None = None
    """ISO 639-1."""
    site_name: str | None = None
    """Name of the publication."""
    section: str | None = None
    """Section of the site the article stands in (schema.org articleSection)."""
    tags: tuple[str, ...] = ()
    """Keywords, in page order."""
    images: tuple[Image, ...] = ()
    """Lead picture first."""
    canonical_url: str | None = None
    """The page's canonical link where plausible."""
    free_access: bool | None = None
    """False behind a paywall, True when the page says it is free, None when it says nothing."""
    article_body: str | None = None
    """The text that JSON-LD gives (schema.org articleBody), paragraphs on lines of their own where it has any."""
    types: frozenset[str] = frozenset()
    """Lower-cased schema.org and OpenGraph types of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A signal by which a publisher reserves or allows uses of its pages."""

    origin: str
    """Where it stands: ``meta …``, ``header …``, ``robots.txt content-usage``, ``tdmrep.json tdm-reservation``."""
    value: str
    """What it says, as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """An article with nearly the same text."""

    id: str
    """Its id."""
    similarity: float
    """Jaccard similarity of the texts' runs of three words, estimated, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The record: one article as the reporter wrote it. Field order is the order of keys in the JSON line."""

    id: str
    """20 hexadecimal digits, stable across runs: see :mod:`cleaners.urls.identity`."""
    url: str
    """As fetched, after redirects."""
    canonical_url: str | None
    """The page's canonical link where plausible."""
    title: str | None
    """Headline without the site's name."""
    description: str | None
    """The standfirst where it stands outside the body, else the page's own summary."""
    text: str
    """Body blocks, one a line: paragraphs, subheads, quotes, list items, table rows, embedded posts."""
    authors: tuple[str, ...]
    """Persons and agencies, in page order."""
    published: str | None
    """ISO 8601, with the offset the page gives."""
    modified: str | None
    """ISO 8601, with the offset the page gives."""
    language: str | None
    """ISO 639-1."""
    site_name: str | None
    """Name of the publication."""
    section: str | None
    """Section of the site the article stands in."""
    tags: tuple[str, ...]
    """Keywords, in page order."""
    images: tuple[Image, ...]
    """Lead picture first, each address once."""
    credit: str | None
    """The source line, e.g. ``Al Jazeera and agencies``."""
    related: tuple[Link, ...]
    """Links of related boxes in and after the body, page order, each address once."""
    removed: tuple[Removal, ...]
    """The removal ledger, page order."""
    free_access: bool | None
    """False behind a paywall, True when the page says it is free, None when it says nothing."""
    page_type: str
    """``article``, ``live_blog``, ``video`` or ``paywall_stub``: see :mod:`cleaners.pagetype.classify`."""
    page_type_score: float
    """Probability that the page is an article of any of these kinds, 0 to 1."""
    page_count: int
    """How many pages the text was joined from."""
    fetched_at: str | None
    """ISO 8601."""
    source: str | None
    """File or WARC record for pages read from disk, else None."""
    cleaner: str
    """Name and version of the rules that made the record."""
    schema_version: int
    """Version of the record's JSON Schema."""
    evidence: tuple[Evidence, ...] | None = None
    """Where each metadata value came from, where asked for; the key is left out of the record otherwise."""
    revision: int | None = None
    """1 for the first text that a crawl found, one more each time it changed; only crawls write the key."""
    previous: str | None = None
    """Fingerprint of the text before this one; only on revisions."""
    rights: tuple[Right, ...] | None = None
    """What the publisher reserves; only crawls write the key, and only where there is a signal."""
    duplicate_of: Duplicate | None = None
    """The article found earlier that has nearly the same text; only where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A page that gave no article, as data: which stage refused it and why."""

    url: str
    """Address of the page."""
    stage: str
    """``fetch``, ``read``, ``decode``, ``parse``, ``body``, ``page_type`` or ``worker``."""
    reason: str
    """A short stable name, e.g. ``not_html``, ``listing``."""
    detail: str
    """The evidence, for a person."""
    fetched_at: str | None
    """ISO 8601."""


class Refused(Exception):
    """Raised by a stage that cannot go on; :func:`cleaners.clean` turns it into a :class:`Rejection`."""

    def __init__(self, stage: str, reason: str, detail: str) -> None:
        super().__init__(f"{stage}: {reason}: {detail}")
        self.stage, self.reason, self.detail = stage, reason, detail

    def rejection(self, page: Page) -> Rejection:
        """The refusal of a page as data."""
        return Rejection(
            url=without_login(page.url),
            stage=self.stage,
            reason=self.reason,
            detail=self.detail,
            fetched_at=page.fetched,
        )
