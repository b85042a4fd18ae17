"""The authors in the visible bylines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cleaners.blocks.scope import Scope
from cleaners.blocks.segment import Block
from cleaners.labels.labelled_page import LabelledPage
from cleaners.metadata.declared import fill_missing
from cleaners.metadata.names import BY, split_authors
from cleaners.metadata.outlet import DESK, Outlet
from cleaners.text.normalise import normalise
from cleaners.types import BlockKind, Metadata
from cleaners.visible.furniture import Furniture

LINES = (BlockKind.BYLINE, BlockKind.DATE)
"""Kinds of lines that may name the authors."""

MAX_AUTHORS = 8
"""Most names taken from bylines."""

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? "
WHEN = re.compile(
    rf"\s{{0,9}}(?:[|•·–—-]\s{{0,9}})?(?:\b(?:on|at|published|updated|posted)\b|\b\w+day,|(?:\b{MONTH})?\d).*",
    re.IGNORECASE | re.DOTALL,
)
"""The date part of a byline, up to its end."""

AUTHOR_WORDS = re.compile(r"author|byline|by-line|byl\b|writer|reporter|vcard|\bfn\b", re.IGNORECASE)
"""Words of classes, ids and paths that name a writer."""

MAKER = re.compile(r"(?:proudly )?(?:powered|built|made|published|generated) (?:by|with|using)\b", re.IGNORECASE)
"""Start of the line that names a site's software."""

INLINE_AUTHOR = re.compile(r"(?:作者|记者|文)\s*[：:]\s*([^\s|：:，,。]{2,12})")
"""The author inside a Chinese date line."""


def prefer_shown_authors(metadata: Metadata, labelled: LabelledPage, own: Furniture) -> Metadata:
    """The metadata with the shown authors where the head declares none, or only a desk or the outlet itself."""
    outlet = Outlet.of(metadata.site_name, labelled.view.url)
    shown = tuple(name for name in shown_authors(labelled, own) if name not in outlet)
    if shown and all(DESK.search(name) or name in outlet for name in metadata.authors):
        metadata = replace(metadata, authors=())
    return fill_missing(metadata, authors=shown)


def shown_authors(labelled: LabelledPage, own: Furniture) -> tuple[str, ...]:
    """Names in bylines and in date lines with a byline: the article's own first, and above the body before below it.

    Below the body are biographies, teasers of other articles, and the credits of pictures.
    """
    first = labelled.body[0].index if labelled.body else 0
    mine = [block for block, label in own if label.kind in LINES]
    every = list(labelled.of_kind(*LINES))
    places = (block_list for blocks in (mine, every) for block_list in _above_and_below(blocks, first))
    return next((names for blocks in places if (names := _names(blocks))), ())


def _above_and_below(blocks: Sequence[Block], first: int) -> tuple[list[Block], list[Block]]:
    return [b for b in blocks if b.index < first], [b for b in blocks if b.index >= first]


def _names(blocks: Iterable[Block]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    linked: dict[Scope, list[str]] = {}  # many blocks may be in one element: its links are read once
    for block in blocks:
        if MAKER.match(block.text):
            continue
        if block.block_scope not in linked:
            linked[block.block_scope] = [name for text in _author_links(block) for name in split_authors(text)]
            names.update(dict.fromkeys(linked[block.block_scope]))
        if not linked[block.block_scope]:
            names.update(dict.fromkeys(block_authors(block)))
        if len(names) >= MAX_AUTHORS:
            break
    return tuple(names)[:MAX_AUTHORS]


def block_authors(block: Block) -> list[str]:
    """Names in the text of a block whose words or classes mark it as a byline."""
    inline = INLINE_AUTHOR.search(block.text)
    if inline:
        return split_authors(inline[1])
    return split_authors(WHEN.sub("", block.text)) if BY.match(block.text) or _is_classed(block) else []


def _author_links(block: Block) -> list[str]:
    return [
        normalise(anchor.text_content())
        for anchor in block.block_scope.element.iter("a")
        if "author" in (anchor.get("rel") or "") or AUTHOR_WORDS.search(anchor.get("href") or "")
    ]


def _is_classed(block: Block) -> bool:
    """True when a class or id around the block names a writer."""
    elements = (scope.element for scope in block.scope.chain())
    return any(AUTHOR_WORDS.search(f"{element.get('class') or ''} {element.get('id') or ''}") for element in elements)
