"""The explanation of a page as lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crawler.reporting.terminal import StyledLine

if TYPE_CHECKING:
    from cleaners.explain import BlockDecision, Explanation

WIDTH = 100
"""Most characters of a text that are shown."""


STYLES = {"+": "green", "-": "yellow", " ": "dim"}
"""The style of a block's line, by its mark."""


def styled_lines(found: Explanation) -> Iterator[StyledLine]:
    """The page's type, its metadata with their sources, and its blocks in page order.

    A block is one line: mark, kind, score, rule and text. The mark is ``+`` for the article's text, ``-`` for a block
    in the removal ledger, and a space for a block far from the article.
    """
    yield from (StyledLine(line, "bold red" if "≠" in line[:17] else "") for line in _head(found))
    for block in found.blocks:
        label, mark = block.label, _mark(block)
        text = f"{mark} {label.kind:<11} {label.score:.2f}  {label.rule:<22} {_cut(block.text)}"
        yield StyledLine(text, STYLES[mark])


def lines(found: Explanation) -> Iterator[str]:
    """The same as plain text."""
    return (line.text for line in styled_lines(found))


def _head(found: Explanation) -> Iterator[str]:
    if found.encoding is None:
        yield from _rejection(found)
        return
    yield f"page: {found.url}"
    yield f"decoded as {found.encoding} ({found.encoding_evidence}), {len(found.blocks)} blocks"
    if found.article is not None:
        score = found.article.page_type_score
        yield f"type: {found.article.page_type}, {score:.0%} sure that this is an article"
    yield from _rejection(found)
    yield ""
    for one in found.evidence:
        mark = "=" if one.agrees else "≠"
        note = "  (sources differ)" if one.field in found.conflicts and one.agrees else ""
        yield f"{one.field:<14} {mark} {one.origin:<24} {_cut(one.value)}{note}"
    yield ""


def _rejection(found: Explanation) -> Iterator[str]:
    if found.rejection is not None:
        yield f"rejected: {found.rejection.stage}/{found.rejection.reason}: {found.rejection.detail}"


def _mark(block: BlockDecision) -> str:
    """``+`` for article text, ``-`` for a block in the removal ledger, a space for one far from the article."""
    return "+" if block.label.is_body else "-" if block.is_near else " "


def _cut(text: str) -> str:
    """A text on one line, shortened."""
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
