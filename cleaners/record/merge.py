"""Joins the pages of one article, and removes the lines that they repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import TypeVar

from cleaners.text.markdown_lines import content_lines, join_lines
from cleaners.text.normalise import match_key, text_weight
from cleaners.types import Article, BlockKind, Image, Link, Removal

Named = TypeVar("Named", Image, Link)

RULE = "repeated_on_pages"
"""The rule in the removal ledger for what several pages of an article say."""

MIN_WEIGHT = 20
"""Lines of fewer characters are not compared: subheads, and lines of dialogue."""

MIN_SHARE = 0.5
"""Smallest share of the pages that have a repeated line: a sentence that a long article quotes again is on two."""

MIN_COPY_SHARE = 0.8
"""A page is a copy if at least this share of its characters is on earlier pages."""

SCORE = 0.9


def merge_pages(pages: list[Article]) -> Article:
    """Join the pages of one article, in order, into the first page's record.

    The metadata comes from the first page. Texts and removals are joined in page order, and so are pictures and links,
    each URL once. The authors and the source line come from the first page that has them. What the pages repeat is
    boilerplate, and moves from the text to the removals. The confidence is that of the least sure page.
    """
    first = pages[0]
    texts = [page.text.split("\n") for page in pages]
    is_out = repeated(texts)
    removed = [
        (*page.removed, *(_removal(line) for line, out in zip(lines, mine, strict=True) if out))
        for page, lines, mine in zip(pages, texts, is_out, strict=True)
    ]
    return replace(
        first,
        text="\n".join(
            line
            for lines, mine in zip(texts, is_out, strict=True)
            for line, out in zip(lines, mine, strict=True)
            if not out
        ),
        authors=first.authors or next((page.authors for page in pages if page.authors), ()),
        credit=next((page.credit for page in pages if page.credit), None),
        images=_once([image for page in pages for image in page.images]),
        related=_once([link for page in pages for link in page.related]),
        removed=tuple(removal for mine in removed for removal in mine),
        page_count=len(pages),
        markdown=_joined_markdown(pages, is_out),
        text_confidence=min((p.text_confidence for p in pages if p.text_confidence is not None), default=None),
        boxes=tuple(box for page in pages for box in page.boxes or ()) or None,
        entries=tuple(entry for page in pages for entry in page.entries or ()) or None,
    )


def _joined_markdown(pages: Sequence[Article], is_out: Sequence[Sequence[bool]]) -> str | None:
    """The Markdown of the lines that stay; None where a page has none, or another one than that of its text."""
    lines: list[str] = []
    for page, mine in zip(pages, is_out, strict=True):
        own = content_lines(page.markdown or "")
        if len(own) != len(mine):
            return None
        lines += [line for line, out in zip(own, mine, strict=True) if not out]
    return join_lines(lines)


def repeated(texts: Sequence[Sequence[str]]) -> list[list[bool]]:
    """Whether each line of each page is a repeated line, which is removed.

    A line is repeated if it occurs on two or more pages, at least half of them, and only once on each. A line that
    occurs twice on one page is a refrain, and stays. Lines with which the first page and others begin (its summary)
    stay on the first page, and where a page begins with the last line of the page before, it stays on the page before.
    A page that is nearly the same as earlier ones is a copy: only new lines stay, and short lines do not count as new.
    """
    keys = [[match_key(line) if text_weight(line) >= MIN_WEIGHT else "" for line in lines] for lines in texts]
    is_copy = _copies(texts, keys)
    own = [mine for mine, copy in zip(keys, is_copy, strict=True) if not copy]
    counts = [Counter(filter(None, mine)) for mine in own]
    refrains = {key for mine in counts for key, count in mine.items() if count > 1}
    pages_with = Counter(key for mine in counts for key in mine)
    often = {key for key, count in pages_with.items() if count > 1 and count >= MIN_SHARE * len(own)} - refrains
    kept_once = _heads(own) | {mine[0] for before, mine in pairwise(own) if mine and before and mine[0] == before[-1]}
    flags, earlier_keys = [], set[str]()
    for mine, copy in zip(keys, is_copy, strict=True):
        is_again = [key in often and (key in earlier_keys or key not in kept_once) for key in mine]
        flags.append(
            [again or (copy and (not key or key in earlier_keys)) for again, key in zip(is_again, mine, strict=True)]
        )
        earlier_keys.update(mine)
    return flags


def _copies(texts: Sequence[Sequence[str]], keys: Sequence[Sequence[str]]) -> list[bool]:
    """Whether each page is nearly the same as the pages before it."""
    is_copy, earlier_keys = [], set[str]()
    for lines, mine in zip(texts, keys, strict=True):
        repeated_weight = sum(text_weight(line) for line, key in zip(lines, mine, strict=True) if key in earlier_keys)
        is_copy.append(repeated_weight >= MIN_COPY_SHARE * max(1, sum(map(text_weight, lines))))
        earlier_keys.update(filter(None, mine))
    return is_copy


def _heads(keys: Sequence[Sequence[str]]) -> set[str]:
    """The lines with which the first page and a later one begin alike."""
    heads = (takewhile(lambda pair: pair[0] == pair[1], zip(keys[0], mine, strict=False)) for mine in keys[1:])
    return {key for head in heads for key, _ in head}


def _removal(line: str) -> Removal:
    """The entry of a repeated line. Its element is not known any more: the path is the page's root."""
    return Removal(kind=BlockKind.OTHER, text=line, path="/", rule=RULE, score=SCORE)


def _once(values: list[Named]) -> tuple[Named, ...]:
    by_url: dict[str, Named] = {}
    for value in values:
        by_url.setdefault(value.url, value)
    return tuple(by_url.values())
