"""The content of a block as inline HTML: its links and its emphasis."""

from __future__ import annotations

from html import escape

from lxml.html import HtmlElement

from cleaners.blocks.segment import BLOCK_TAGS, CELLS, SKIPPED_TAGS, Block
from cleaners.text.normalise import compose, drop_invisible, normalise
from cleaners.urls.resolve import resolve_url

INLINE = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "code": "code", "sub": "sub", "sup": "sup"}
"""Inline elements that are kept besides links, and the name of each."""

LEVELS = ("h2", "h3", "h4", "h5", "h6")
"""Headings of a text by their level; the page's ``h1`` is its title."""


def inline_html(block: Block, base: str) -> str:
    """A block with links and emphasis if its element has exactly the block's text; else the escaped text."""
    scope = block.block_scope
    if scope.stop - scope.start == 1:
        texts: list[str] = []
        html = _inline(scope.element, base, texts)
        if normalise("".join(texts)).strip(" |") == block.text:
            return " ".join(html.split())
    return escape(block.text, quote=False)


def _inline(element: HtmlElement, base: str, texts: list[str]) -> str:
    """The content of an element with its inline markup; its text is appended to ``texts``."""
    parts = []

    def add(text: str | None) -> None:
        texts.append(text or "")
        parts.append(escape(compose(drop_invisible(text or "")), quote=False))

    add(element.text)
    for child in element:
        tag = str(child.tag)
        if tag == "br" or tag in BLOCK_TAGS:
            add(" ")
        if tag not in SKIPPED_TAGS:
            inner = _inline(child, base, texts)
            url = resolve_url(base, child.get("href") or "") if tag == "a" and child.get("href") else None
            if url and inner.strip():
                inner = f'<a href="{escape(url)}">{inner}</a>'
            elif tag in INLINE and inner.strip():
                inner = f"<{INLINE[tag]}>{inner}</{INLINE[tag]}>"
            parts.append(inner)
        add(child.tail)
    return "".join(parts)


def heading_level(block: Block) -> int:
    """The level of a subhead of the text: 2 to 6."""
    tags = (scope.tag for scope in block.block_scope.chain() if scope.tag in LEVELS)
    return int(next(tags, LEVELS[0])[1])


def row_cells(block: Block, base: str) -> list[tuple[str, str]]:
    """The cells of a row of a table, each with its tag, ``th`` or ``td``; of its text where they do not give it."""
    cell_texts: list[list[str]] = []
    cells = []
    for cell in block.block_scope.element.iterchildren(*CELLS):
        cell_texts.append([])
        cells.append((str(cell.tag), " ".join(_inline(cell, base, cell_texts[-1]).split())))
    is_whole = normalise(" | ".join("".join(parts) for parts in cell_texts)).strip(" |") == block.text
    if cells and is_whole:
        return cells
    return [("td", escape(text, quote=False)) for text in block.text.split(" | ")]
