"""A look inside: what cleaning made of a page and why, as lines of text for a person."""

from __future__ import annotations

from collections.abc import Iterator

from cleaners.metadata.evidence import conflicts
from cleaners.options import DEFAULT, Options
from cleaners.pagetype import classify
from cleaners.pipeline import examine
from cleaners.types import Label, Page, Refused

WIDTH = 100
"""Characters of a block's text that are shown."""


def explain(page: Page, options: Options = DEFAULT) -> Iterator[str]:
    """The page's type, its metadata with their origins, and its blocks in page order.

    Each block is one line: ``+`` when it is the article's text and ``-`` when it is in the removal ledger, its kind, how sure
    the rule is, the rule, its text. Blocks far from the article carry no mark.
    """
    try:
        seen = examine(page, options)
    except Refused as refused:
        yield f"refused: {refused.stage}/{refused.reason}: {refused.detail}"
        return
    yield f"page: {seen.page.url}"
    yield f"decoded as {seen.html.encoding} ({seen.html.evidence}), {len(seen.labelled.view.blocks)} blocks"
    try:
        found = classify.judge(seen.labelled, seen.metadata, seen.page.url, seen.text, options)
        yield f"type: {found.kind}, probability of an article {found.score:.2f}"
    except Refused as refused:
        yield f"refused: {refused.stage}/{refused.reason}: {refused.detail}"
    yield ""
    evidence = seen.evidence
    disputed = conflicts(evidence)
    for told in evidence:
        mark = "=" if told.agrees else "≠"
        note = "  (sources differ)" if told.field in disputed and told.agrees else ""
        yield f"{told.field:<14} {mark} {told.origin:<24} {cut(told.value)}{note}"
    yield ""
    region = seen.labelled.region
    for block, label in zip(seen.labelled.view.blocks, seen.labelled.labels, strict=True):
        yield f"{mark_of(label, is_near=block.index in region)} {label.kind:<11} {label.score:.2f}  {label.rule:<22} {cut(block.text)}"


def mark_of(label: Label, *, is_near: bool) -> str:
    """``+`` for text, ``-`` for the ledger, a space for what is far from the article."""
    return "+" if label.is_body else "-" if is_near else " "


def cut(text: str) -> str:
    """A text on one line, shortened."""
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
