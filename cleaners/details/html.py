"""The text of an article as simple HTML: without its tags it is the text."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import NamedTuple

from cleaners.blocks.scope import Scope
from cleaners.blocks.segment import Block
from cleaners.html.inline import heading_level, inline_html, row_cells
from cleaners.pipeline import CleanedPage, Examination
from cleaners.types import KIND_TRAITS, Article, BlockKind, Image

ITEMS = {"ul": "li", "table": "tr"}
"""The element of a block in a wrapper; ``p`` in any other."""


class _Piece(NamedTuple):
    """One block as HTML, and the element around it and its neighbours."""

    html: str
    wrapper: str
    scope: Scope | None


def body_html(examined: Examination, cleaned: CleanedPage) -> str:
    """The article's text as HTML; one paragraph per line where the blocks of the page do not give this text."""
    article, removed = cleaned.article, cleaned.removed.by_block()
    near = [
        (block, label.kind)
        for block, label in examined.labelled.near()
        if not (label.is_body and block.index in removed)
    ]
    is_shown = "\n".join(block.text for block, kind in near if KIND_TRAITS[kind].is_body) == article.text
    pieces = _pieces(near, article) if is_shown else (_paragraph(line) for line in article.text.split("\n"))
    parts = []
    for (wrapper, _), group in groupby(pieces, key=lambda piece: (piece.wrapper, piece.scope or object())):
        html = "".join(piece.html for piece in group)
        parts.append(f"\n<{wrapper}>{html}</{wrapper}>\n" if wrapper else f"\n{html}\n")
    return f"<article>\n{''.join(parts)}\n</article>"


def _pieces(near: list[tuple[Block, BlockKind]], article: Article) -> Iterator[_Piece]:
    pictures = [image for image in article.images if image.caption]
    for block, kind in near:
        if kind is BlockKind.CAPTION:
            picture = next((image for image in pictures if (image.caption or "") in block.text), None)
            if picture is not None:
                pictures.remove(picture)
                yield _Piece(_figure(picture), "", None)
        elif kind is BlockKind.SUBHEAD:
            tag = f"h{heading_level(block)}"
            yield _Piece(f"<{tag}>{escape(block.text, quote=False)}</{tag}>", "", None)
        elif tags := KIND_TRAITS[kind].wrappers:
            around = next((scope for scope in block.block_scope.chain() if scope.tag in tags), None)
            scope = around or block.block_scope.parent or block.block_scope
            tag = ITEMS.get(tags[0], "p")
            if block.block_scope.tag == "caption":
                tag = "caption"
            inner = row_html(block, article.url) if tag == "tr" else inline_html(block, article.url)
            yield _Piece(f"<{tag}>{inner}</{tag}>", around.tag if around else tags[0], scope)
        elif KIND_TRAITS[kind].is_body:
            yield _Piece(f"<p>{inline_html(block, article.url)}</p>", "", None)


def row_html(block: Block, base: str) -> str:
    """The cells of a row of a table."""
    return "".join(f"<{tag}>{cell}</{tag}>" for tag, cell in row_cells(block, base))


def _paragraph(line: str) -> _Piece:
    return _Piece(f"<p>{escape(line, quote=False)}</p>", "", None)


def _figure(image: Image) -> str:
    caption = ". ".join(part.rstrip(".") for part in (image.caption, image.credit) if part)
    return f'<figure><img src="{escape(image.url)}"/><figcaption>{escape(caption, quote=False)}</figcaption></figure>'
