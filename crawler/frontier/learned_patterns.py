"""What is known of a site's URLs: its declared rules, and which patterns gave articles in earlier runs. No I/O.

A pattern changes the order of requests and the depth to which links are followed, never what a page is. What feeds and
sitemaps list is not touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cleaners.site.rules import SiteRuleBook
from cleaners.urls.pattern import url_pattern
from crawler.reasons import NotFetched
from crawler.types import LIST_ROLES, DiscoveredUrl, PatternYield, Role

MIN_PAGES = 10
"""Fewest pages of a pattern that is taken for one of articles: of the patterns whose pages are half articles, at most
one in a hundred has eight articles in ten pages."""

MIN_BARREN_PAGES = 20
"""Fewest pages of a pattern, none of them an article, that is taken for one without articles."""

ARTICLE_SHARE = 0.8
"""Share of the pages with a pattern that must be articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedPatterns:
    """What is known of the URLs of a site."""

    rules: SiteRuleBook = field(default_factory=SiteRuleBook)
    patterns: Mapping[str, PatternYield] = field(default_factory=dict)

    def with_known_role(self, entry: DiscoveredUrl, *, is_listed: bool, is_beyond: bool) -> DiscoveredUrl:
        """The URL with its role by the declared rules of the site or, where they say nothing, by its pattern.

        Args:
            entry: the URL.
            is_listed: True where a feed or sitemap lists it.
            is_beyond: True where its page is at the depth to which sections are followed, or deeper.
        """
        declared = self.declared(entry)
        if declared is not entry or is_listed or entry.role in LIST_ROLES or not self.patterns:
            return declared
        if entry.skipped not in (None, NotFetched.DEPTH):
            return entry
        counts = self.patterns.get(url_pattern(entry.url))
        if counts is not None and counts.pages >= MIN_PAGES and counts.articles >= ARTICLE_SHARE * counts.pages:
            return replace(entry, role=Role.ARTICLE, skipped=None)
        if (
            counts is not None
            and counts.pages >= MIN_BARREN_PAGES
            and not counts.articles
            and entry.role is Role.ARTICLE
        ):
            return replace(entry, role=Role.PAGE, skipped=NotFetched.DEPTH if is_beyond else None)
        return entry

    def declared(self, entry: DiscoveredUrl) -> DiscoveredUrl:
        """The same URL with the role that the rules of its site declare, if any; a declared article is fetched."""
        site_rules = self.rules.find(entry.url) if entry.role not in LIST_ROLES else None
        if site_rules is None or entry.skipped is NotFetched.OTHER_SITE:
            return entry
        if site_rules.is_article(entry.url):
            return replace(entry, role=Role.ARTICLE, skipped=None)
        is_listing = site_rules.is_listing(entry.url) and entry.skipped is not NotFetched.DEPTH
        return replace(entry, role=Role.SECTION, skipped=None) if is_listing else entry
