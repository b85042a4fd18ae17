"""Redesigns: sites whose new articles have another layout than those before. No I/O."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.ledger.types import Layout
from crawler.util import DAY

MIN_NEW_ARTICLES = 15
"""Fewest articles with the new layout for which a redesign is reported; a special section has fewer in a row."""

MIN_OLD_ARTICLES = 20
"""Fewest articles with the old layout."""

MAIN_SHARE = 0.5
"""Smallest share of the articles that the most frequent layout must have, both before and after the redesign: where
each page has its own classes, layouts say nothing."""

MAX_LATE_PAGES = 5
"""Maximum number of articles with the old layout after the first with the new one: pages already in flight."""

MAX_NEW_PAGES = 64
"""Articles with the new layout up to which it is reported: after them the site's memory has no old layout any more."""

ALERT_SECONDS = 2 * DAY
"""Seconds for which a redesign is reported, however many articles have the new layout."""

MIN_MISSING_INCREASE = 0.5
"""Smallest increase of the share of articles without a field for which the field is reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redesign:
    """A change of a site's layout."""

    began: int
    """When the first article with the new layout was fetched, seconds since 1970."""
    pages: int
    """Articles with the new layout."""
    missing: tuple[str, ...]
    """Fields that the articles had before, and have lacked since then."""
    examples: tuple[str, ...]
    """URLs of two of them."""

    def __str__(self) -> str:
        day = time.strftime("%Y-%m-%d", time.gmtime(self.began))
        lost = ", ".join(self.missing) or "nothing"
        return f"new layout since {day}, {self.pages} articles; missing now: {lost}; see {' '.join(self.examples)}"


def find_redesign(layouts: Sequence[Layout], now: int) -> Redesign | None:
    """The redesign of a site, or None: from one article on, all articles have layouts that were new at that time.

    Only sections with articles before and after it count. So a new section, or a section that is read after another,
    is no redesign.
    """
    for start in sorted(layout.first for layout in layouts):
        old = [layout for layout in layouts if layout.first < start]
        new = [layout for layout in layouts if layout.first >= start]
        if any(layout.last > start + MAX_LATE_PAGES for layout in old):
            continue
        both = {layout.section for layout in old} & {layout.section for layout in new}
        old, new = ([layout for layout in group if layout.section in both] for group in (old, new))
        count, began = _count(new), min((layout.began for layout in new), default=0)
        is_news = count <= MAX_NEW_PAGES or began >= now - ALERT_SECONDS
        if _has_main_layout(old, MIN_OLD_ARTICLES) and _has_main_layout(new, MIN_NEW_ARTICLES) and is_news:
            examples = max(new, key=lambda layout: layout.last).examples
            return Redesign(began=began, pages=count, missing=_missing(old, new), examples=examples)
    return None


def _count(layouts: Iterable[Layout]) -> int:
    return sum(layout.pages for layout in layouts)


def _has_main_layout(layouts: Sequence[Layout], least: int) -> bool:
    pages = Counter[int]()
    for layout in layouts:
        pages[layout.layout] += layout.pages
    return pages.total() >= least and max(pages.values()) >= MAIN_SHARE * pages.total()


def _missing(old: Sequence[Layout], new: Sequence[Layout]) -> tuple[str, ...]:
    before, after = (_shares(group) for group in (old, new))
    return tuple(sorted(field for field in after if after[field] - before[field] >= MIN_MISSING_INCREASE))


def _shares(layouts: Sequence[Layout]) -> Counter[str]:
    """The share of articles that lack a field."""
    counts = sum((Counter(layout.missing) for layout in layouts), Counter())
    return Counter({field: count / _count(layouts) for field, count in counts.items()})
