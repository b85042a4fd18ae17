"""What is known of a site's URLs: its declared rules, and which patterns gave articles in earlier runs. No I/O.

A pattern changes the order of requests and the depth to which links are followed, never what a page is. What feeds and
sitemaps list is not touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cleaners.site.rules import SiteRuleBook
from cleaners.urls.pattern import url_pattern
from crawler.types import LIST_ROLES, DiscoveredUrl, NotFetched, PatternYield, Role

ENOUGH = 10
"""Pages with a pattern from which it is an article's: of ten, at most one in a hundred patterns that are half articles
has eight."""

MANY = 20
"""Pages with a pattern, none of them an article, from which it is none's."""

SURE = 0.8
"""Share of the pages with a pattern that must be articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownUrls:
    """What is known of the URLs of a site."""

    rules: SiteRuleBook = field(default_factory=SiteRuleBook)
    patterns: Mapping[str, PatternYield] = field(default_factory=dict)

    def applied(self, found: DiscoveredUrl, *, is_listed: bool, is_beyond: bool) -> DiscoveredUrl:
        """The same URL with the role that is known of it, if any; declared rules count before patterns.

        Args:
            found: the URL.
            is_listed: True where a feed or sitemap lists it.
            is_beyond: True where its page is at the depth to which sections are followed, or deeper.
        """
        declared = self.declared(found)
        if declared is not found or is_listed or found.role in LIST_ROLES or not self.patterns:
            return declared
        if found.skipped not in (None, NotFetched.DEPTH):
            return found
        known = self.patterns.get(url_pattern(found.url))
        if known is not None and known.pages >= ENOUGH and known.articles >= SURE * known.pages:
            return replace(found, role=Role.ARTICLE, skipped=None)
        if known is not None and known.pages >= MANY and not known.articles and found.role is Role.ARTICLE:
            return replace(found, role=Role.PAGE, skipped=NotFetched.DEPTH if is_beyond else None)
        return found

    def declared(self, found: DiscoveredUrl) -> DiscoveredUrl:
        """The same URL with the role that the rules of its site declare, if any; a declared article is fetched."""
        known = self.rules.find(found.url) if found.role not in LIST_ROLES else None
        if known is None or found.skipped is NotFetched.OTHER_SITE:
            return found
        if known.is_article(found.url):
            return replace(found, role=Role.ARTICLE, skipped=None)
        is_listing = known.is_listing(found.url) and found.skipped is not NotFetched.DEPTH
        return replace(found, role=Role.SECTION, skipped=None) if is_listing else found
