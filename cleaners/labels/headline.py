"""Which block shows the headline: the one that fits what the head calls the page, or the heading right above the body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleaners.blocks.segment import Block
from cleaners.labels.head import LEAST_SUMMARY, NAMED, leads_home
from cleaners.metadata.titles import host_key, is_site, parts, strip_site
from cleaners.text.normalise import key
from cleaners.types import Metadata

if TYPE_CHECKING:
    from cleaners.labels.page_view import View


def headline_index(view: View) -> int | None:
    """Index of the block that shows the title: of those before the body that fit the head's titles best, the last.

    Where nothing fits well, because the head names the site or a reworded title only, a heading by its place.
    """
    headlines = Headlines.of(view.metadata, view.url)
    best, index = LEAST_FIT, None
    for block in view.blocks[: view.first + 1]:
        fit = _fit(block, view, headlines)
        if fit and fit >= best:
            best, index = fit, block.index
    if best >= SURE_FIT:
        return index
    ranked = _by_place(view, headlines, is_ranked=True)
    if ranked is None and index is None and len(view.metadata.titles) <= 1:
        return _by_place(view, headlines, is_ranked=False)
    return index if ranked is None else ranked


def _fit(block: Block, view: View, headlines: Headlines) -> float:
    """How well a block fits the head's titles; headings are believed sooner."""
    if len(block.text) > LONGEST_TITLE or not block.key or leads_home(block):
        return 0.0
    is_heading = _is_heading(block, view)
    if not is_heading and not headlines.is_related(block.key):
        return 0.0
    fit = headlines.fit(block, is_heading=is_heading)
    return fit + ("h1" in block.scope.flags) * 0.2 + is_heading * 0.1 if fit >= LEAST_FIT else 0.0


def _is_heading(block: Block, view: View) -> bool:
    return bool(block.scope.flags & TITLE_HEADINGS) or block.bold_share > 0.9 or "headline" in view.marks(block)


def _by_place(view: View, headlines: Headlines, *, is_ranked: bool) -> int | None:
    """The last heading (of rank one, or any) before the body that reads like a headline."""
    for block in reversed(view.blocks[max(0, view.first - REACH) : view.first + 1]):
        flags = block.scope.flags
        is_heading = "h1" in flags if is_ranked else _is_heading(block, view) and block.link_share < 0.5
        if is_heading and not flags & APART and _reads_like_one(block, headlines):
            return block.index
    return None


def _reads_like_one(block: Block, headlines: Headlines) -> bool:
    is_sized = block.weight >= LEAST_WORDS and len(block.text) <= LONGEST_TITLE
    is_other = (
        leads_home(block)
        or NAMED.fullmatch(block.text)
        or is_site(block.text, set(headlines.site_keys), headlines.host)
    )
    return is_sized and not is_other


LONGEST_TITLE = 250
"""Characters of the longest headline."""


SHORTEST_TITLE = 8
"""Letters of a block that may be part of a head title."""


LEAST_FIT = 0.45
"""Half of the words in common: reworded search titles share more, other headings less."""


TITLE_HEADINGS = frozenset(("h1", "h2", "h3"))


LEAST_PART = 0.3
"""Share of a head title that a block must hold to be the headline in it, unless the title begins with it; less is a section's name."""


SURE_FIT = 0.75
"""Fit from which no other heading is looked for: equal titles, and headings that hold most of one."""

REACH = 15
"""Blocks above the body among which its headline stands: byline, date, share row and standfirst come between."""

LEAST_WORDS = 15
"""Weight of the shortest headline told by its place; sections' names are shorter."""

APART = frozenset(("nav", "footer", "aside"))
"""Elements whose headings are not the page's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headlines:
    """What the head calls the page, ready to be compared with what the page shows."""

    titles: tuple[tuple[str, frozenset[str]], ...]
    """Key and words of each title: whole, without the site's name, and its first part."""
    site_keys: frozenset[str]
    host: str

    @classmethod
    def of(cls, metadata: Metadata, url: str) -> Headlines:
        """The titles of a page's head."""
        whole = metadata.titles
        bare = [strip_site(title, metadata.site_name, url) for title in whole]
        first = [part for title in whole if len(part := parts(title)[0][0]) >= LEAST_SUMMARY // 2]
        found = dict.fromkeys((*whole, *bare, *first))
        return cls(
            titles=tuple((key(title), frozenset(title.casefold().split())) for title in found),
            site_keys=frozenset((key(metadata.site_name or ""),)),
            host=host_key(url),
        )

    def is_related(self, text: str) -> bool:
        """True for a key that is part of a title's, or holds it; of other texts only a heading's words are compared."""
        return any(text in whole or whole in text for whole, _ in self.titles)

    def fit(self, block: Block, *, is_heading: bool) -> float:
        """How well a block fits the best of the titles: 1 when equal, less when one holds the other or they share words."""
        words = frozenset(block.text.casefold().split()) if is_heading else frozenset()
        return max((self._fit(block, whole, theirs, words) for whole, theirs in self.titles), default=0.0)

    def _fit(self, block: Block, whole: str, theirs: frozenset[str], words: frozenset[str]) -> float:
        if block.key == whole:
            return 1.0
        is_part = block.key in whole if len(block.key) >= LEAST_PART * len(whole) else whole.startswith(block.key)
        if len(block.key) >= SHORTEST_TITLE and whole and (is_part or whole in block.key):
            if is_site(block.text, set(self.site_keys), self.host):
                return 0.0
            return 0.5 + 0.4 * min(len(block.key), len(whole)) / max(len(block.key), len(whole))
        return 0.9 * len(words & theirs) / len(words | theirs) if words else 0.0
