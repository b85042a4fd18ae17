"""Learns site rules from labelled pages: which places of a site's template are text and which are not.

A place is a chain of tags, classes and positions among siblings. It is generalised as far as the blocks of all labelled
pages allow: the most general selector that selects no block that is labelled otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from cleaners.blocks.measures import find_container
from cleaners.blocks.scope import Scope
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import BodyAlignment
from cleaners.pipeline import Examination
from cleaners.site.places import KEEP, REMOVE
from cleaners.site.rules import SiteRules
from cleaners.site.selectors import elements, to_xpath
from cleaners.site.taught_file import Place

STABLE = re.compile(r"-?[A-Za-z_](?:[A-Za-z_-]|\d{1,2}(?!\d))*")
"""A class or id of a template. Those with longer numbers name one page or one build of the site."""

WANTED = 0.5
"""Share of a block that must be in the labelled text."""

LEVELS = 4
"""Most elements in a chain; longer ones hold for one page only."""

CONFIRMED = 2
"""Labelled pages on which a selector must select something that tells the element by its tag or position only."""

OF_PROSE = frozenset(("p", "div", "td", "li", "span", "section", "blockquote"))
"""Tags in which text stands: without a class or a place at an end they tell nothing."""

WHOLE_PAGE = ("html", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledExample:
    """A page whose text a person has corrected."""

    name: str
    """Where it is from, for messages."""
    examined: Examination
    is_text: tuple[bool, ...]
    """Whether each block of the page is text."""

    @classmethod
    def of(cls, name: str, examined: Examination, text: str) -> LabelledExample:
        """An example from the corrected text of a page, one block a line."""
        blocks = examined.labelled.view.blocks
        shares = BodyAlignment.of(blocks, [line for line in text.splitlines() if line.strip()]).shares
        return cls(name=name, examined=examined, is_text=tuple(share > WANTED for share in shares))

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The page's blocks."""
        return self.examined.labelled.view.blocks

    def selected(self, selector: str) -> set[int]:
        """Indexes of the blocks in the elements that a selector selects."""
        found = set(elements(self.examined.tree, to_xpath(selector)))
        return {block.index for block in self.blocks if any(scope.element in found for scope in block.scope.chain())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """What some pages of a site teach."""

    places: tuple[Place, ...]
    unlearnt: tuple[str, ...]
    """Blocks that are wrong on their page and whose place cannot be told from others: a line each."""

    def rules(self, host: str) -> SiteRules:
        """The places as the taught rules of a host."""
        of_key = {key: tuple(to_xpath(one.selector) for one in self.places if one.key == key) for key in (REMOVE, KEEP)}
        return SiteRules(
            name=host, origin="taught", hosts=(host,), is_taught=True, remove=of_key[REMOVE], keep=of_key[KEEP]
        )


def learn(examples: Sequence[LabelledExample]) -> Lessons:
    """The places that the pages of one site teach.

    Of what is not text the largest elements inside and around the article without any text; of what is text the blocks
    that would be left out.
    """
    places: dict[tuple[str, str], Place] = {}
    unlearnt: list[str] = []
    for example in examples:
        for key, scope, is_wrong in _places(example):
            selector = _selector(scope, example, examples, is_text=key == "keep")
            if selector is not None:
                places.setdefault((key, selector), Place(key, selector, example.name))
            elif is_wrong:
                text = example.blocks[min(scope.start, len(example.blocks) - 1)].text
                unlearnt.append(f"{example.name}: {key}: {text[:80]}")
    return Lessons(places=tuple(places.values()), unlearnt=tuple(unlearnt))


def _places(example: LabelledExample) -> Iterator[tuple[str, Scope, bool]]:
    """The elements of a page that teach something, and whether it is cleaned wrongly there now."""
    blocks, labels = example.blocks, example.examined.labelled.labels
    wanted = [block for block in blocks if example.is_text[block.index]]
    if not wanted:
        return
    holding = {scope for block in wanted for scope in block.scope.chain()}
    container = find_container(wanted)
    done: set[Scope] = set()
    for block in blocks:
        is_text, is_kept = example.is_text[block.index], labels[block.index].is_body
        is_inside = container is not None and block.scope.is_within(container)
        if is_text == is_kept and (is_text or not is_inside):
            continue
        scope = block.block_scope if is_text else _largest(block, holding)
        if scope not in done:
            done.add(scope)
            yield "keep" if is_text else "remove", scope, is_text != is_kept


def _largest(block: Block, holding: set[Scope]) -> Scope:
    """The largest element around a block in which there is no text of the article."""
    chain = [scope for scope in block.block_scope.chain() if scope not in holding and scope.tag not in WHOLE_PAGE]
    return chain[-1] if chain else block.block_scope


def _selector(
    scope: Scope, example: LabelledExample, examples: Sequence[LabelledExample], *, is_text: bool
) -> str | None:
    """The most general selector of an element that selects no block of the examples that is labelled otherwise."""
    wanted = {block.index for block in example.blocks if block.scope.is_within(scope)}
    for selector, is_named in _candidates(scope):
        found = [one.selected(selector) for one in examples]
        is_fit = all(one.is_text[index] is is_text for one, mine in zip(examples, found, strict=True) for index in mine)
        is_confirmed = is_named or sum(map(bool, found)) >= CONFIRMED
        if is_fit and is_confirmed and wanted <= example.selected(selector):
            return selector
    return None


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
