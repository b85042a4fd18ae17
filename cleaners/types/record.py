"""The record: :class:`Article` and its parts, declared here once.

``cleaners.record`` derives its JSON line, its JSON Schema and its reader from these declarations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from cleaners.plain_values import plain_values
from cleaners.types.labels import BODY_KINDS, BlockKind

Url = Annotated[str, Meta(pattern="^https?://")]

Word = Annotated[str, Meta(min_length=1)]

Share = Annotated[float, Meta(ge=0, le=1)]

Moment = Annotated[
    str,
    Meta(pattern=r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?([+-]\d{2}:\d{2}(:\d{2})?|Z)?)?$"),
]
"""ISO 8601: a date, or a date and time with the offset that the page declares, if any."""

ArticleId = Annotated[str, Meta(pattern="^[0-9a-f]{20}$")]

UNIQUE = {"uniqueItems": True}

ExtraValue = str | int | float | bool | tuple[str, ...] | None
"""The value of a field that a project adds to its records."""


class ArticleType(StrEnum):
    """The type of an article."""

    ARTICLE = "article"
    LIVE_BLOG = "live_blog"
    VIDEO = "video"
    """A video or gallery with a short text."""
    PAYWALL_STUB = "paywall_stub"
    """The first lines of an article behind a paywall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of the article (schema.org ImageObject)."""

    url: Url
    caption: Annotated[str | None, Meta(description="Caption without its credit.")] = None
    credit: Annotated[str | None, Meta(description="Photographer or agency, without brackets.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to another article, from a related box or a 'read more' line."""

    title: Annotated[Word, Meta(description="Anchor text.")]
    url: Url


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A fact box: a text beside the article that the article does not need to be read."""

    title: Annotated[str | None, Meta(description="Its heading.")]
    text: Annotated[str, Meta(description="Its text without the heading, one block a line.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of a live blog (schema.org liveBlogUpdate)."""

    title: Annotated[str | None, Meta(description="Its heading.")]
    published: Annotated[Moment | None, Meta(description="Its time, as in published.")]
    text: Annotated[str, Meta(description="Its text without the heading, one block a line.")]
    url: Annotated[Url | None, Meta(description="Its permanent link: mostly the page's URL with a fragment.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A block in or near the article that is not its text: one entry of the removal ledger."""

    kind: Annotated[
        BlockKind, Meta(description="What the block is.", extra_json_schema={"not": {"enum": [*BODY_KINDS]}})
    ]
    text: Annotated[Word, Meta(description="The block's text, white space collapsed.")]
    path: Annotated[str, Meta(pattern="^/", description="XPath of the block's element in the parsed page.")]
    rule: Annotated[Word, Meta(description="Name of the rule that decided.")]
    score: Annotated[Share, Meta(description="Confidence of the decision.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The value that one source states for one metadata field."""

    field: Annotated[str, Meta(description="Key of the record.")]
    origin: Annotated[str, Meta(description="The source: json-ld, meta og:title, title element, html lang, page …")]
    value: Annotated[str, Meta(description="What it says, dates as ISO 8601.")]
    agrees: Annotated[bool, Meta(description="False where it differs from the record: a conflict.")]


class Use(StrEnum):
    """What a page may be used for."""

    SEARCH = "search"
    """An index, with links and short excerpts."""
    AI_INPUT = "ai-input"
    """Input of a model that answers: retrieval, grounding."""
    AI_TRAIN = "ai-train"
    """Training of models."""
    TDM = "tdm"
    """Text and data mining (Directive (EU) 2019/790, article 4), of which training is a kind."""


ANY_USE = frozenset((Use.AI_INPUT, Use.AI_TRAIN, Use.TDM))
"""The uses that are asked for where no use is named: whoever reads pages to show them has no need to ask."""


class Permission(StrEnum):
    """What a publisher says of a use of its pages."""

    ALLOWED = "allowed"
    RESERVED = "reserved"
    UNKNOWN = "unknown"
    """Nothing, or nothing that we understand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A signal by which a publisher reserves or allows uses of its pages."""

    origin: Annotated[str, Meta(description="Where the signal stands: meta, header, robots.txt, tdmrep.json or feed.")]
    value: Annotated[str, Meta(description="The signal, unchanged; of a licence, its terms.")]
    uses: Annotated[
        dict[Use, Permission] | None, Meta(description="What it says of each use that it says something of.")
    ] = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """An article found earlier that has nearly the same text."""

    id: Annotated[str, Meta(description="Its id.")]
    similarity: Annotated[Share, Meta(description="Jaccard similarity of the texts' runs of three words, estimated.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The metadata of a page's article. ISO 8601 dates keep the offset that the page declares."""

    title: str | None = None
    """Headline without the site's name."""
    titles: tuple[str, ...] = ()
    """Every title in the head, unchanged: JSON-LD headline, OpenGraph, ``<title>``."""
    description: str | None = None
    """The page's own summary (JSON-LD, OpenGraph or meta description)."""
    authors: tuple[str, ...] = ()
    """Names of persons and agencies, in page order."""
    published: str | None = None
    """ISO 8601."""
    is_vaguely_dated: bool = False
    """True where ``published`` is declared only as a date of the page, not as that of its publication."""
    modified: str | None = None
    """ISO 8601."""
    language: str | None = None
    """ISO 639-1."""
    site_name: str | None = None
    """Name of the publication."""
    section: str | None = None
    """Section of the site (schema.org articleSection)."""
    tags: tuple[str, ...] = ()
    """Keywords, in page order."""
    images: tuple[Image, ...] = ()
    """Lead picture first."""
    canonical_url: str | None = None
    """The page's canonical link where plausible."""
    free_access: bool | None = None
    """False behind a paywall, True when the page declares free access, None when it declares nothing."""
    article_body: str | None = None
    """The text in JSON-LD (schema.org articleBody), one line per paragraph where it has paragraphs."""
    types: frozenset[str] = frozenset()
    """Lower-cased schema.org and OpenGraph types of the page."""
    updates: tuple[Entry, ...] = ()
    """Entries of a live blog in JSON-LD (schema.org liveBlogUpdate)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One line of articles.jsonl: an article and its metadata. Field order is the order of keys in the line."""

    id: Annotated[ArticleId, Meta(description="Stable across runs and across the URLs of one article.")]
    url: Annotated[Word, Meta(description="As fetched, after redirects.")]
    canonical_url: Annotated[Url | None, Meta(description="The page's canonical link where plausible.")]
    title: Annotated[str | None, Meta(description="Headline without the site's name (schema.org headline).")]
    description: Annotated[
        str | None,
        Meta(description="The standfirst outside the body, else the page's own summary (schema.org description)."),
    ]
    text: Annotated[
        Word,
        Meta(
            description="Paragraphs, subheads, quotes, list items, table rows and embedded posts, one a line "
            "(schema.org articleBody)."
        ),
    ]
    authors: Annotated[
        tuple[Word, ...], Meta(description="Persons and agencies, in page order.", extra_json_schema=UNIQUE)
    ]
    published: Annotated[
        Moment | None, Meta(description="ISO 8601 with the offset the page gives (schema.org datePublished).")
    ]
    modified: Annotated[
        Moment | None, Meta(description="ISO 8601 with the offset the page gives (schema.org dateModified).")
    ]
    language: Annotated[Annotated[str, Meta(pattern="^[a-z]{2,3}$")] | None, Meta(description="ISO 639-1.")]
    site_name: Annotated[str | None, Meta(description="Name of the publication.")]
    section: Annotated[str | None, Meta(description="Section of the site (schema.org articleSection).")]
    tags: Annotated[tuple[Word, ...], Meta(description="Keywords, in page order.", extra_json_schema=UNIQUE)]
    images: Annotated[tuple[Image, ...], Meta(description="Lead picture first, each URL once.")]
    credit: Annotated[str | None, Meta(description="The source line, e.g. 'Al Jazeera and agencies'.")]
    related: Annotated[
        tuple[Link, ...], Meta(description="Links of related boxes in and after the body, page order, each URL once.")
    ]
    removed: Annotated[tuple[Removal, ...], Meta(description="The removal ledger, page order.")]
    free_access: Annotated[
        bool | None,
        Meta(
            description="False behind a paywall, true when the page says it is free, null when it says nothing "
            "(schema.org isAccessibleForFree)."
        ),
    ]
    page_type: Annotated[ArticleType, Meta(description="What type of article the page is.")]
    page_type_score: Annotated[
        Share, Meta(description="Probability that the page is an article rather than a listing or anything else.")
    ]
    page_count: Annotated[int, Meta(ge=1, description="How many pages the text was joined from.")]
    fetched_at: Annotated[Moment | None, Meta(description="ISO 8601.")]
    source: Annotated[str | None, Meta(description="The file or WARC record that holds the page, else null.")]
    cleaner: Annotated[Word, Meta(description="Name and version of the rules that made the record.")]
    schema_version: Annotated[int, Meta(description="Version of this schema.")]
    text_confidence: Annotated[
        Share | None,
        Meta(
            description="Calibrated probability that the text is the article, whole and without anything else: that a "
            "person's text of the page has F1 of at least .98 with it. Absent in records of earlier versions."
        ),
    ] = None
    boxes: Annotated[
        tuple[Box, ...] | None,
        Meta(description="Fact boxes in and after the text, in page order; only where there is one."),
    ] = None
    entries: Annotated[
        tuple[Entry, ...] | None,
        Meta(
            description="The entries of a live blog, in page order, then those that only JSON-LD has; on live blogs "
            "only. Their texts are in text, too, where the page shows them."
        ),
    ] = None
    site_rules: Annotated[
        str | None,
        Meta(description="The site whose declared rules were applied, and their file; only where there are any."),
    ] = None
    evidence: Annotated[
        tuple[Evidence, ...] | None,
        Meta(description="Where each metadata value came from; written with the setting COPYDESK_EVIDENCE only."),
    ] = None
    markdown: Annotated[
        Word | None,
        Meta(
            description="The text as Markdown, with its subheads, lists, quotes, links, emphasis and tables: one line "
            "for each line of text; written with the setting COPYDESK_MARKDOWN only."
        ),
    ] = None
    revision: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(
            description="1 for the first text that a crawl found, one more each time it changed; "
            "written by crawls only."
        ),
    ] = None
    previous: Annotated[
        ArticleId | None, Meta(description="Fingerprint of the text before this one; on revisions only.")
    ] = None
    rights: Annotated[
        tuple[Right, ...] | None,
        Meta(
            description="What the publisher reserves or licenses (Content-Usage, Content-Signal, TDMRep, noai, RSL); "
            "written by crawls, where there is a signal."
        ),
    ] = None
    uses: Annotated[
        dict[Use, Permission] | None,
        Meta(
            description="What all rights together say of each use: reserved where one reserves it, else allowed "
            "where one allows it, else unknown; written where there are rights."
        ),
    ] = None
    duplicate_of: Annotated[
        Duplicate | None,
        Meta(description="The article found earlier that has nearly the same text; only where there is one."),
    ] = None
    extra: Annotated[
        dict[str, ExtraValue] | None,
        Meta(description="What the project that crawls adds: text, numbers, lists of text; only where there is any."),
    ] = None

    def to_dict(self) -> dict[str, object]:
        """The record as plain values (text, numbers, lists, dictionaries), with the keys of its line."""
        return plain_values(self)
