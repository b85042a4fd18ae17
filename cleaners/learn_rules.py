"""Learns site rules from labelled pages: which places of a site's template are text and which are not.

Rules are learnt only from blocks that a person changed. A place is a chain of tags, classes and positions among
siblings. It is generalised as far as the blocks of all labelled pages allow: to the most general selector that selects
no block with another label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from lxml.html import HtmlElement

from cleaners.blocks.scope import Scope
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import SHORT_KEY, BodyAlignment, Passages
from cleaners.labels.site_labels import FIELDS
from cleaners.pipeline import Examination
from cleaners.site.rules import FIELD_PLACES, SiteRules
from cleaners.site.rules.places import KEEP, REMOVE
from cleaners.site.rules.selectors import elements, to_xpath
from cleaners.site.rules.taught_file import TaughtSelector
from cleaners.text.normalise import match_key
from cleaners.types import BODY_KINDS, BlockKind

STABLE = re.compile(r"-?[A-Za-z_](?:[A-Za-z_-]|\d{1,2}(?!\d))*")
"""A class or id of a template. Those with longer numbers belong to one page or one build of the site."""

MIN_TEXT_SHARE = 0.5
"""Minimum share of a block that must be in the labelled text, so that the block counts as text."""

SHOWN = 80
"""Characters of a block in a message."""

OTHER = BlockKind.OTHER

OF_FIELDS = FIELDS | {BlockKind.STANDFIRST, BlockKind.BREADCRUMB}
"""Kinds from which fields of the record are read."""

LEVELS = 4
"""Maximum elements in a chain; longer chains match one page only."""

MIN_CONFIRMING_PAGES = 2
"""Labelled pages on which a selector that identifies the element only by tag or position must select something."""

OF_PROSE = frozenset(("p", "div", "td", "li", "span", "section", "blockquote"))
"""Tags of prose: without a class, or a position as first or last child, they identify no element."""

WHOLE_PAGE = ("html", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledExample:
    """A page with its blocks as a person labelled them."""

    name: str
    """The name under which it is stored."""
    examined: Examination
    """The page as it is cleaned without taught rules."""
    kinds: tuple[BlockKind, ...]
    """What each block is."""
    marks: frozenset[int]
    """Indexes of the blocks whose kind the person changed: rules are learnt only from these."""
    fields: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Indexes of the blocks in which the person says that a field stands, by field (:data:`FIELD_PLACES`)."""
    is_reviewed: bool
    """True where the person corrected the whole text: no rule may contradict any of its blocks. Otherwise the blocks
    that were not changed were perhaps not reviewed, and a mark on another page outweighs them."""

    @classmethod
    def of(cls, name: str, examined: Examination, text: str) -> LabelledExample:
        """An example from the corrected text of a page, one block a line."""
        blocks, labels = examined.labelled.view.blocks, examined.labelled.labels
        lines = [line for line in text.splitlines() if line.strip()]
        shares = BodyAlignment.of(blocks, lines).shares
        missing = BodyAlignment.of(blocks, _missing(lines, examined.labelled.body)).shares
        is_text = [
            (share if label.is_body else lack) > MIN_TEXT_SHARE
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
        nodes = set(elements(self.examined.tree, to_xpath(selector)))
        return {block.index for block in self.blocks if any(scope.element in nodes for scope in block.scope.chain())}


def _missing(lines: Sequence[str], body: Sequence[Block]) -> list[str]:
    """Return the lines that are in no body block.

    A line that stays in the body and also occurs elsewhere on the page is no correction.
    """
    keys = {block.key for block in body}
    run_on = Passages("".join(block.key for block in body))
    kept_flags = (key in keys or (len(key) >= SHORT_KEY and key in run_on) for key in map(match_key, lines))
    return [line for line, is_kept in zip(lines, kept_flags, strict=True) if not is_kept]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlearnt:
    """A block that a person changed, and whose place no selector distinguishes from others."""

    page: str
    """The name of the example."""
    where: str
    """The title and URL of the page."""
    key: str
    """``remove`` or ``keep``, or a field."""
    text: str
    """How the block begins."""

    def __str__(self) -> str:
        """A line for a message."""
        return f"{self.key}: {self.text}  # {self.where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """The rules learnt from the labelled pages of a site, and the corrections that could not be learnt."""

    places: tuple[TaughtSelector, ...]
    unlearnt: tuple[Unlearnt, ...]

    def rules(self, host: str) -> SiteRules:
        """The places as the taught rules of a host."""
        removed = [place for place in self.places if place.key == REMOVE]
        return SiteRules(
            name=host,
            origin="taught",
            hosts=(host,),
            is_taught=True,
            remove=self._xpaths(REMOVE),
            remove_kinds=tuple(place.kind for place in removed),
            keep=self._xpaths(KEEP),
            title=self._xpaths("title"),
            authors=self._xpaths("authors"),
            published=self._xpaths("published"),
            section=self._xpaths("section"),
        )

    def _xpaths(self, key: str) -> tuple[str, ...]:
        return tuple(to_xpath(place.selector) for place in self.places if place.key == key)


class Correction(NamedTuple):
    """An element of a page that a person changed."""

    key: str
    """``remove`` or ``keep``, or a field."""
    scope: Scope
    kind: BlockKind | None
    """Block kind of what is removed; None where the person chose no kind, and for text."""
    block: int
    """The index of the block."""


def learn(examples: Sequence[LabelledExample]) -> Lessons:
    """Learn the places of one site's template from its labelled pages.

    A removed block yields the largest element that contains nothing else; an added block, and one in which a field
    stands, yields its own element.
    """
    places: dict[tuple[str, str], TaughtSelector] = {}
    unlearnt: list[Unlearnt] = []
    for example in examples:
        for correction in (*_corrections(example), *_field_corrections(example)):
            is_field = correction.key in FIELD_PLACES
            selector = (_field_selector if is_field else _selector)(correction, example, examples)
            if selector is not None:
                place = TaughtSelector(correction.key, selector, example.where, correction.kind)
                places.setdefault((place.key, place.selector), place)
            else:
                text = example.blocks[correction.block].text[:SHOWN]
                unlearnt.append(Unlearnt(page=example.name, where=example.where, key=correction.key, text=text))
    return Lessons(places=tuple(places.values()), unlearnt=tuple(unlearnt))


def _corrections(example: LabelledExample) -> Iterator[Correction]:
    """Yield the corrections on a page, one for each element."""
    labels = example.examined.labelled.labels
    holding = _protected_scopes(example)
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


def _field_corrections(example: LabelledExample) -> Iterator[Correction]:
    """Yield the elements in which fields stand, one for each element."""
    for name in FIELD_PLACES:
        done: set[Scope] = set()
        for index in sorted(example.fields.get(name, ())):
            scope = example.blocks[index].block_scope
            if scope not in done:
                done.add(scope)
                yield Correction(name, scope, None, index)


def _field_selector(
    correction: Correction, example: LabelledExample, examples: Sequence[LabelledExample]
) -> str | None:
    """Return the selector of an element in which a field stands; of several, the one with the fewest text blocks.

    On each page that teaches the field it selects blocks of the field alone, and the first of them. One that names the
    element only by its position must be confirmed by another page.
    """
    fitting: list[tuple[int, str]] = []
    for selector, _ in _candidates(correction.scope):
        selections = [(page, page.selected(selector)) for page in examples]
        mine = next(selected for page, selected in selections if page is example)
        taught = [
            (wanted, selected)
            for page, selected in selections
            if selected and (wanted := page.fields.get(correction.key))
        ]
        is_right = all(selected <= wanted and min(wanted) in selected for wanted, selected in taught)
        is_confirmed = ":" not in selector or len(taught) >= MIN_CONFIRMING_PAGES
        if correction.block in mine and is_right and is_confirmed:
            fitting.append((sum(page.is_text(i) for page, selected in selections for i in selected), selector))
    return min(fitting, key=itemgetter(0))[1] if fitting else None


def _protected_scopes(example: LabelledExample) -> dict[BlockKind, set[Scope]]:
    """Return for each marked kind the elements that contain other content, which must not be removed with the mark.

    Other content is all text, all fields of the record and, where a kind was chosen, every other kind.
    """
    scopes_by_kind = {}
    for kind in {example.kinds[index] for index in example.marks}:
        others = (
            block
            for block in example.blocks
            if example.is_text(block.index) or _is_other(example.kinds[block.index], kind)
        )
        scopes_by_kind[kind] = {scope for block in others for scope in block.scope.chain()}
    return scopes_by_kind


def _is_other(kind: BlockKind, wanted: BlockKind) -> bool:
    """True for a block kind that a mark of the wanted kind must not change."""
    return kind in OF_FIELDS if wanted is OTHER else kind is not wanted


def _largest(block: Block, holding: set[Scope]) -> Scope:
    """Return the largest element around a block that contains only marked content."""
    chain = [scope for scope in block.block_scope.chain() if scope not in holding and scope.tag not in WHOLE_PAGE]
    return chain[-1] if chain else block.block_scope


def _selector(correction: Correction, example: LabelledExample, examples: Sequence[LabelledExample]) -> str | None:
    """Return the selector of an element that contradicts the fewest labels; of several, the most general one."""
    wanted = {block.index for block in example.blocks if block.scope.is_within(correction.scope)}
    fitting: list[tuple[int, str]] = []
    for selector, is_named in _candidates(correction.scope):
        selections = [(page, page.selected(selector)) for page in examples]
        is_confirmed = is_named or sum(bool(mine) for _, mine in selections) >= MIN_CONFIRMING_PAGES
        is_whole = all(wanted <= mine for page, mine in selections if page is example)
        counts = [_count_contradictions(correction, page, mine, is_own=page is example) for page, mine in selections]
        if is_confirmed and is_whole and None not in counts:
            fitting.append((sum(count or 0 for count in counts), selector))
    return min(fitting, key=itemgetter(0))[1] if fitting else None


def _count_contradictions(
    correction: Correction, example: LabelledExample, selection: set[int], *, is_own: bool
) -> int | None:
    """Count the selected blocks of a page that have another label; None where a contradiction is not allowed."""
    is_text, kind = correction.key == KEEP, correction.kind or OTHER
    otherwise = {index for index in selection if example.is_text(index) is not is_text}
    if otherwise and (is_own or example.is_reviewed or otherwise & example.marks):
        return None
    others = set() if is_text else {i for i in selection - otherwise if _is_other(example.kinds[i], kind)}
    return len(otherwise) + len(others)


def _candidates(scope: Scope) -> Iterator[tuple[str, bool]]:
    """Yield selectors of an element, the most general first, and whether each names the element by class or id.

    First the element alone, then with its parents, then with its position, which names no element.
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
    mark = "".join(f".{class_name}" for class_name in classes) or (f"#{name}" if STABLE.fullmatch(name) else "")
    return f"{scope.tag}{mark}"


def _positions(element: HtmlElement) -> Iterator[str]:
    """Yield no position, then first or last child; another position may be that of text on the next page."""
    yield ""
    if element.getprevious() is None:
        yield ":first-child"
    if element.getnext() is None:
        yield ":last-child"
