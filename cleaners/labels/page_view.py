"""The page as input of the labeller: blocks, the share of each that trafilatura kept, and the article's container."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Self
from urllib.parse import urljoin

from cleaners.blocks.class_words import NO_MARKS
from cleaners.blocks.measures import (
    LINE,
    MUCH_PROSE,
    PROSE_BOXES,
    blocks_within,
    element_signature,
    is_prose,
    paragraph_shape,
)
from cleaners.blocks.scope import Scope, common_scope
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import BodyAlignment
from cleaners.labels.headline import NAMED, DeclaredTitles, find_headline, is_free_text, is_same_start
from cleaners.labels.story import Story, find_story
from cleaners.text.normalise import match_key
from cleaners.types import Metadata
from cleaners.urls.identity import page_identity
from cleaners.urls.resolve import registrable_domain

UNINFORMATIVE_SHARE = 0.3
"""Share of the body from which a class on it says nothing about a single block (``p.paywall`` on every paragraph)."""

ABOVE = 10
"""Blocks above the headline to which all rules apply: breadcrumb, kicker, date, label."""
BELOW = 60
"""Blocks below the container to which all rules apply: more than the 40 that the region may include."""

MAX_SOUGHT_CHARS = 100_000
"""Characters of a declared description or text in which each block is sought. On 4,503 development pages the longest
description has 14,781 and the longest text 39,780."""

LISTS = frozenset(("ul", "ol"))

LINK_BOXES = ("most_read", "related", "promo")
"""Boxes of links to other pages, in order of precedence when one element names several."""

NO_PAGE = ("#", "javascript:", "mailto:", "tel:")
"""Starts of references that lead to no other page."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Cumulative characters of blocks, computed once: rules look up the text below a block thousands of times."""

    indexes: tuple[int, ...]
    """Indexes of the blocks, ascending."""
    until: tuple[int, ...]
    """Characters of the blocks before each of them, and of all."""

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> Self:
        """The sums of blocks in page order."""
        return cls(tuple(b.index for b in blocks), tuple(accumulate((b.weight for b in blocks), initial=0)))

    def below(self, index: int) -> int:
        """Characters of the blocks below one of the page."""
        return self.until[-1] - self.until[bisect_right(self.indexes, index)]


