"""Which story: where on a page the article is, decided before any of its blocks is labelled.

The evidence is the prose that trafilatura kept. Steps take out what is not of the story that the page is about: prose
above the headline, further stories, readers' comments, and prose far from all other. The container holds the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cleaners.blocks.measures import LINE, PARAGRAPH, blocks_within, element_signature, find_container
from cleaners.blocks.scope import Scope, common_scope
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import KEPT_SHARE
from cleaners.labels.headline import APART, DeclaredTitles
from cleaners.labels.lexicon import COMMENT_CONTROL

STORY_CHARS = 250
"""Fewest characters of evidence that are a story of their own. A teaser has fewer."""

LINKED = 0.5
"""Share of link text from which a line that is no heading leads to a story and is not its headline."""

STORY_SHARE = 0.12
"""Smallest share of a page's evidence that is a story of its own. With both bounds 3 wrong texts of the development
pages have two such ``article`` elements, and none of 80 right ones."""

CONTROLS = 5
"""Fewest repetitions of a control line, such as 'Reply', in a list of readers' comments."""

FAR = 30
"""Blocks without evidence from which prose is far from the story: menus, lists of links and footers are between."""


class Outside(StrEnum):
    """Why a block is outside of the story, in words."""

    ABOVE_HEADLINE = "above the headline"
    OTHER_STORY = "of another story"
    COMMENTS = "of readers' comments"
    FAR = "far from the story"


@dataclass(frozen=True, slots=True)
class Story:
    """Where the article is."""

    evidence: tuple[Block, ...]
    """The kept paragraphs of the story, in page order; kept lines where the page has no paragraph."""
    container: Scope | None
    """The innermost scope that holds most of the evidence."""
    headline: Block | None = None
    """The first line whose words are exactly a declared title; no link, unless it is a heading."""
    outside: Mapping[int, Outside] = field(default_factory=dict)
    """Blocks that are not of the story, by index, and why."""


def find_story(blocks: Sequence[Block], kept_shares: Sequence[float], titles: DeclaredTitles) -> Story:
    """Decide which story of a page is the article.

    Args:
        blocks: all blocks of the page.
        kept_shares: share of each that trafilatura kept.
        titles: the titles that the head declares.
    """
    candidates = [b for b in blocks if kept_shares[b.index] >= KEPT_SHARE and b.link_share < 0.5]
    evidence = [b for b in candidates if b.weight >= PARAGRAPH] or [b for b in candidates if b.weight >= LINE]
    prose = [b for b in blocks if b.weight >= PARAGRAPH and b.link_share < LINKED]
    page = _Page(blocks, _headline(blocks, titles), prose)
    outside: dict[int, Outside] = {}
    for why, find in STEPS if evidence else ():
        marked = find(page, evidence)
        rest = [b for b in evidence if b.index not in marked]
        if _chars(rest) >= STORY_CHARS:
            outside.update(dict.fromkeys(marked, why))
            evidence = rest
    return Story(tuple(evidence), find_container(evidence), page.headline, outside)


@dataclass(frozen=True, slots=True)
class _Page:
    blocks: Sequence[Block]
    headline: Block | None
    prose: Sequence[Block]
    """Its paragraphs, kept or not: of a page of two stories, trafilatura keeps one."""


def _chars(blocks: Sequence[Block]) -> int:
    return sum(block.weight for block in blocks)


def _headline(blocks: Sequence[Block], titles: DeclaredTitles) -> Block | None:
    return next(
        (
            block
            for block in blocks
            if (block.link_share < LINKED or not block.scope.flags.isdisjoint(("h1", "h2")))
            and block.scope.flags.isdisjoint(APART)
            and titles.has(block.key)
            and not titles.names_site(block.text)
        ),
        None,
    )


def _above_headline(page: _Page, evidence: Sequence[Block]) -> set[int]:
    """Evidence above the headline: a list of stories, a consent text, the latest comments.

    Where most of it is above, the line is not the headline but repeats it, as a form for comments does.
    """
    if page.headline is None:
        return set()
    above = [b for b in evidence if b.index < page.headline.index]
    return {b.index for b in above} if 2 * _chars(above) <= _chars(evidence) else set()


def _other_articles(page: _Page, evidence: Sequence[Block]) -> set[int]:
    """Blocks of the ``article`` elements beside the one that has the headline."""
    if page.headline is None:
        return set()
    mine = [scope for scope in page.headline.scope.chain() if scope.tag == "article"]
    if not mine:
        return set()
    sizes: dict[Scope, int] = defaultdict(int)
    for block in page.prose:
        for scope in block.scope.chain():
            if scope.tag == "article" and scope not in mine:
                sizes[scope] += block.weight
    least = max(STORY_CHARS, STORY_SHARE * _chars(evidence))
    others = [scope for scope, size in sizes.items() if size >= least and not scope.is_within(mine[0])]
    return {b.index for scope in others for b in blocks_within(page.blocks, scope)}


