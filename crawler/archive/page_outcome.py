"""Outcome of an archived page, with the fields of its article that cannot be read from the pages.

Cleaning the archived pages again with these values gives the same line that the crawl wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cleaners.site.memory import SharedLines
from cleaners.types import Duplicate, ExtraValue, Right
from crawler.types import Announcement

STORY, MEMORY = "story", "memory"
"""Kinds of knowledge in an archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedFields:
    """What the crawl added to the pages of an article."""

    id: str
    canonical_url: str | None
    """Differs from the declared URL when that is the URL of another article."""
    revision: int | None
    previous: str | None
    duplicate_of: Duplicate | None
    rights: tuple[Right, ...] | None
    extra: dict[str, ExtraValue] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOutcome:
    """The outcome of one or more pages of an article, or of a page that is none."""

    result: str
    """The outcome, as in the account of the run: ``new``, ``changed``, ``unchanged``, ``duplicate``, ``rejected`` …"""
    reason: str = ""
    pages: tuple[str, ...]
    """The records of the pages, in order."""
    role: str
    cleaner: str
    """The version of the rules that cleaned them."""
    knowledge: str = ""
    """Hash of the site rules that applied (:meth:`cleaners.site.rules.SiteRuleBook.rules_hash`)."""
    announced: list[Any] | None = None
    """What a feed or sitemap announced of the article, as :meth:`crawler.types.Announcement.to_values`."""
    line: AddedFields | None = None
    """Of an article that was written."""

    @property
    def announcement(self) -> Announcement | None:
        """What a feed or sitemap announced."""
        return Announcement.of_values(self.announced) if self.announced else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedBySite:
    """Lines that the pages of a site share, as used for the articles that the crawl wrote after this record."""

    site: str
    shared: SharedLines
