"""The head of an article as it is shown: which block is the headline, which the standfirst."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cleaners.blocks import Block
from cleaners.labels.lexicon import AD, BYLINE, DATE
from cleaners.normalise import key
from cleaners.titles import host_key, is_site, parts, strip_site
from cleaners.types import Metadata

LONGEST_TITLE = 250
"""Characters of the longest headline."""


SHORTEST_TITLE = 8
"""Letters of a block that may be part of a head title."""


LEAST_FIT = 0.45
"""Half of the words in common: reworded search titles share more, other headings less."""


LEAST_SUMMARY = 40
"""Weight of the shortest standfirst."""


SAME_START = 40
"""Letters that a standfirst shares with the page's description; sites cut the description anywhere after."""


NAMED = re.compile(rf"{BYLINE.pattern}|{DATE.pattern}|{AD.pattern}", re.IGNORECASE)
"""Lines of the head that are no standfirst, however long."""


def is_free_text(block: Block) -> bool:
    """True for running text: no link, no figure, no furniture, long enough for a standfirst."""
    return block.weight >= LEAST_SUMMARY and block.link_share < 0.5 and not block.scope.flags & NOT_FREE


NOT_FREE = frozenset(("figure", "figcaption", "caption", "nav", "footer", "button", "aside", "h1"))


def is_same_start(text: str, description: str) -> bool:
    """True when a text and a description begin alike, to where the shorter ends."""
    size = min(len(text), len(description), SAME_START)
    return size >= SAME_START // 2 and text[:size] == description[:size]


def leads_home(block: Block) -> bool:
    """True for a link to the front page: a masthead, whatever heading it is set in."""
    return block.link_share > 0.9 and bool(HOME_REFERENCE.fullmatch(block.href or ""))


HOME_REFERENCE = re.compile(r"(?:https?:)?(?://[^/?#]+)?/?", re.IGNORECASE)
"""A reference to a front page, with or without its host."""


TITLE_HEADINGS = frozenset(("h1", "h2", "h3"))


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

    def fit(self, block: Block, *, is_heading: bool) -> float:
        """How well a block fits the best of the titles: 1 when equal, less when one holds the other or they share words."""
        words = frozenset(block.text.casefold().split()) if is_heading else frozenset()
        return max((self._fit(block, whole, theirs, words) for whole, theirs in self.titles), default=0.0)

    def _fit(self, block: Block, whole: str, theirs: frozenset[str], words: frozenset[str]) -> float:
        if block.key == whole:
            return 1.0
        if len(block.key) >= SHORTEST_TITLE and whole and (block.key in whole or whole in block.key):
            if is_site(block.text, set(self.site_keys), self.host):
                return 0.0
            return 0.5 + 0.4 * min(len(block.key), len(whole)) / max(len(block.key), len(whole))
        return 0.9 * len(words & theirs) / len(words | theirs) if words else 0.0
