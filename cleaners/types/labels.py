"""What a block of a page is, and which rule decided it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class BlockKind(StrEnum):
    """What a block of a page is. The order has no meaning: models store the names they were trained with."""

    PARAGRAPH = "paragraph"
    SUBHEAD = "subhead"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    TABLE_ROW = "table_row"
    EMBED = "embed"
    TITLE = "title"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    DATE = "date"
    CAPTION = "caption"
    CREDIT = "credit"
    RELATED = "related"
    PROMO = "promo"
    NEWSLETTER = "newsletter"
    SHARE = "share"
    NAVIGATION = "navigation"
    BREADCRUMB = "breadcrumb"
    MOST_READ = "most_read"
    COMMENTS = "comments"
    AUTHOR_BIO = "author_bio"
    TAGS = "tags"
    AD = "ad"
    CONSENT = "consent"
    PAYWALL = "paywall"
    LEGAL = "legal"
    PULL_QUOTE = "pull_quote"
    FACT_BOX = "fact_box"
    OTHER = "other"


class KindTraits(NamedTuple):
    """What the kind of a block decides."""

    is_body: bool
    """True where its text is part of the article's text; else it fills typed fields and the removal ledger."""
    leads_away: bool
    """True where its box may have a heading that looks like a subhead."""
    is_boxed: bool
    """True where a link box may claim it; not quotes or table rows."""
    wrappers: tuple[str, ...]
    """The elements around blocks of the kind; the first is used where the page has none."""


KIND_TRAITS = {
    BlockKind.PARAGRAPH: KindTraits(True, False, True, ()),
    BlockKind.SUBHEAD: KindTraits(True, False, True, ()),
    BlockKind.LIST_ITEM: KindTraits(True, False, True, ("ul", "ol")),
    BlockKind.QUOTE: KindTraits(True, False, False, ("blockquote",)),
    BlockKind.TABLE_ROW: KindTraits(True, False, False, ("table",)),
    BlockKind.EMBED: KindTraits(True, False, False, ("blockquote",)),
    BlockKind.TITLE: KindTraits(False, False, False, ()),
    BlockKind.STANDFIRST: KindTraits(False, False, False, ()),
    BlockKind.BYLINE: KindTraits(False, False, False, ()),
    BlockKind.DATE: KindTraits(False, False, True, ()),
    BlockKind.CAPTION: KindTraits(False, False, False, ()),
    BlockKind.CREDIT: KindTraits(False, False, False, ()),
    BlockKind.RELATED: KindTraits(False, True, True, ()),
    BlockKind.PROMO: KindTraits(False, True, True, ()),
    BlockKind.NEWSLETTER: KindTraits(False, True, False, ()),
    BlockKind.SHARE: KindTraits(False, False, False, ()),
    BlockKind.NAVIGATION: KindTraits(False, False, True, ()),
    BlockKind.BREADCRUMB: KindTraits(False, False, False, ()),
    BlockKind.MOST_READ: KindTraits(False, True, True, ()),
    BlockKind.COMMENTS: KindTraits(False, True, False, ()),
    BlockKind.AUTHOR_BIO: KindTraits(False, True, False, ()),
    BlockKind.TAGS: KindTraits(False, False, False, ()),
    BlockKind.AD: KindTraits(False, False, False, ()),
    BlockKind.CONSENT: KindTraits(False, False, False, ()),
    BlockKind.PAYWALL: KindTraits(False, False, False, ()),
    BlockKind.LEGAL: KindTraits(False, False, False, ()),
    BlockKind.PULL_QUOTE: KindTraits(False, False, False, ()),
    BlockKind.FACT_BOX: KindTraits(False, False, False, ()),
    BlockKind.OTHER: KindTraits(False, False, True, ()),
}

BODY_KINDS = tuple(kind for kind, traits in KIND_TRAITS.items() if traits.is_body)
"""Kinds of block whose text is the article. Their texts, one per line, are ``Article.text``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a block is, which rule decided, and with what confidence."""

    kind: BlockKind
    rule: str
    """Name of the rule, as in :mod:`cleaners.labels.rules.registry`."""
    score: float
    """Confidence of the decision, 0 to 1."""
    probability: float | None = None
    """The block model's probability that the block is body; None where it was not asked."""

    @property
    def is_body(self) -> bool:
        """True when the block's text is part of the article's text."""
        return KIND_TRAITS[self.kind].is_body
