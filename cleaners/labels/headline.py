"""Finds the visible headline of a page and the texts around it that are not the headline: standfirst, masthead.

The headline is the block that matches a title of the head, or the heading right above the body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cleaners.blocks.measures import PARAGRAPH
from cleaners.blocks.segment import Block
from cleaners.labels.lexicon import AD, BYLINE, DATE
from cleaners.metadata.titles import host_word, names_site, strip_site, title_parts
from cleaners.text.normalise import match_key
from cleaners.types import Metadata

MIN_SUMMARY_CHARS = 40
"""Weight of the shortest standfirst."""

SAME_START = 40
"""Letters at the start that a standfirst shares with the page's description; sites cut the description after them."""

NAMED = re.compile(rf"{BYLINE.pattern}|{DATE.pattern}|{AD.pattern}", re.IGNORECASE)
"""Lines near the headline that are not a standfirst, however long."""

NOT_FREE = frozenset(("figure", "figcaption", "caption", "nav", "footer", "button", "aside", "h1"))
"""Elements whose text is not running text."""

HOME_REFERENCE = re.compile(r"(?:https?:)?(?://[^/?#]+)?/?", re.IGNORECASE)
"""A reference to a front page, with or without its host."""

MAX_TITLE_CHARS = 250
"""Most characters of a headline."""

MIN_TITLE_CHARS = 8
"""Fewest letters of a block that may be part of a head title."""

MIN_FIT = 0.45
"""Lowest fit of a headline: half of the words in common. Titles reworded for search share more, other headings less."""

SURE_FIT = 0.75
"""Fit from which the search stops: the heading equals a title, or contains most of one."""

TITLE_HEADINGS = frozenset(("h1", "h2", "h3"))

MIN_TITLE_SHARE = 0.3
"""Share of a head title that a block must hold to be its headline, unless the title begins with the block.

A block that holds less is a section's name.
"""

MAX_BLOCKS_ABOVE_BODY = 15
"""Blocks above the body that are searched for a headline: byline, date, share row and standfirst come between."""

MIN_HEADLINE_CHARS = 15
"""Weight of the shortest headline that is found by its position; sections' names are shorter."""

FULL_STOPS = (".", "。", "।")

APART = frozenset(("nav", "footer", "aside"))
"""Elements whose headings are not the page's headline."""

Marks = Callable[[Block], frozenset[str]]
"""Returns the kinds that the class words around a block name: see :meth:`cleaners.labels.page_view.PageView.marks`."""


def is_free_text(block: Block) -> bool:
    """True for running text: not a link, figure or boilerplate, and long enough for a standfirst."""
    return block.weight >= MIN_SUMMARY_CHARS and block.link_share < 0.5 and not block.scope.flags & NOT_FREE


def is_same_start(text: str, description: str) -> bool:
    """True when a text and a description have the same start, up to the end of the shorter one."""
    size = min(len(text), len(description), SAME_START)
    return size >= SAME_START // 2 and text[:size] == description[:size]


def leads_home(block: Block) -> bool:
    """True for a link to the front page: it is a masthead, even in a heading. An anchor without a target is no link."""
    return block.link_share > 0.9 and bool(block.href) and _is_home(block.href or "")


@lru_cache(maxsize=4096)
def _is_home(reference: str) -> bool:
    """Whether a reference leads to a front page. Pure, so the cache only saves time."""
    return bool(HOME_REFERENCE.fullmatch(reference))


def find_headline(blocks: Sequence[Block], stop: int, titles: DeclaredTitles, marks: Marks) -> int | None:
    """Index of the block that shows the title: the one before the body that best fits the head's titles.

    Of several the last. Where none fits well, because the head has only the site's name or a reworded title, a heading
    is chosen by its position.

    Args:
        blocks: all blocks of the page.
        stop: index of the body's first block.
        titles: the titles in the head.
        marks: returns the kinds that the class words around a block name.

    Returns:
        None when no block shows a title.
    """
    best, index = MIN_FIT, None
    for block in blocks[: stop + 1]:
        fit = _fit(block, titles, marks)
        if fit and fit >= best:
            best, index = fit, block.index
    if best >= SURE_FIT:
        return index
    above = blocks[max(0, stop - MAX_BLOCKS_ABOVE_BODY) : stop + 1]
    ranked = _by_place(above, titles, marks, is_ranked=True)
    if ranked is None and index is None and titles.count <= 1:
        return _by_place(above, titles, marks, is_ranked=False)
    return index if ranked is None else ranked


