"""The section and the tags of an article, by its links to their pages (``rel=tag``, ``/category/…``, ``?tag=…``)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from lxml.html import HtmlElement

from cleaners.blocks.scope import Scope
from cleaners.labels.labelled_page import LabelledPage
from cleaners.text.normalise import normalise
from cleaners.types import BlockKind
from cleaners.visible.furniture import Furniture

CATEGORY = re.compile(
    r"(?:^|/)(?:category|categories|cat|kategorie|categoria|catégorie|rubrik|rubrique|section)/(?!index\.)[^/?#]|"
    r"(?:^|/|index\.php)\?(?:cat|category)=",
    re.IGNORECASE,
)
"""References to the page of a section, as publishing software makes them."""

TAG = re.compile(
    r"(?:^|/)(?:tags?|etiquetas?|schlagwort|label|search/label)/(?!index\.)[^/?#]|(?:^|/|index\.php)\?tag=",
    re.IGNORECASE,
)
"""References to the page of a tag."""

MAX_CATEGORIES = 2
"""Most sections of one article; more links in one element are a menu."""

MARKS = "#,;·•|→"
"""Characters around a tag's name that are not part of it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Names of the sections and tags that an article links to, in page order."""

    categories: tuple[str, ...]
    tags: tuple[str, ...]

    @classmethod
    def of(cls, labelled: LabelledPage, own: Furniture) -> Self:
        """Read the links of the article's own furniture; if none is a tag, the links of the tag blocks."""
        categories: dict[str, Scope | None] = {}
        tags: dict[str, None] = {}
        for anchor, scope in _anchors(own):
            rel, href = (anchor.get("rel") or "").lower().split(), anchor.get("href") or ""
            name = normalise(anchor.text_content()).strip(f" {MARKS}")
            if not name:
                continue
            if "category" in rel or CATEGORY.search(href):
                categories.setdefault(name, scope.parent)
            elif "tag" in rel or TAG.search(href):
                tags.setdefault(name)
        menus = {scope for scope, count in Counter(categories.values()).items() if count > MAX_CATEGORIES}
        names = tuple(name for name, scope in categories.items() if scope not in menus)
        return cls(categories=names, tags=tuple(tags) or _named(labelled, names))


def _anchors(own: Furniture) -> Iterator[tuple[HtmlElement, Scope]]:
    """The links of the article's own furniture, each with the element of its block."""
    done: set[Scope] = set()  # many blocks may be in one element: its links are read once
    for block, _ in own:
        if block.block_scope not in done:
            done.add(block.block_scope)
            yield from ((anchor, block.block_scope) for anchor in block.block_scope.element.iter("a"))


def _named(labelled: LabelledPage, categories: tuple[str, ...]) -> tuple[str, ...]:
    """The linked names of the tag rows, except those of sections."""
    homes = dict.fromkeys(block.block_scope for block in labelled.of_kind(BlockKind.TAGS))
    anchors = (anchor for home in homes for anchor in home.element.iter("a"))
    names = (normalise(anchor.text_content()).strip(f" {MARKS}") for anchor in anchors)
    return tuple(dict.fromkeys(name for name in names if name and name not in categories))
