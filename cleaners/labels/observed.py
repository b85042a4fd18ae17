"""Observes a labelled page: hashes of its lines and places, for the memory of its site."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from hashlib import blake2b

from cleaners.blocks.measures import element_signature
from cleaners.blocks.paths import ElementPaths
from cleaners.blocks.scope import Scope
from cleaners.blocks.segment import Block
from cleaners.labels.labelled_page import LabelledPage
from cleaners.site.rules import SITE_RULE_PREFIX
from cleaners.text.normalise import match_key
from cleaners.types import IS_BODY, BlockKind, ObservedPage, PageObservation, TextLine
from cleaners.urls.identity import page_identity
from cleaners.urls.resolve import bare_host

STABLE = re.compile(r"[A-Za-z_-]{1,40}")
"""A class of a template. Those with digits name one page, or one build of the site."""

LEVELS = 2
"""Elements that identify a place: the block's own and its parent, by tag and classes. With three, 4 of 83 lines that
pages of the development sites repeat were at different places; with one, an article's lead equals its teaser in a
list."""

MAX_LINES = 300
"""Most lines stored of a page: those with the lowest hashes, so that of the lines that pages share each page stores the
same ones. Of 1,106 development pages 3 have more in and near the article."""

PARTS = (BlockKind.SUBHEAD, BlockKind.TABLE_ROW)

OPEN_ENDS = ("?", ":", "？", "：", "؟", ";", "՞")
"""Ends of questions and of lines that announce the next one."""


def observe(labelled: LabelledPage, authors: Iterable[str], url: str, fetched: str | None) -> ObservedPage:
    """Make the observation of a page for the memory of its site.

    Args:
        labelled: the page's labelled blocks.
        authors: its authors.
        url: its URL.
        fetched: when it was fetched (ISO 8601); the memory drops the oldest day first.
    """
    paths = ElementPaths()
    text, line_hashes = [], set()
    for block, label in labelled.near():
        key = _line_hash(block)
        if key is None and not label.is_body:
            continue
        if label.is_body:
            is_final = label.rule.startswith(SITE_RULE_PREFIX)
            path = paths.path(block.block_scope.element)
            is_part = label.kind in PARTS or block.text.endswith(OPEN_ENDS)
            rows = block.text.count("\n") + 1
            text.append(TextLine(key or 0, block.weight, rows, path, is_part=is_part, is_final=is_final))
        if key is not None:
            line_hashes.add(key | IS_BODY if label.is_body else key)
    names = match_key("".join(authors))
    observation = PageObservation(
        page=_hash(page_identity(url)),
        day=_day(fetched),
        author=_hash(names) if names else 0,
        lines=tuple(sorted(line_hashes)[:MAX_LINES]),
    )
    layout = _layout(labelled.view.container)
    return ObservedPage(site=bare_host(url), observation=observation, layout=layout, text=tuple(text))


def _line_hash(block: Block) -> int | None:
    """The hash of a block's letters and digits and of its place; None for a block without any."""
    words = match_key(block.text)
    if not words:
        return None
    chain = [element_signature(scope) for scope, _ in zip(block.block_scope.chain(), range(LEVELS), strict=False)]
    return _hash(f"{words}\0{chain}") & ~IS_BODY


def _layout(container: Scope | None) -> int:
    """The hash of a container's chain of elements, with the classes of the template; 63 bits, as SQLite stores them."""
    if container is None:
        return 0
    chain = [(scope.tag, *filter(STABLE.fullmatch, scope.class_names.split())) for scope in container.chain()]
    return _hash(str(chain)) >> 1


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _day(fetched: str | None) -> int:
    try:
        return date.fromisoformat(fetched[:10]).toordinal() if fetched else 0
    except ValueError:
        return 0