def _fit(block: Block, titles: DeclaredTitles, marks: Marks) -> float:
    """How well a block fits the head's titles; a heading scores higher."""
    if len(block.text) > MAX_TITLE_CHARS or not block.key:
        return 0.0
    is_heading = _is_heading(block, marks)
    if not is_heading and not titles.overlaps(block.key):  # most blocks: entries of menus
        return 0.0
    if leads_home(block) or (_is_sentence(block) and not titles.has(block.key)):
        return 0.0  # a sentence may begin with the title's words
    fit = titles.fit(block, is_heading=is_heading)
    return fit + ("h1" in block.scope.flags) * 0.2 + is_heading * 0.1 if fit >= MIN_FIT else 0.0


def _is_sentence(block: Block) -> bool:
    return block.weight >= PARAGRAPH and block.text.endswith(FULL_STOPS)


def _is_heading(block: Block, marks: Marks) -> bool:
    is_tagged = not block.scope.flags.isdisjoint(TITLE_HEADINGS)
    return is_tagged or block.bold_share > 0.9 or "headline" in marks(block)


def _by_place(above: Sequence[Block], titles: DeclaredTitles, marks: Marks, *, is_ranked: bool) -> int | None:
    """The last heading (an ``h1``, or any) before the body that has the form of a headline."""
    for block in reversed(above):
        flags = block.scope.flags
        is_heading = "h1" in flags if is_ranked else _is_heading(block, marks) and block.link_share < 0.5
        if is_heading and not flags & APART and _reads_like_headline(block, titles):
            return block.index
    return None


def _reads_like_headline(block: Block, titles: DeclaredTitles) -> bool:
    is_sized = block.weight >= MIN_HEADLINE_CHARS and len(block.text) <= MAX_TITLE_CHARS
    is_other = leads_home(block) or NAMED.fullmatch(block.text) or titles.names_site(block.text) or _is_sentence(block)
    return is_sized and not is_other


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredTitles:
    """The titles in a page's head, prepared for comparison with its blocks."""

    titles: tuple[tuple[str, frozenset[str]], ...]
    """Match key and words of each title: whole, without the site's name, and its first part."""
    site_keys: frozenset[str]
    host: str
    joined: str
    """The match keys in one text, with a line break between each two, which no key has."""
    shortest: int
    """Letters of the shortest match key."""
    count: int
    """Titles in the head."""

    @classmethod
    def of(cls, metadata: Metadata, url: str) -> DeclaredTitles:
        """The titles of a page's head."""
        whole = metadata.titles
        bare = [strip_site(title, metadata.site_name, url) for title in whole]
        first = [part for title in whole if len(part := title_parts(title)[0][0]) >= MIN_SUMMARY_CHARS // 2]
        variants = dict.fromkeys((*whole, *bare, *first))
        titles = tuple((match_key(title), frozenset(title.casefold().split())) for title in variants)
        return cls(
            titles=titles,
            site_keys=frozenset((match_key(metadata.site_name or ""),)),
            host=host_word(url),
            joined="\n".join(whole for whole, _ in titles),
            shortest=min((len(whole) for whole, _ in titles), default=MAX_TITLE_CHARS),
            count=len(whole),
        )

    def names_site(self, text: str) -> bool:
        """True for a text that names the site."""
        return names_site(text, set(self.site_keys), self.host)

    def has(self, key: str) -> bool:
        """True for the key of a title."""
        return any(key == whole for whole, _ in self.titles)

    def overlaps(self, key: str) -> bool:
        """True for a key that is part of a title's key, or contains it."""
        return key in self.joined or (len(key) >= self.shortest and any(whole in key for whole, _ in self.titles))

    def fit(self, block: Block, *, is_heading: bool) -> float:
        """How well a block fits the best of the titles.

        1 when they are equal, less when one contains the other or when they share words.
        """
        words = frozenset(block.text.casefold().split()) if is_heading else frozenset()
        return max((self._fit(block, whole, theirs, words) for whole, theirs in self.titles), default=0.0)

    def _fit(self, block: Block, whole: str, theirs: frozenset[str], words: frozenset[str]) -> float:
        if block.key == whole:
            return 1.0
        is_part = block.key in whole if len(block.key) >= MIN_TITLE_SHARE * len(whole) else whole.startswith(block.key)
        if len(block.key) >= MIN_TITLE_CHARS and whole and (is_part or whole in block.key):
            if self.names_site(block.text):
                return 0.0
            return 0.5 + 0.4 * min(len(block.key), len(whole)) / max(len(block.key), len(whole))
        return 0.9 * len(words & theirs) / len(words | theirs) if words else 0.0
