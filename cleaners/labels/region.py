"""Where on the page the article stands, with what is near it."""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.labels.page_view import View
from cleaners.types import Label

BEFORE = 3
"""Blocks before the headline that still count as near: breadcrumb, kicker, label."""

NEAR = 40
"""Blocks after the container that still count as near, up to the first navigation: related boxes, promos and bios stand there."""

FURNITURE = ("class:navigation", "tag:furniture")
"""Rules whose blocks, two in a row, begin the page's footer or its menus; one alone is a pager."""


def region(view: View, labels: Sequence[Label]) -> range:
    """Blocks from a little before the headline, or the first body block, to a little after the last block of the container."""
    body = [index for index, found in enumerate(labels) if found.is_body]
    if not body:
        return range(0)
    title = view.title_index
    start = max(0, (min(body[0], title) if title is not None else body[0]) - BEFORE)
    stop = inner = max(body[-1], view.span[1]) + 1
    while stop < min(len(labels), inner + NEAR) and not all(
        found.rule in FURNITURE for found in labels[stop : stop + 2]
    ):
        stop += 1
    return range(start, stop)
