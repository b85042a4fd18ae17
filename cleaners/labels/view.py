"""The page as the labeller sees it: blocks, what trafilatura kept of each, and where the article stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from cleaners.blocks import SENTENCE_END, Block, Scope
from cleaners.labels.lexicon import AD, BYLINE, DATE
from cleaners.normalise import key
from cleaners.titles import host_key, is_site, parts, strip_site
from cleaners.tokens import TAG_MARKS
from cleaners.types import Metadata

CONTAINER_SHARE = 0.85
"""Share of the body's characters the container must hold: all paragraphs but a stray lead or a kept teaser."""

VOID_SHARE = 0.3
"""A class that this share of the body carries names the body, whatever it says (``p.paywall`` on every paragraph)."""

PARAGRAPH = 80
"""Characters of a paragraph that counts as evidence of the body. CJK characters count three times: see ``weight``."""

CJK = ("\u2e80", "\u9fff")


def weight(text: str) -> int:
    """Length of a text in Latin characters: ideographs and kana carry about three each."""
    if text.isascii():
        return len(text)
    return len(text) + 2 * sum(CJK[0] <= char <= CJK[1] for char in text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What trafilatura kept: of each block a share of 0 to 1."""

    shares: tuple[float, ...]

    @classmethod
    def of(cls, blocks: Sequence[Block], lines: Iterable[str]) -> Kept:
        """Find each block's text among trafilatura's lines.

        Long texts are looked up anywhere, in windows when not whole; short ones must be a line of their own or continue the
        line of a neighbour, since a word such as 'Sport' stands everywhere.
        """
        keys = [key(line) for line in lines]
        joined, own = "\n".join(keys), set(keys)
        run_on = "".join(keys)
        shares = []
        for index, block in enumerate(blocks):
            if len(block.key) >= SHORT_KEY:
                share = 1.0 if block.key in run_on else _window_share(block.key, joined)
            elif not block.key:
                share = 0.0
            elif block.key in own:
                share = 1.0
            else:
                after = blocks[index + 1].key if index + 1 < len(blocks) else ""
                before = blocks[index - 1].key if index else ""
                share = float(
                    bool(len(after) >= SHORT_KEY and block.key + after[:40] in joined)
                    or bool(len(before) >= SHORT_KEY and before[-40:] + block.key in joined)
                )
            shares.append(share)
        return cls(shares=tuple(shares))


SHORT_KEY = 25
"""Letters from which a text hardly stands twice by chance."""
WINDOW = 20
"""Letters of a window when a long text is not kept whole."""


def _window_share(text: str, joined: str) -> float:
    windows = range(0, len(text) - WINDOW + 1, WINDOW)
    return sum(text[start : start + WINDOW] in joined for start in windows) / max(1, len(windows))


def is_sentence(block: Block) -> bool:
    """True for prose: long enough, ended by punctuation, not a link."""
    return weight(block.text) >= PARAGRAPH and block.link_share < 0.5 and bool(SENTENCE_END.search(block.text))


class View:
    """Everything the rules may ask about a page. Made once a page; its answers are computed on first need."""

    def __init__(self, blocks: tuple[Block, ...], kept: Kept, metadata: Metadata, url: str) -> None:
        self.url = url
        self.blocks = blocks
        self.kept = kept.shares
        self.metadata = metadata

    @cached_property
    def strong(self) -> tuple[Block, ...]:
        """Kept paragraphs: the evidence of where the body is."""
        return tuple(
            block
            for block in self.blocks
            if self.kept[block.index] >= KEPT and weight(block.text) >= PARAGRAPH and block.link_share < 0.5
        )

    @cached_property
    def mass(self) -> int:
        """Characters of all strong blocks."""
        return sum(weight(block.text) for block in self.strong)

    @cached_property
    def container(self) -> Scope | None:
        """The innermost scope that holds ``CONTAINER_SHARE`` of the strong blocks."""
        return container(self.strong)

    @cached_property
    def span(self) -> tuple[int, int]:
        """Index of the first and last block of the container; (0, -1) when there is none."""
        return (min(self._inside), max(self._inside)) if self._inside else (0, -1)

    @cached_property
    def first(self) -> int:
        """Index of the first strong block inside the container."""
        return min((b.index for b in self.strong if self.is_inside(b)), default=0)

    @cached_property
    def usual(self) -> tuple[Block, ...]:
        """Strong blocks of the container that look like most of the body."""
        return tuple(b for b in self.strong if self.is_inside(b) and shape(b) == self.usual_signature)

    def is_hidden(self, block: Block) -> bool:
        """True when a block is hidden by its page, unless much of the body is: templates show it by script."""
        return "hidden" in self.flags(block) and not self._is_hidden_body

    @cached_property
    def _is_hidden_body(self) -> bool:
        return sum(weight(b.text) for b in self.strong if "hidden" in self.flags(b)) > VOID_SHARE * self.mass

    @cached_property
    def first_usual(self) -> int:
        """Index of the first strong block that looks like most of the body."""
        return min((b.index for b in self.usual), default=self.first)

    @cached_property
    def last(self) -> int:
        """Index of the last strong block inside the container."""
        return max((b.index for b in self.strong if self.is_inside(b)), default=-1)

    def link_box(self, block: Block) -> str | None:
        """The outermost kind of link box around a block: ``related`` around a card classed ``trending`` is related."""
        found = None
        for scope in block.scope.chain():
            if self.holds_container(scope):
                break
            kinds = [kind for kind in LINK_BOXES if kind in scope.marks]
            if kinds and signature(scope) not in self.void:
                found = kinds[0]
        return found

    @cached_property
    def _inside(self) -> frozenset[int]:
        outers = self._chunks
        return frozenset(b.index for b in self.blocks if any(b.scope.is_within(outer) for outer in outers))

    @cached_property
    def _chunks(self) -> tuple[Scope, ...]:
        """The container and its twins: long articles are cut into several like elements to place advertising between them."""
        outer = self.container
        if outer is None:
            return ()
        mine = signature(outer)
        if not mine[1] or mine[0] not in ("div", "section"):
            return (outer,)
        twins: dict[int, Scope] = {id(outer): outer}
        headed: set[int] = set()
        for block in self.blocks:
            for scope in block.scope.chain():
                if scope.depth == outer.depth and signature(scope) == mine:
                    twins.setdefault(id(scope), scope)
                    if "h1" in block.scope.flags:
                        headed.add(id(scope))
        prose = {id(s): any(is_sentence(b) and shape(b) == self.usual_signature for b in self.blocks if b.scope.is_within(s)) for s in twins.values()}
        return tuple(s for name, s in twins.items() if name == id(outer) or (prose[name] and name not in headed))

    def is_inside(self, block: Block) -> bool:
        """True when the block stands in the article's container."""
        return block.index in self._inside

    @cached_property
    def void(self) -> frozenset[tuple[str, str]]:
        """Signatures (tag, class) that too much of the body carries for their words to mean anything."""
        carried: dict[tuple[str, str], int] = defaultdict(int)
        count: dict[tuple[str, str], int] = defaultdict(int)
        for block in self.strong:
            for carrier in {signature(s) for s in block.scope.chain() if s.marks}:
                carried[carrier] += weight(block.text)
                count[carrier] += 1
        return frozenset(s for s, size in carried.items() if size >= VOID_SHARE * self.mass and count[s] > 1 or size >= 0.5 * self.mass)

    def marks(self, block: Block) -> frozenset[str]:
        """Kinds that the block's ancestors below the container speak of, void ones left out."""
        found: set[str] = set()
        for scope in block.scope.chain():
            if self.holds_container(scope):
                break
            if scope.marks:
                found |= TAG_MARKS.get(scope.tag, frozenset()) if signature(scope) in self.void else scope.marks
        return frozenset(found)

    @cached_property
    def _above(self) -> frozenset[int]:
        return frozenset(id(scope) for scope in self.container.chain()) if self.container else frozenset()

    def holds_container(self, scope: Scope) -> bool:
        """True for the container and its ancestors: what they are called says nothing of one block."""
        return id(scope) in self._above

    def flags(self, block: Block) -> frozenset[str]:
        """Facts the block inherits from below the container; all of them when it stands outside."""
        outer = self.container
        return block.scope.flags - outer.flags if outer is not None and self.is_inside(block) else block.scope.flags

    @cached_property
    def title_keys(self) -> frozenset[str]:
        """Keys of what the page calls its title, in its head and over its body."""
        shown = () if self.title_index is None else (self.blocks[self.title_index].key,)
        return frozenset(k for k in (key(self.metadata.title or ""), *map(key, self.metadata.titles), *shown) if k)

    @cached_property
    def title_index(self) -> int | None:
        """Index of the block that shows the title: of those before the body that fit the head's titles best, the last."""
        best, index = LEAST_FIT, None
        for block in self.blocks[: self.first + 1]:
            fit = self._title_fit(block)
            if fit and fit >= best:
                best, index = fit, block.index
        return index

    def _title_fit(self, block: Block) -> float:
        """How well a block fits the head's titles, 0 to 1; headings are believed sooner."""
        if len(block.text) > LONGEST_TITLE or not block.key:
            return 0.0
        is_heading = bool(block.scope.flags & {"h1", "h2", "h3"}) or block.bold_share > 0.9 or "headline" in self.marks(block)
        fit = max((self._fit(block, title, is_heading=is_heading) for title in self._title_parts), default=0.0)
        return fit + ("h1" in block.scope.flags) * 0.2 + is_heading * 0.1 if fit >= LEAST_FIT else 0.0

    @cached_property
    def _title_parts(self) -> tuple[str, ...]:
        """The head's titles, whole and without what names the site."""
        whole = self.metadata.titles
        bare = [strip_site(title, self.metadata.site_name, self.url) for title in whole]
        first = [part for title in whole if len(part := parts(title)[0][0]) >= LEAST_SUMMARY // 2]
        return tuple(dict.fromkeys((*whole, *bare, *first)))

    def _fit(self, block: Block, title: str, *, is_heading: bool) -> float:
        """How well one block fits one title: 1 when equal, less when one holds the other, words in common for headings."""
        whole = key(title)
        if block.key == whole:
            return 1.0
        if len(block.key) >= SHORTEST_TITLE and whole and (block.key in whole or whole in block.key):
            if is_site(block.text, {key(self.metadata.site_name or "")}, host_key(self.url)):
                return 0.0
            return 0.5 + 0.4 * min(len(block.key), len(whole)) / max(len(block.key), len(whole))
        if not is_heading:
            return 0.0
        mine, theirs = set(block.text.casefold().split()), set(title.casefold().split())
        return 0.9 * len(mine & theirs) / max(1, len(mine | theirs))

    @cached_property
    def summaries(self) -> frozenset[int]:
        """Indexes of the blocks between headline and container that are a standfirst, not a lead.

        A single text there is the standfirst; of several, those that the page's description repeats or that are headings, or
        the one right below the headline.
        """
        if self.title_index is None:
            return frozenset()
        head = self.blocks[self.title_index + 1 : self.first_usual]
        outside = [b for b in head if not self.is_inside(b) or (shape(b) != self.usual_signature and self._is_set_off(b))]
        found = [b for b in outside if is_free_text(b) and not self.marks(b) and not NAMED.fullmatch(b.text)]
        alike = frozenset(b.index for b in found if is_same_start(b.key, self.description_key) or b.scope.flags & {"h2", "h3"})
        nearest = frozenset(b.index for b in found[:1] if len(found) == 1 or b.index <= self.title_index + 2)
        return alike or nearest

    def _is_set_off(self, block: Block) -> bool:
        """True when something other than running text stands between a block and the body's first paragraph."""
        return any(not is_free_text(b) for b in self.blocks[block.index + 1 : self.first_usual])

    @cached_property
    def author_keys(self) -> frozenset[str]:
        """Keys of the authors' names."""
        return frozenset(key(name) for name in self.metadata.authors)

    @cached_property
    def description_key(self) -> str:
        """Key of the page's own description."""
        return key(self.metadata.description or "")

    @cached_property
    def usual_signature(self) -> tuple[str, str, str]:
        """Tag and class of the body's paragraphs and of what they stand in, by most characters."""
        sizes: dict[tuple[str, str, str], int] = defaultdict(int)
        for block in self.strong:
            sizes[shape(block)] += weight(block.text)
        return max(sizes, key=lambda s: sizes[s], default=("", "", ""))


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
    return weight(block.text) >= LEAST_SUMMARY and block.link_share < 0.5 and not block.scope.flags & NOT_FREE


NOT_FREE = frozenset(("figure", "figcaption", "caption", "nav", "footer", "button", "aside", "h1"))


def is_same_start(text: str, description: str) -> bool:
    """True when a text and a description begin alike, to where the shorter ends."""
    size = min(len(text), len(description), SAME_START)
    return size >= SAME_START // 2 and text[:size] == description[:size]


LINK_BOXES = ("most_read", "related", "promo")
"""Boxes of links to other pages, in the order asked when one element names several."""

KEPT = 0.7
"""Share of a block from which it counts as kept."""


def signature(scope: Scope) -> tuple[str, str]:
    """What makes two elements of a template alike: tag and class."""
    return scope.tag, scope.element.get("class") or ""


def shape(block: Block) -> tuple[str, str, str]:
    """Tag and class of a block's element, and its parent's tag."""
    home = block.home
    return home.tag, home.element.get("class") or "", home.parent.tag if home.parent else ""


def container(blocks: Sequence[Block]) -> Scope | None:
    """The innermost scope that holds ``CONTAINER_SHARE`` of the blocks' characters."""
    if not blocks:
        return None
    sizes: dict[int, int] = defaultdict(int)
    scopes: dict[int, Scope] = {}
    total = 0
    for block in blocks:
        size = weight(block.text)
        total += size
        start = block.home if block.home.tag not in {"p"} else block.home.parent or block.home
        for scope in start.chain():
            sizes[id(scope)] += size
            scopes[id(scope)] = scope
    holding = [scope for name, scope in scopes.items() if sizes[name] >= CONTAINER_SHARE * total]
    best = max(holding, key=lambda scope: scope.depth)
    return best
