"""Learns site rules from labelled pages: which places of a site's template are text and which are not.

Only what a person changed teaches. A place is a chain of tags, classes and positions among siblings. It is generalised
as far as the blocks of all labelled pages allow: the most general selector that selects no block that is labelled
otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from lxml.html import HtmlElement

from cleaners.blocks.scope import Scope
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import SHORT_KEY, BodyAlignment, Passages
from cleaners.labels.site_labels import FIELDS
from cleaners.pipeline import Examination
from cleaners.site.places import KEEP, REMOVE
from cleaners.site.rules import SiteRules
from cleaners.site.selectors import elements, to_xpath
from cleaners.site.taught_file import Place
from cleaners.text.normalise import match_key
from cleaners.types import BODY_KINDS, BlockKind

STABLE = re.compile(r"-?[A-Za-z_](?:[A-Za-z_-]|\d{1,2}(?!\d))*")
"""A class or id of a template. Those with longer numbers name one page or one build of the site."""

WANTED = 0.5
"""Share of a block that must be in the labelled text."""

SHOWN = 80
"""Characters of a block in a message."""

OTHER = BlockKind.OTHER

OF_FIELDS = FIELDS | {BlockKind.STANDFIRST, BlockKind.BREADCRUMB}
"""Kinds from which fields of the record are read."""

LEVELS = 4
"""Most elements in a chain; longer ones hold for one page only."""

CONFIRMED = 2
"""Labelled pages on which a selector must select something that tells the element by its tag or position only."""

OF_PROSE = frozenset(("p", "div", "td", "li", "span", "section", "blockquote"))
"""Tags in which text stands: without a class or a place at an end they tell nothing."""

WHOLE_PAGE = ("html", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledExample:
    """A page with its blocks as a person labelled them."""

    name: str
    """What it is stored as."""
    examined: Examination
    """The page as it is cleaned without taught rules."""
    kinds: tuple[BlockKind, ...]
    """What each block is."""
    marks: frozenset[int]
    """Indexes of the blocks whose kind the person changed: these alone teach."""
    is_reviewed: bool
    """True where the person has corrected the whole text: then no rule may contradict it anywhere. Elsewhere the blocks
    that were not changed were perhaps not looked at, and a mark on another page counts for more."""

    @classmethod
    def of(cls, name: str, examined: Examination, text: str) -> LabelledExample:
        """An example from the corrected text of a page, one block a line."""
        blocks, labels = examined.labelled.view.blocks, examined.labelled.labels
        lines = [line for line in text.splitlines() if line.strip()]
        shares = BodyAlignment.of(blocks, lines).shares
        missing = BodyAlignment.of(blocks, _missing(lines, examined.labelled.body)).shares
        is_text = [
            (share if label.is_body else lack) > WANTED
            for share, lack, label in zip(shares, missing, labels, strict=True)
        ]
        kinds = tuple(
            label.kind if right is label.is_body else BlockKind.PARAGRAPH if right else BlockKind.OTHER
            for right, label in zip(is_text, labels, strict=True)
        )
        marks = frozenset(i for i, label in enumerate(labels) if is_text[i] is not label.is_body)
        return cls(name=name, examined=examined, kinds=kinds, marks=marks, is_reviewed=True)

    @property
    def where(self) -> str:
        """Its title and URL, for messages."""
        title = " ".join((self.examined.metadata.title or "").split())[:SHOWN]
        return f"{title}, {self.examined.page.url}" if title else self.examined.page.url

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The page's blocks."""
        return self.examined.labelled.view.blocks

    def is_text(self, index: int) -> bool:
        """Whether a block is text."""
        return self.kinds[index] in BODY_KINDS

    def selected(self, selector: str) -> set[int]:
        """Indexes of the blocks in the elements that a selector selects."""
        found = set(elements(self.examined.tree, to_xpath(selector)))
        return {block.index for block in self.blocks if any(scope.element in found for scope in block.scope.chain())}


