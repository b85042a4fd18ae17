"""The section and the tags of an article, by its links to their pages (``rel=tag``, ``/category/…``, ``?tag=…``)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Self
from urllib.parse import unquote

from lxml.html import HtmlElement

from cleaners.blocks.measures import PARAGRAPH
from cleaners.blocks.scope import Scope
from cleaners.blocks.segment import Block
from cleaners.labels.labelled_page import LabelledPage
from cleaners.text.normalise import match_key, normalise
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


IN_TEXT = 2
"""Paragraphs of the article above and below a row of links from which it is part of the text."""

MAX_CLASSED = 30
"""Most elements and classes of one row, or of one element, that are read as tags; an article has up to 20."""

TAG_WORD = re.compile(r"(?:^|[\s_-])(?:tag|label|keyword)(?:$|\s|[_-](?:item|name|link)\b)", re.IGNORECASE)
"""A class of an element that holds one tag."""

LABELLED_TAGS = re.compile(
    r"(?:related )?(?:tags?|tagged(?: with| as)?|keywords?|topics?|schlagw[oö]rter|etiquetas|mots[- ]clés|теги|метки|"
    r"标签|关键词)\s?[:：]\s?(?P<names>.{2,300})",
    re.IGNORECASE,
)
"""A row of tags without links."""

TAG_ENDS = re.compile(r"\s{0,9}[,;،、|·•]\s*")

POST_CLASSES = frozenset(("hentry", "type-post", "post"))
"""Classes of the element of an article in publishing software."""

TERM_CLASS = re.compile(r"(?P<kind>tag|category)-(?P<name>(?!hash-)[^\W\d]\S{1,39})")
"""A class of such an element that names a tag or a category, not its number; ``hash-`` starts Ghost's hidden tags."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Names of the sections and tags that an article links to or shows, in page order."""

    categories: tuple[str, ...]
    tags: tuple[str, ...]
    classes_of_categories: tuple[str, ...]
    """The categories in the classes of the article's element."""

    @classmethod
    def of(cls, labelled: LabelledPage, own: Furniture) -> Self:
        """Read the links of the article's own furniture; if none is a tag, the tag rows, and then the classes.

        A name that the head declares as a tag is one, also where its address says category: some software does so.
        """
        declared = frozenset(map(match_key, labelled.view.metadata.tags))
        categories: dict[str, Scope | None] = {}
        tags: dict[str, None] = {}
        inside = text_span(labelled)
        for anchor, scope in _anchors(block for block, _ in own if block.index not in inside):
            rel, href = (anchor.get("rel") or "").lower().split(), anchor.get("href") or ""
            name = normalise(anchor.text_content()).strip(f" {MARKS}")
            if not name:
                continue
            if "category" in rel or (CATEGORY.search(href) and not ("tag" in rel and match_key(name) in declared)):
                categories.setdefault(name, scope.parent)
            elif "tag" in rel or TAG.search(href):
                tags.setdefault(name)
        menus = {scope for scope, count in Counter(categories.values()).items() if count > MAX_CATEGORIES}
        names = tuple(name for name, scope in categories.items() if scope not in menus)
        return cls(
            categories=names,
            tags=tuple(tags) or _named(labelled, names, inside) or _in_classes("tag", labelled),
            classes_of_categories=tuple(name[0].upper() + name[1:] for name in _in_classes("category", labelled)),
        )


def text_span(labelled: LabelledPage) -> range:
    """Indexes of the blocks between paragraphs of the article."""
    paragraphs = [block.index for block in labelled.body if block.weight >= PARAGRAPH]
    is_long = len(paragraphs) >= 2 * IN_TEXT
    return range(paragraphs[IN_TEXT - 1], paragraphs[-IN_TEXT]) if is_long else range(0)


def _anchors(blocks: Iterable[Block]) -> Iterator[tuple[HtmlElement, Scope]]:
    """The links of blocks, each with the element of its block."""
    done: set[Scope] = set()  # many blocks may be in one element: its links are read once
    for block in blocks:
        if block.block_scope not in done:
            done.add(block.block_scope)
            yield from ((anchor, block.block_scope) for anchor in block.block_scope.element.iter("a"))


def _named(labelled: LabelledPage, categories: tuple[str, ...], inside: range) -> tuple[str, ...]:
    """The names in the tag rows, except those of sections: of links, of elements with a tag's class, after a label."""
    rows = [block for block in _rows(labelled) if block.index not in inside]
    homes = dict.fromkeys(block.block_scope for block in rows)
    linked = [anchor.text_content() for home in homes for anchor in home.element.iter("a")]
    classed = [element.text_content() for home in homes for element in tag_elements(home.element)]
    after_label = (match["names"] for block in rows if (match := LABELLED_TAGS.fullmatch(block.text)))
    listed = [name for names in after_label for name in TAG_ENDS.split(names)]
    names = [normalise(name).strip(f" {MARKS}") for name in linked or classed or listed]
    others = tuple(dict.fromkeys(name for name in names if name and name not in categories))
    return others if linked else others or tuple(dict.fromkeys(filter(None, names)))


def _rows(labelled: LabelledPage) -> Iterator[Block]:
    """The tag rows near the article: those that are labelled so, and menus whose own class names tags."""
    for block, label in labelled.near():
        is_named = "tags" in block.block_scope.marks and label.kind is BlockKind.NAVIGATION
        if label.kind is BlockKind.TAGS or (is_named and not block.link_share):
            yield block


def tag_elements(row: HtmlElement) -> Iterator[HtmlElement]:
    """The innermost elements of a row whose class names one tag."""
    elements = islice(row.iterdescendants("span", "li", "b", "strong", "em", "i"), MAX_CLASSED)
    return (element for element in elements if TAG_WORD.search(element.get("class") or "") and not len(element))


def _in_classes(kind: str, labelled: LabelledPage) -> tuple[str, ...]:
    """The tags, or categories, in the classes of the element that holds the headline or the text; as in the URL."""
    view = labelled.view
    inner = view.blocks[view.title_index].block_scope if view.title_index is not None else None
    scopes = (scope for scope in (inner.chain() if inner else ()) if POST_CLASSES & set(scope.class_names.split()))
    outer = next(scopes, None)
    classes = outer.class_names.split() if outer else []
    matches = (match for name in islice(classes, MAX_CLASSED) if (match := TERM_CLASS.fullmatch(name)))
    names = (unquote(match["name"]).replace("-", " ") for match in matches if match["kind"] == kind)
    return tuple(dict.fromkeys(names))
