"""Whether the text of an article ends at a paywall: seen from the page, since publishers' declarations are often wrong.

Many declare ``isAccessibleForFree: false`` of pages whose whole text they deliver, and some cut pages that they declare
free. So two signs are needed, or a declared text that is much longer than the one that is shown.
"""

from __future__ import annotations

import re

from cleaners.blocks.measures import ends_sentence
from cleaners.blocks.scope import Scope
from cleaners.blocks.segment import Block
from cleaners.labels.labelled_page import LabelledPage
from cleaners.types import BlockKind, Metadata

STUB = 1500
"""Characters below which a text may be the beginning of an article: publishers show one to five paragraphs."""

STUB_SHARE = 0.7
"""Share of the declared text, where JSON-LD holds it, from which the shown text is more than its beginning."""

LEAST_DECLARED = 400
"""Characters of a declared text that is one: others are teasers."""

FADE = re.compile(
    r"(?:^|[\s_-])(?:fade|faded|fadeout|fading|gradient|truncated?|truncation|clamped|obfuscated|blur|blurred|cutoff|"
    r"preview|paywalled)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Class names of a text that is faded out at its end."""

MASK = re.compile(r"mask(?:-image)?\s{0,3}:\s{0,3}(?:-webkit-)?linear-gradient", re.IGNORECASE)

OPEN_ENDS = ("…", "...", "[…]", "[...]", "(…)")


def is_cut(labelled: LabelledPage, metadata: Metadata, text: str) -> bool:
    """True where the text is only the beginning of the article."""
    body = labelled.body
    if not body:
        return False
    last = body[-1]
    offers = [block for block in labelled.of_kind(BlockKind.PAYWALL) if block.index > last.index]
    is_declared, size = metadata.free_access is False, len(text)
    declared = len(metadata.article_body or "")
    if declared >= LEAST_DECLARED and size < STUB_SHARE * declared:
        return is_declared or bool(offers)
    if metadata.free_access is True or (declared >= STUB and size >= STUB_SHARE * declared):
        return False
    is_open = last.text.endswith(OPEN_ENDS) or (not ends_sentence(last.text) and size < STUB)
    is_faded = any(_fades(scope) for block in (last, *offers[:1]) for scope in _inner(block, labelled))
    if is_open or is_faded:
        return bool(offers) or (is_declared and size < STUB)
    return is_declared and bool(offers) and size < STUB


def _inner(block: Block, labelled: LabelledPage) -> list[Scope]:
    """The elements around a block, up to the one that holds the article."""
    container = labelled.view.container
    return [s for s in block.scope.chain() if container is None or s.depth >= container.depth]


def _fades(scope: Scope) -> bool:
    style = scope.element.get("style") or ""
    return bool(FADE.search(scope.class_names) or MASK.search(style))
