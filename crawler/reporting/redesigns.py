"""Redesigns: sites whose new articles have another layout than those before. No I/O."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.ledger.types import Layout

LEAST_NEW = 15
"""Articles with the new layout from which a redesign is told; a special on some subject has fewer in a row."""

LEAST_OLD = 20
"""Articles before it."""

MAIN_SHARE = 0.5
"""Share of the articles that the most frequent layout must have, on both sides: where each page has its own classes,
no layout tells anything."""

LATE = 5
"""Articles with the old layout that may follow the first with the new one: pages that were on their way."""

MOST_NEW = 64
"""Articles with the new layout after which it is no news any more: the memory of the site has forgotten the old one."""

RECENT = 2 * 86_400
"""Seconds for which a redesign is told in any case."""

FAR_MORE = 0.5
"""By how much the share of articles that lack a field must have grown for the field to be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redesign:
    """A change of a site's layout."""

    began: int
    """When the first article with the new layout was fetched, seconds since 1970."""
    pages: int
    """Articles with the new layout."""
    missing: tuple[str, ...]
    """Fields that articles have lacked since then, and had before."""
    examples: tuple[str, ...]
    """URLs of two of them."""

    def __str__(self) -> str:
        day = time.strftime("%Y-%m-%d", time.gmtime(self.began))
        lost = ", ".join(self.missing) or "nothing"
        return f"new layout since {day}, {self.pages} articles; missing now: {lost}; see {' '.join(self.examples)}"


def find_redesign(layouts: Sequence[Layout], now: int) -> Redesign | None:
    """The redesign that the layouts of a site show: from some article on, all are of layouts that were new then.

    Only sections with articles before and after count, so that a new section, or one that is read after another, is
    none.
    """
    for start in sorted(one.first for one in layouts):
        old = [one for one in layouts if one.first < start]
        new = [one for one in layouts if one.first >= start]
        if any(one.last > start + LATE for one in old):
            continue
        both = {one.section for one in old} & {one.section for one in new}
        old, new = ([one for one in some if one.section in both] for some in (old, new))
        count, began = _count(new), min((one.began for one in new), default=0)
        is_news = count <= MOST_NEW or began >= now - RECENT
        if _has_main_layout(old, LEAST_OLD) and _has_main_layout(new, LEAST_NEW) and is_news:
            examples = max(new, key=lambda one: one.last).examples
            return Redesign(began=began, pages=count, missing=_missing(old, new), examples=examples)
    return None


def _count(layouts: Iterable[Layout]) -> int:
    return sum(one.pages for one in layouts)


def _has_main_layout(layouts: Sequence[Layout], least: int) -> bool:
    pages = Counter[int]()
    for one in layouts:
        pages[one.layout] += one.pages
    return pages.total() >= least and max(pages.values()) >= MAIN_SHARE * pages.total()


def _missing(old: Sequence[Layout], new: Sequence[Layout]) -> tuple[str, ...]:
    before, after = (_shares(some) for some in (old, new))
    return tuple(sorted(field for field in after if after[field] - before[field] >= FAR_MORE))


def _shares(layouts: Sequence[Layout]) -> Counter[str]:
    """The share of articles that lack a field."""
    counts = sum((Counter(one.missing) for one in layouts), Counter())
    return Counter({field: count / _count(layouts) for field, count in counts.items()})