class PageView:
    """The properties of a page that the rules use. Made once per page; they are computed when first used."""

    def __init__(self, blocks: tuple[Block, ...], alignment: BodyAlignment, metadata: Metadata, url: str) -> None:
        self.url = url
        self.blocks = blocks
        self.kept_shares = alignment.shares
        self.metadata = metadata
        self._known_holders: dict[tuple[Scope, tuple[str, ...]], bool] = {}
        self._flags_inside: dict[frozenset[str], frozenset[str]] = {}
        """The flags of elements in the container, without those of the container."""

    @cached_property
    def story(self) -> Story:
        """Which story of the page is the article."""
        return find_story(self.blocks, self.kept_shares, self.declared_titles)

    @property
    def body_evidence(self) -> tuple[Block, ...]:
        """Kept paragraphs of the story, which show where the body is; kept lines where there is no paragraph."""
        return self.story.evidence

    @cached_property
    def evidence_indexes(self) -> frozenset[int]:
        """Indexes of the ``body_evidence`` blocks."""
        return frozenset(b.index for b in self.body_evidence)

    @cached_property
    def evidence_chars(self) -> int:
        """Characters of all ``body_evidence`` blocks."""
        return sum(block.weight for block in self.body_evidence)

    def evidence_below(self, index: int) -> int:
        """Characters of the ``body_evidence`` blocks below a block."""
        return self._evidence_sums.below(index)

    def typical_below(self, index: int) -> int:
        """Characters of the ``typical_paragraphs`` below a block."""
        return self._typical_sums.below(index)

    @cached_property
    def _evidence_sums(self) -> Sums:
        return Sums.of(self.body_evidence)

    @cached_property
    def _typical_sums(self) -> Sums:
        return Sums.of(self.typical_paragraphs)

    @property
    def container(self) -> Scope | None:
        """The innermost scope that holds most of the story's evidence."""
        return self.story.container

    @cached_property
    def container_range(self) -> tuple[int, int]:
        """Index of the first and last block of the container; (0, -1) when there is none."""
        return (min(self._inside), max(self._inside)) if self._inside else (0, -1)

    def is_near(self, block: Block) -> bool:
        """True where all rules apply to a block: near the article, or for prose anywhere on the page."""
        return (block.weight >= LINE and block.link_share < 0.5) or block.index in self._reach

    @cached_property
    def _reach(self) -> range:
        """Indexes of the blocks near the article; all where there is no container."""
        start, stop = self.container_range
        if stop < start:
            return range(len(self.blocks))
        top = start if self.title_index is None else min(start, self.title_index)
        return range(max(0, top - ABOVE), stop + BELOW)

    @cached_property
    def first_evidence(self) -> int:
        """Index of the first ``body_evidence`` block in the container."""
        return min((b.index for b in self.body_evidence if self.is_in_container(b)), default=0)

    @cached_property
    def typical_paragraphs(self) -> tuple[Block, ...]:
        """The ``body_evidence`` blocks of the container that have the typical shape."""
        return tuple(
            b for b in self.body_evidence if self.is_in_container(b) and paragraph_shape(b) == self.typical_shape
        )

    def is_hidden(self, block: Block) -> bool:
        """True when the page hides a block. False when much of the body is hidden: a script shows it then."""
        return "hidden" in self.flags(block) and not self._is_hidden_body

    @cached_property
    def _is_hidden_body(self) -> bool:
        return (
            sum(b.weight for b in self.body_evidence if "hidden" in self.flags(b))
            > UNINFORMATIVE_SHARE * self.evidence_chars
        )

    @cached_property
    def first_typical(self) -> int:
        """Index of the first ``body_evidence`` block that has the typical shape."""
        return min((b.index for b in self.typical_paragraphs), default=self.first_evidence)

    @cached_property
    def last_evidence(self) -> int:
        """Index of the last ``body_evidence`` block in the container."""
        return max((b.index for b in self.body_evidence if self.is_in_container(b)), default=-1)

    def link_box(self, block: Block) -> str | None:
        """Kind of the outermost link box around a block: a card of class ``trending`` in ``related`` is related."""
        outermost = None
        for scope in block.scope.chain():
            if self.holds_container(scope):
                break
            kinds = [kind for kind in LINK_BOXES if kind in scope.marks]
            if kinds and element_signature(scope) not in self.uninformative_classes:
                outermost = kinds[0]
        return outermost

    @cached_property
    def _inside(self) -> frozenset[int]:
        return frozenset(b.index for outer in self._chunks for b in self.within(outer))

    def within(self, scope: Scope) -> Iterator[Block]:
        """Blocks whose whole text is in an element, in page order."""
        return blocks_within(self.blocks, scope)

    @cached_property
    def _chunks(self) -> tuple[Scope, ...]:
        """The container and the body elements like it: long articles are split to insert advertising."""
        outer = self.container
        if outer is None:
            return ()
        mine = element_signature(outer)
        if not mine[1] or mine[0] not in ("div", "section"):
            return (outer,)
        twins: dict[int, Scope] = {id(outer): outer}
        headed: set[int] = set()
        for block in self.blocks:
            scope = block.scope.at_depth(outer.depth)
            if scope is not None and element_signature(scope) == mine:
                twins.setdefault(id(scope), scope)
                if "h1" in block.scope.flags:
                    headed.add(id(scope))
        prose = {
            id(s): any(is_prose(b) and paragraph_shape(b) == self.typical_shape for b in self.within(s))
            for s in twins.values()
        }
        return tuple(s for name, s in twins.items() if name == id(outer) or (prose[name] and name not in headed))

    def is_in_container(self, block: Block) -> bool:
        """True when the block is in the article's container."""
        return block.index in self._inside

    def is_beside_paragraphs(self, block: Block) -> bool:
        """True when the block is in the article's container beside other ``body_evidence`` blocks."""
        return self.is_in_container(block) and self._beside[block.block_scope.parent] > (
            block.index in self.evidence_indexes
        )

    @cached_property
    def _beside(self) -> Counter[Scope | None]:
        """Number of ``body_evidence`` blocks with each parent."""
        return Counter(b.block_scope.parent for b in self.body_evidence)

    @cached_property
    def uninformative_classes(self) -> frozenset[tuple[str, str]]:
        """Signatures (tag, class) whose words are ignored because too much of the body has them."""
        carried: dict[tuple[str, str], int] = defaultdict(int)
        count: dict[tuple[str, str], int] = defaultdict(int)
        for block in self.body_evidence:
            for carrier in {element_signature(s) for s in block.scope.chain() if s.marks}:
                carried[carrier] += block.weight
                count[carrier] += 1
        return frozenset(
            s
            for s, size in carried.items()
            if (size >= UNINFORMATIVE_SHARE * self.evidence_chars and count[s] > 1) or size >= 0.5 * self.evidence_chars
        )

    def marks(self, block: Block) -> frozenset[str]:
        """Kinds that the block's ancestors below the container name, without uninformative classes."""
        marks = self._known_marks.get(block.scope)
        return self._marks(block.scope) if marks is None else marks

    @cached_property
    def _known_marks(self) -> dict[Scope, frozenset[str]]:
        """Cached marks by scope; empty for the container and the scopes around it."""
        return dict.fromkeys(self.container.chain() if self.container else (), NO_MARKS)

    def _marks(self, scope: Scope) -> frozenset[str]:
        marks = self._known_marks.get(scope)
        if marks is None:
            marks = NO_MARKS if scope.parent is None else self._marks(scope.parent)
            if scope.marks:
                marks |= self._informative_marks(scope)
            self._known_marks[scope] = marks
        return marks

    @cached_property
    def column(self) -> Scope | None:
        """The element whose children most of the typical paragraphs are, by characters: the story's own column."""
        sizes: dict[Scope, int] = defaultdict(int)
        for block in self.typical_paragraphs:
            if block.block_scope.parent is not None:
                sizes[block.block_scope.parent] += block.weight
        return max(sizes, key=lambda scope: sizes[scope], default=None)

    @cached_property
    def _around_column(self) -> frozenset[Scope]:
        return frozenset(self.column.chain()) if self.column is not None else frozenset()

    @cached_property
    def boxes(self) -> tuple[Scope | None, ...]:
        """The box of each block: the outermost element around it that does not hold the story's column.

        A paragraph of the column is its own box. None for a line that stands in the column's element itself.
        """
        return tuple(self._box(block.block_scope) for block in self.blocks)

    def _box(self, scope: Scope) -> Scope | None:
        if scope in self._around_column:
            return None
        while scope.parent is not None and scope.parent not in self._around_column:
            scope = scope.parent
        return scope

    def has_inside(self, scope: Scope, *tags: str) -> bool:
        """True where a scope contains an element with one of these tags. Cached: a scope may hold thousands."""
        has_element = self._known_holders.get((scope, tags))
        if has_element is None:
            has_element = next(scope.element.iterdescendants(*tags), None) is not None
            self._known_holders[scope, tags] = has_element
        return has_element

    def _informative_marks(self, scope: Scope) -> frozenset[str]:
        """Kinds that an element's own names name, as far as they say something about a single block."""
        if self.uninformative_classes and element_signature(scope) in self.uninformative_classes:
            return NO_MARKS
        return scope.marks & PROSE_BOXES if self.prose_below.get(id(scope), 0) >= MUCH_PROSE else scope.marks

    @cached_property
    def prose_below(self) -> dict[int, int]:
        """Characters of the typical paragraphs in each scope."""
        sizes: dict[int, int] = defaultdict(int)
        for block in self.typical_paragraphs:
            for scope in block.scope.chain():
                sizes[id(scope)] += block.weight
        return sizes

    @cached_property
    def _above(self) -> frozenset[int]:
        return frozenset(id(scope) for scope in self.container.chain()) if self.container else frozenset()

    def holds_container(self, scope: Scope) -> bool:
        """True for the container and its ancestors, whose names say nothing about a single block."""
        return id(scope) in self._above

    def flags(self, block: Block) -> frozenset[str]:
        """Flags that the block inherits from below the container; all its flags when it is outside."""
        flags = block.scope.flags
        if self.container is None or block.index not in self._inside:
            return flags
        inner_flags = self._flags_inside.get(flags)
        if inner_flags is None:
            inner_flags = self._flags_inside[flags] = flags - self.container.flags
        return inner_flags

    @cached_property
    def _own_pages(self) -> frozenset[str]:
        """Identities of the page: of its URL, and of the canonical URL that it declares."""
        return frozenset(page_identity(url) for url in (self.url, self.metadata.canonical_url) if url)

    def is_own(self, reference: str) -> bool:
        """True for a reference to the page itself.

        Raises:
            ValueError: for one that is no URL.
        """
        return page_identity(urljoin(self.url, reference)) in self._own_pages

    def leads_away(self, reference: str | None) -> bool:
        """True for a reference to another page."""
        if not reference or reference.startswith(NO_PAGE):
            return False
        try:
            return not self.is_own(reference)
        except ValueError:
            return False

    def leads_on(self, reference: str | None) -> bool:
        """True for a reference to another page of the same site."""
        if not self.leads_away(reference):
            return False
        return self._site == registrable_domain(urljoin(self.url, reference or ""))

    @cached_property
    def _site(self) -> str:
        return registrable_domain(self.url)

    @cached_property
    def declared_titles(self) -> DeclaredTitles:
        """The titles in the page's head, prepared for comparison with its blocks."""
        return DeclaredTitles.of(self.metadata, self.url)

    @cached_property
    def title_keys(self) -> frozenset[str]:
        """Match keys of the page's titles: those in its head and the visible headline."""
        shown = () if self.title_index is None else (self.blocks[self.title_index].key,)
        return frozenset(
            k for k in (match_key(self.metadata.title or ""), *map(match_key, self.metadata.titles), *shown) if k
        )

    @cached_property
    def title_index(self) -> int | None:
        """Index of the block that shows the title; None when none does."""
        return find_headline(self.blocks, self.first_evidence, self.declared_titles, self.marks)

    @cached_property
    def standfirst_indexes(self) -> frozenset[int]:
        """Indexes of the blocks between headline and body that are a standfirst, not a lead.

        These are texts that the page's description repeats or that are headings. Where there are none, it is the only
        text there or the one right below the headline. List items in the container are key points, not a standfirst.
        """
        if self.title_index is None:
            return frozenset()
        head = self.blocks[self.title_index + 1 : self.first_typical]
        outside = [
            b
            for b in head
            if not self.is_in_container(b) or (paragraph_shape(b) != self.typical_shape and self._is_set_off(b))
        ]
        free = [b for b in outside if is_free_text(b) and not self.marks(b) and not NAMED.fullmatch(b.text)]
        candidates = [b for b in free if not (b.scope.flags & LISTS and self.is_in_container(b))]
        alike = frozenset(
            b.index for b in candidates if is_same_start(b.key, self.description_key) or b.scope.flags & {"h2", "h3"}
        )
        nearest = frozenset(b.index for b in candidates[:1] if len(candidates) == 1 or b.index <= self.title_index + 2)
        return alike or nearest

    @cached_property
    def headline_box_chars(self) -> int:
        """Characters of the standfirst's blocks that are in one box with the headline."""
        return sum(self.blocks[i].weight for i in self.standfirst_indexes if self.is_in_headline_box(self.blocks[i]))

    def is_in_headline_box(self, block: Block) -> bool:
        """True when block and headline are in one element that does not hold the body's paragraphs."""
        if self.title_index is None or not self.typical_paragraphs:
            return False
        headline = self.blocks[self.title_index].block_scope
        return (
            common_scope(headline, block.block_scope).depth
            > common_scope(headline, self.typical_paragraphs[0].block_scope).depth
        )

    def _is_set_off(self, block: Block) -> bool:
        """True when there is something other than running text between a block and the body's first paragraph."""
        return block.index < self._last_apart

    @cached_property
    def _last_apart(self) -> int:
        """Index of the last block before the body's first paragraph that is not running text; -1 if there is none."""
        return next((b.index for b in reversed(self.blocks[: self.first_typical]) if not is_free_text(b)), -1)

    @cached_property
    def author_keys(self) -> frozenset[str]:
        """Match keys of the authors' names."""
        return frozenset(match_key(name) for name in self.metadata.authors)

    @cached_property
    def description_key(self) -> str:
        """Match key of the page's own description, of ``MAX_SOUGHT_CHARS`` of it."""
        return match_key((self.metadata.description or "")[:MAX_SOUGHT_CHARS])

    @cached_property
    def article_body_key(self) -> str:
        """Match key of the articleBody in the page's JSON-LD, of ``MAX_SOUGHT_CHARS`` of it."""
        return match_key((self.metadata.article_body or "")[:MAX_SOUGHT_CHARS])

    @cached_property
    def title_words(self) -> frozenset[str]:
        """Case-folded words of all titles in the head."""
        return frozenset(word for title in self.metadata.titles for word in title.casefold().split())

    @cached_property
    def repeats(self) -> Counter[str]:
        """How often each block's match key occurs on the page."""
        return Counter(block.key for block in self.blocks)

    @cached_property
    def typical_shape(self) -> tuple[str, str, str]:
        """Tag and class, and parent's tag, of most of the body by characters."""
        sizes: dict[tuple[str, str, str], int] = defaultdict(int)
        for block in self.body_evidence:
            sizes[paragraph_shape(block)] += block.weight
        return max(sizes, key=lambda s: sizes[s], default=("", "", ""))
