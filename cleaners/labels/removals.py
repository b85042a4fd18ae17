"""Begins the removal ledger of a labelled page."""

from __future__ import annotations

from collections.abc import Mapping

from lxml.html import HtmlElement

from cleaners.blocks.paths import ElementPaths
from cleaners.blocks.segment import SKIPPED_TAGS
from cleaners.labels.labelled_page import LabelledPage
from cleaners.text.normalise import normalise
from cleaners.types import BlockKind, Removal, RemovalLedger, RemovedBlock


def removal_ledger(labelled: LabelledPage, inline: Mapping[HtmlElement, str]) -> RemovalLedger:
    """The ledger of each non-body block of the region, and of what site rules take out of lines, in page order.

    Args:
        labelled: the page's labelled blocks.
        inline: the parts of lines that are removed, with the names of their rules.
    """
    paths = ElementPaths()
    entries = []
    for block, label in labelled.near():
        if not label.is_body:
            element = block.block_scope.element
            path = paths.path(element)
            removal = Removal(kind=label.kind, text=block.text, path=path, rule=label.rule, score=label.score)
            entries.append((element, RemovedBlock(block.index, removal)))
    parts = {element: rule for element, rule in inline.items() if element.tag not in SKIPPED_TAGS}
    if parts:
        for element, rule in parts.items():
            if text := normalise(element.text_content()).strip():
                path = paths.path(element)
                removal = Removal(kind=BlockKind.OTHER, text=text, path=path, rule=rule, score=1.0)
                entries.append((element, RemovedBlock(None, removal)))
        order = {element: number for number, element in enumerate(next(iter(parts)).getroottree().iter())}
        entries.sort(key=lambda entry: order[entry[0]])
    return RemovalLedger(tuple(entry for _, entry in entries))
