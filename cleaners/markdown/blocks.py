"""The blocks of a text as lines of Markdown."""

from __future__ import annotations

import re
from html import escape

from cleaners.blocks.segment import Block
from cleaners.html.inline import heading_level, inline_html, row_cells
from cleaners.markdown.inline import to_line
from cleaners.types import BlockKind

BAR, BAR_ESCAPED = re.compile(r"(?<!\\)\|"), r"\\|"

PREFIXES = {BlockKind.QUOTE: "> ", BlockKind.EMBED: "> "}


def block_lines(block: Block, kind: BlockKind, base: str) -> list[str]:
    """The lines of Markdown for a block of the text, one for each line of its text.

    Args:
        block: the block.
        kind: what it is, one of the kinds of the text.
        base: URL with which its links are resolved.
    """
    if kind is BlockKind.TABLE_ROW:
        return [_row(block, base)]
    rows = block.text.split("\n")
    htmls = [inline_html(block, base)] if len(rows) == 1 else [escape(row, quote=False) for row in rows]
    prefix = _prefix(block, kind)
    return [prefix + to_line(html) for html in htmls]


def text_lines(text: str) -> list[str]:
    """The lines of Markdown for a text whose structure is not known."""
    return [to_line(escape(line, quote=False)) for line in text.split("\n")]


def _prefix(block: Block, kind: BlockKind) -> str:
    if kind is BlockKind.SUBHEAD:
        return f"{'#' * heading_level(block)} "
    if kind is BlockKind.LIST_ITEM:
        around = next((scope.tag for scope in block.block_scope.chain() if scope.tag in ("ul", "ol")), "ul")
        return "1. " if around == "ol" else "- "
    return PREFIXES.get(kind, "")


def _row(block: Block, base: str) -> str:
    cells = (cell for _, cell in row_cells(block, base))
    # a bar ends a cell even in code
    return "".join(("|", *(f" {BAR.sub(BAR_ESCAPED, to_line(cell))} |" for cell in cells)))
