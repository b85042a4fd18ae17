"""The explanation of a page as lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from cleaners.explain import BlockDecision, Explanation
from crawler.presentation.story_words import in_words
from crawler.presentation.terminal.lines import StyledLine

MAX_TEXT_CHARS = 100
"""Maximum number of characters shown of a text."""


STYLES = {"+": "green", "-": "yellow", " ": "dim"}
"""The style of a block's line, by its mark."""


def styled_lines(explanation: Explanation) -> Iterator[StyledLine]:
    """The page's type, its metadata with their sources, and its blocks in page order.

    A block is one line: mark, kind, score, rule and text. The mark is ``+`` for the article's text, ``-`` for a block
    in the removal ledger, and a space for a block far from the article.
    """
    yield from (StyledLine(line, "bold red" if "≠" in line[:17] else "") for line in _head(explanation))
    for block in explanation.blocks:
        label, mark = block.label, _mark(block)
        text = f"{mark} {label.kind:<11} {label.score:.2f}  {label.rule:<22} {_cut(block.text)}"
        yield StyledLine(text, STYLES[mark])


def _head(explanation: Explanation) -> Iterator[str]:
    if explanation.encoding is None:
        yield from _rejection(explanation)
        return
    yield f"page: {explanation.url}"
    yield f"decoded as {explanation.encoding} ({explanation.encoding_evidence}), {len(explanation.blocks)} blocks"
    if explanation.article is not None:
        score = explanation.article.page_type_score
        yield f"type: {explanation.article.page_type}, {score:.0%} sure that this is an article"
        if (confidence := explanation.article.text_confidence) is not None:
            yield f"text: {confidence:.0%} sure that it is whole and clean"
    yield from _rejection(explanation)
    if explanation.story is not None:
        yield f"story: {in_words(explanation.story)}"
    yield ""
    for evidence in explanation.evidence:
        mark = "=" if evidence.agrees else "≠"
        note = "  (sources differ)" if evidence.field in explanation.conflicts and evidence.agrees else ""
        yield f"{evidence.field:<14} {mark} {evidence.origin:<24} {_cut(evidence.value)}{note}"
    yield ""


def _rejection(explanation: Explanation) -> Iterator[str]:
    if explanation.rejection is not None:
        yield f"rejected: {explanation.rejection.stage}/{explanation.rejection.reason}: {explanation.rejection.detail}"


def _mark(block: BlockDecision) -> str:
    return "+" if block.label.is_body else "-" if block.is_near else " "


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT_CHARS else text[: MAX_TEXT_CHARS - 1] + "…"
