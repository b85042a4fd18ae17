"""What a block of a page is, and which rule decided it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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


BODY_KINDS = (
    BlockKind.PARAGRAPH,
    BlockKind.SUBHEAD,
    BlockKind.LIST_ITEM,
    BlockKind.QUOTE,
    BlockKind.TABLE_ROW,
    BlockKind.EMBED,
)
"""Kinds of block whose text is the article. Their texts, one per line, are ``Article.text``."""

_BODY = frozenset(BODY_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a block is, which rule decided, and with what confidence."""

    kind: BlockKind
    rule: str
    """Name of the rule, as in :mod:`cleaners.labels.rules.registry`."""
    score: float
    """Confidence of the decision, 0 to 1."""

    @property
    def is_body(self) -> bool:
        """True when the block's text is part of the article's text."""
        return self.kind in _BODY