def _missing(lines: Sequence[str], body: Sequence[Block]) -> list[str]:
    """The lines that no block of the body has: a line that is kept, and stands elsewhere as well, teaches nothing."""
    keys = {block.key for block in body}
    run_on = Passages("".join(block.key for block in body))
    kept = (key in keys or (len(key) >= SHORT_KEY and key in run_on) for key in map(match_key, lines))
    return [line for line, is_kept in zip(lines, kept, strict=True) if not is_kept]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlearnt:
    """A block that a person changed, and whose place cannot be told from others."""

    page: str
    """The name of the example."""
    where: str
    """The title and URL of the page."""
    key: str
    """``remove`` or ``keep``."""
    text: str
    """How the block begins."""

    def __str__(self) -> str:
        """A line for a message."""
        return f"{self.key}: {self.text}  # {self.where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """What some pages of a site teach."""

    places: tuple[Place, ...]
    unlearnt: tuple[Unlearnt, ...]

    def rules(self, host: str) -> SiteRules:
        """The places as the taught rules of a host."""
        removed = [one for one in self.places if one.key == REMOVE]
        return SiteRules(
            name=host,
            origin="taught",
            hosts=(host,),
            is_taught=True,
            remove=tuple(to_xpath(one.selector) for one in removed),
            remove_kinds=tuple(one.kind for one in removed),
            keep=tuple(to_xpath(one.selector) for one in self.places if one.key == KEEP),
        )


class Correction(NamedTuple):
    """An element of a page that a person changed."""

    key: str
    """``remove`` or ``keep``."""
    scope: Scope
    kind: BlockKind | None
    """What it is that is no text; None where nobody said more than that."""
    block: int
    """The index of the block."""


def learn(examples: Sequence[LabelledExample]) -> Lessons:
    """The places that the pages of one site teach.

    Of blocks that were taken out, the largest elements that hold nothing else; of those that were put in, themselves.
    """
    places: dict[tuple[str, str], Place] = {}
    unlearnt: list[Unlearnt] = []
    for example in examples:
        for correction in _corrections(example):
            selector = _selector(correction, example, examples)
            if selector is not None:
                place = Place(correction.key, selector, example.where, correction.kind)
                places.setdefault((place.key, place.selector), place)
            else:
                text = example.blocks[correction.block].text[:SHOWN]
                unlearnt.append(Unlearnt(page=example.name, where=example.where, key=correction.key, text=text))
    return Lessons(places=tuple(places.values()), unlearnt=tuple(unlearnt))


def _corrections(example: LabelledExample) -> Iterator[Correction]:
    """What a person changed on a page, each element once."""
    labels = example.examined.labelled.labels
    holding = _holding(example)
    done: set[Scope] = set()
    for index in sorted(example.marks):
        block, kind, label = example.blocks[index], example.kinds[index], labels[index]
        is_text = example.is_text(index)
        if (is_text and label.is_body) or kind is label.kind:
            continue
        scope = block.block_scope if is_text else _largest(block, holding[kind])
        if scope not in done:
            done.add(scope)
            is_unsaid = is_text or (kind is OTHER and label.is_body)
            yield Correction(KEEP if is_text else REMOVE, scope, None if is_unsaid else kind, index)


def _holding(example: LabelledExample) -> dict[BlockKind, set[Scope]]:
    """For each kind of mark the elements that hold something else, which the mark must not take along.

    That is all text, all fields of the record, and where a kind was chosen, whatever is of another kind.
    """
    found = {}
    for kind in {example.kinds[index] for index in example.marks}:
        others = (
            block
            for block in example.blocks
            if example.is_text(block.index) or _is_other(example.kinds[block.index], kind)
        )
        found[kind] = {scope for block in others for scope in block.scope.chain()}
    return found


def _is_other(kind: BlockKind, wanted: BlockKind) -> bool:
    """True for a kind that a mark of another must leave as it is."""
    return kind in OF_FIELDS if wanted is OTHER else kind is not wanted


def _largest(block: Block, holding: set[Scope]) -> Scope:
    """The largest element around a block that holds nothing but what is marked."""
    chain = [scope for scope in block.block_scope.chain() if scope not in holding and scope.tag not in WHOLE_PAGE]
    return chain[-1] if chain else block.block_scope


def _selector(correction: Correction, example: LabelledExample, examples: Sequence[LabelledExample]) -> str | None:
    """The selector of an element that contradicts least of what is labelled; of equal ones the most general."""
    wanted = {block.index for block in example.blocks if block.scope.is_within(correction.scope)}
    fitting: list[tuple[int, str]] = []
    for selector, is_named in _candidates(correction.scope):
        found = [(one, one.selected(selector)) for one in examples]
        is_confirmed = is_named or sum(bool(mine) for _, mine in found) >= CONFIRMED
        is_whole = all(wanted <= mine for one, mine in found if one is example)
        counts = [_contradicted(correction, one, mine, is_own=one is example) for one, mine in found]
        if is_confirmed and is_whole and None not in counts:
            fitting.append((sum(count or 0 for count in counts), selector))
    return min(fitting, key=itemgetter(0))[1] if fitting else None


def _contradicted(correction: Correction, example: LabelledExample, found: set[int], *, is_own: bool) -> int | None:
    """Number of the selected blocks of a page that are something else there; None where that may not be."""
    is_text, kind = correction.key == KEEP, correction.kind or OTHER
    otherwise = {index for index in found if example.is_text(index) is not is_text}
    if otherwise and (is_own or example.is_reviewed or otherwise & example.marks):
        return None
    others = set() if is_text else {i for i in found - otherwise if _is_other(example.kinds[i], kind)}
    return len(otherwise) + len(others)


def _candidates(scope: Scope) -> Iterator[tuple[str, bool]]:
    """Selectors of an element, the most general first, and whether they name the element itself by class or id.

    By its name, then with its parents, then by its position, which names nothing.
    """
    chain = [outer for outer in scope.chain() if outer.tag not in WHOLE_PAGE][:LEVELS]
    steps = [_step(outer) for outer in chain]
    if not steps:
        return
    is_named = _is_marked(steps[0])
    for position in _positions(scope.element):
        for size in range(1, len(steps) + 1):
            selector = " > ".join(reversed(steps[:size])) + position
            if _is_marked(selector) and (is_named or position or scope.tag not in OF_PROSE):
                yield selector, is_named and not position


def _is_marked(selector: str) -> bool:
    """True for a selector with a class or an id."""
    return "." in selector or "#" in selector


def _step(scope: Scope) -> str:
    """The tag of an element with its stable classes, or its id."""
    if not scope.tag.isalnum():
        return "*"  # a tag with a namespace
    classes = [name for name in scope.class_names.split() if STABLE.fullmatch(name)]
    name = scope.element.get("id") or ""
    mark = "".join(f".{one}" for one in classes) or (f"#{name}" if STABLE.fullmatch(name) else "")
    return f"{scope.tag}{mark}"


def _positions(element: HtmlElement) -> Iterator[str]:
    """No position, then that of a first or last child; others are those of text on the next page."""
    yield ""
    if element.getprevious() is None:
        yield ":first-child"
    if element.getnext() is None:
        yield ":last-child"
