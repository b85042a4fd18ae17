"""Cards: boxes with the headline and the beginning of another page's article, covered by a link without text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from cleaners.blocks.scope import HEADINGS
from cleaners.blocks.segment import Block
from cleaners.labels.page_view import PageView
from cleaners.text.normalise import match_key

MAX_STEPS = 4
"""Most ancestors of such a link that are tried as its card: it is a child of the card, or of a box in it."""

MAX_CARDS = 500
"""Links of a page that are looked at."""


def card_share(view: PageView, body: Sequence[Block]) -> float:
    """Share of the text that stands in cards of other pages, 0 to 1."""
    cards = set(_cards(view)) if view.blocks else set()
    if not cards:
        return 0.0
    card_weight = sum(block.weight for block in body if not cards.isdisjoint(_boxes(block.scope.element)))
    return card_weight / max(1, sum(block.weight for block in body))


def _boxes(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def _cards(view: PageView) -> list[HtmlElement]:
    cards = []
    for link in islice(_covers(view.blocks[0].scope.element.getroottree()), MAX_CARDS):
        label = link.get("aria-label") or link.get("title") or ""
        card = _card_of(link, match_key(label)) if view.leads_away(link.get("href")) else None
        if card is not None:
            cards.append(card)
    return cards


def _covers(tree: Any) -> Iterator[HtmlElement]:
    """The links without text that have a label."""
    for link in tree.iter("a"):
        is_bare = not len(link) and not (link.text or "").strip()
        if is_bare and (link.get("aria-label") or link.get("title")):
            yield link


def _card_of(link: HtmlElement, label: str) -> HtmlElement | None:
    """The box around a link whose label has the headline of that box."""
    for _, element in zip(range(MAX_STEPS), link.iterancestors(), strict=False):
        heading = next(element.iter(*HEADINGS), None)
        if heading is not None:
            key = match_key(heading.text_content())
            return element if key and key in label else None
    return None