def _repeated_headline(page: _Page, evidence: Sequence[Block]) -> set[int]:
    """All below the next ``h1`` in an element like that of the headline: an endless page shows story after story."""
    headline = page.headline
    if headline is None or "h1" not in headline.scope.flags:
        return set()
    shape = _shape(headline.block_scope)
    for block in page.blocks[headline.index + 1 :]:
        if "h1" in block.scope.flags and block.key != headline.key and _shape(block.block_scope) == shape:
            above = [b for b in evidence if headline.index < b.index < block.index]
            below = [b for b in page.prose if b.index > block.index]
            if min(_chars(above), _chars(below)) >= STORY_CHARS and not _are_siblings(block, [*above, *below]):
                return set(range(block.index, len(page.blocks)))
    return set()


def _are_siblings(heading: Block, paragraphs: Sequence[Block]) -> bool:
    """True where the paragraphs above and below a heading are beside it: it is a subhead."""
    parent = heading.block_scope.parent
    beside = [b.index < heading.index for b in paragraphs if b.block_scope.parent is parent]
    return any(beside) and not all(beside)


def _shape(scope: Scope) -> tuple[tuple[str, str], ...]:
    return tuple(element_signature(outer) for outer, _ in zip(scope.chain(), range(3), strict=False))


def _comments(page: _Page, _evidence: Sequence[Block]) -> set[int]:
    """Blocks of the entries of which each has the same control, such as 'Reply'."""
    controls: dict[str, list[Block]] = defaultdict(list)
    for block in page.blocks:
        if len(block.text) <= MAX_CONTROL_CHARS and COMMENT_CONTROL.fullmatch(block.text):
            controls[block.key].append(block)
    marked: set[int] = set()
    for lines in controls.values():
        if len(lines) >= CONTROLS:
            marked |= _entries(page, lines)
    return marked


MAX_CONTROL_CHARS = 30


def _entries(page: _Page, lines: Sequence[Block]) -> set[int]:
    """The blocks of the elements that hold one of some lines each."""
    around = lines[0].scope
    for line in lines[1:]:
        around = common_scope(around, line.scope)
    entries = {scope for line in lines if (scope := line.scope.at_depth(around.depth + 1)) is not None}
    if len(entries) < CONTROLS or (page.headline is not None and page.headline.scope.is_within(around)):
        return set()
    return {b.index for scope in entries for b in blocks_within(page.blocks, scope)}


def _far(page: _Page, evidence: Sequence[Block]) -> set[int]:
    """Evidence behind a gap, outside of the core: a paragraph of the footer would make ``body`` the container."""
    core = _core(page, evidence)
    around = core[0].scope
    for block in core[1:]:
        around = common_scope(around, block.scope)
    if around.tag == "p" and around.parent is not None:
        around = around.parent
    twin = element_signature(around)
    return {
        b.index
        for b in evidence
        if not core[0].index <= b.index <= core[-1].index
        and not any(element_signature(scope) == twin for scope in b.scope.chain())
    }


def _core(page: _Page, evidence: Sequence[Block]) -> list[Block]:
    """The evidence without a gap right below the headline; without a headline, the largest such run."""
    runs: list[list[Block]] = [[]]
    for block in evidence:
        if runs[-1] and block.index - runs[-1][-1].index > FAR:
            runs.append([])
        runs[-1].append(block)
    headline = page.headline
    below = next((run for run in runs if _is_headed(run, headline.index)), None) if headline else None
    return below or max(runs, key=_chars)


def _is_headed(run: Sequence[Block], headline: int) -> bool:
    mine = [b for b in run if b.index > headline]
    return bool(mine) and mine[0].index - headline <= FAR and _chars(mine) >= STORY_CHARS


STEPS: tuple[tuple[Outside, Callable[[_Page, Sequence[Block]], set[int]]], ...] = (
    (Outside.ABOVE_HEADLINE, _above_headline),
    (Outside.COMMENTS, _comments),
    (Outside.OTHER_STORY, _other_articles),
    (Outside.OTHER_STORY, _repeated_headline),
    (Outside.FAR, _far),
)
"""The steps in their order; one that would leave less than ``STORY_CHARS`` of evidence changes nothing."""
