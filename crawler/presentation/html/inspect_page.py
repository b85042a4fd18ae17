"""The inspect page: a page with the label of every block, beside the article, its metadata and what was removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaners.explain import BlockDecision, Explanation
from cleaners.types import BODY_KINDS, Article, BlockKind, Evidence
from crawler.presentation import story_words
from crawler.presentation.html.feature_words import AUTHORITIES, in_words
from crawler.presentation.html.page import render
from crawler.quality.labelled import METADATA

GROUPS: Mapping[BlockKind, str] = {
    **dict.fromkeys(BODY_KINDS, "text"),
    **dict.fromkeys((BlockKind.TITLE, BlockKind.STANDFIRST, BlockKind.PULL_QUOTE, BlockKind.FACT_BOX), "head"),
    **dict.fromkeys((BlockKind.BYLINE, BlockKind.DATE, BlockKind.CAPTION, BlockKind.CREDIT), "meta"),
    **dict.fromkeys((BlockKind.RELATED, BlockKind.PROMO, BlockKind.MOST_READ, BlockKind.NEWSLETTER), "lead"),
    **dict.fromkeys((BlockKind.AD, BlockKind.CONSENT, BlockKind.PAYWALL, BlockKind.LEGAL), "away"),
    **dict.fromkeys((BlockKind.COMMENTS, BlockKind.AUTHOR_BIO, BlockKind.SHARE), "talk"),
}
"""The name of the tint of each kind; every other kind has ``site``."""

FIRST_LINES = 300
"""Most lines of the article in the HTML; when the page is shown, the script copies the others from their blocks. One in
sixty articles of the development pages has more."""

MAX_REMOVED_ROWS = 1_000
"""Entries of the removal ledger in the table; all are marked on the page beside it."""

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}


class PageElement(NamedTuple):
    """A step through the page from its start: an element that begins or ends, a picture, or a block."""

    kind: str
    """``open``, ``close``, ``picture`` or ``block``."""
    text: str = ""
    block: int = -1
    """Index of the block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The same page cleaned in another way."""

    name: str
    """What differs: a focus, a version."""
    explanation: Explanation


class Line(NamedTuple):
    """A line of the article, and the index of its block; -1 where no block of the page has its text."""

    text: str
    block: int


def inspect_page(explanation: Explanation, other: Comparison | None = None, **teach: object) -> str:
    """The HTML of the page.

    Args:
        explanation: the page, with the features that weighed most.
        other: the same page cleaned in another way, to compare with.
        teach: in teaching mode: ``base``, the path of its requests; ``draft``, the labels that were not saved yet;
            ``host``, the site.
    """
    article, lines, removed = explanation.article, lines_of(explanation), _removed(explanation)
    counts = Counter(block.label.kind for block in explanation.blocks)
    theirs = _matching_blocks(explanation, other)
    pairs = zip(explanation.blocks, theirs, strict=True)
    differing = [
        (index, block)
        for index, (block, their) in enumerate(pairs)
        if other and (their is None or their.label.is_body != block.label.is_body)
    ]
    return render(
        "inspect.html",
        "tables.js",
        "inspect.js",
        *(("teach.js",) if teach else ()),
        connect="'self'" if teach else "'none'",
        explanation=explanation,
        story=story_words.in_words(explanation.story) if explanation.story else "",
        article=article,
        lines=[line for number, line in enumerate(lines) if number < FIRST_LINES or line.block < 0],
        parts=list(page_elements(explanation)),
        kinds=[(kind, counts[kind], group(kind)) for kind in BlockKind if counts[kind]],
        group=group,
        headings=HEADINGS,
        metadata=list(_metadata(article, explanation.evidence)),
        first=next((index for index, block in enumerate(explanation.blocks) if block.label.is_body), 0),
        removed=removed[:MAX_REMOVED_ROWS],
        more_removed=len(removed[MAX_REMOVED_ROWS:]),
        other=other,
        differing=differing,
        changed={index for index, _ in differing},
        verdict=_verdict(other.explanation) if other else "",
        details={
            **_details(explanation, theirs, other.name if other else ""),
            "rest": [line.block for line in lines[FIRST_LINES:] if line.block >= 0],
        },
        teach=teach,
        tints={kind: group(kind) for kind in BlockKind},
    )


def group(kind: BlockKind) -> str:
    """The name of a kind's tint."""
    return GROUPS.get(kind, "site")


def page_elements(explanation: Explanation) -> Iterator[PageElement]:
    """The page in the order of its text, as a reader sees it: nested elements, pictures, blocks."""
    inside: tuple[int, ...] = ()
    for index, block in enumerate(explanation.blocks):
        same = 0
        while same < min(len(inside), len(block.within)) and inside[same] == block.within[same]:
            same += 1
        yield from (PageElement("close") for _ in inside[same:])
        yield from (PageElement("open", explanation.elements[number]) for number in block.within[same:])
        inside = block.within
        yield from (PageElement("picture", text) for text in block.pictures)
        yield PageElement("block", block.text, index)
    yield from (PageElement("close") for _ in inside)


def lines_of(explanation: Explanation) -> list[Line]:
    """The lines of the article with their blocks; without blocks where the text is not that of the page's blocks."""
    if explanation.article is None:
        return []
    body = [(index, block) for index, block in enumerate(explanation.blocks) if block.label.is_body]
    if "\n".join(block.text for _, block in body) == explanation.article.text:
        return [Line(block.text, index) for index, block in body]
    return [Line(text, -1) for text in explanation.article.text.split("\n")]


def _removed(explanation: Explanation) -> list[tuple[int, BlockDecision]]:
    """The blocks of the removal ledger, with their indexes."""
    return [(i, block) for i, block in enumerate(explanation.blocks) if block.is_near and not block.label.is_body]


def _metadata(article: Article | None, evidence: tuple[Evidence, ...]) -> Iterator[tuple[str, str, list[Evidence]]]:
    """Each field with its value as text and the evidence for it."""
    for name in METADATA:
        value = getattr(article, name) if article else None
        sources = [source for source in evidence if source.field == name]
        if value not in (None, ()) or sources:
            yield name, ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value), sources


def _matching_blocks(explanation: Explanation, other: Comparison | None) -> list[BlockDecision | None]:
    """For each block the same block of the comparison; None where the comparison has no such block."""
    blocks = {(block.path, block.text): block for block in other.explanation.blocks} if other else {}
    return [blocks.get((block.path, block.text)) for block in explanation.blocks]


def _verdict(explanation: Explanation) -> str:
    if explanation.rejection is not None:
        return f"rejected: {explanation.rejection.stage}/{explanation.rejection.reason}"
    return f"article, {len(explanation.article.text)} characters" if explanation.article else ""


def _details(explanation: Explanation, theirs: Sequence[BlockDecision | None], name: str) -> dict[str, object]:
    """What is shown of a block under the pointer: its kind, score, rule, authority, path, share of links, the
    features that weighed most, and its label in the comparison. Kinds, rules and authorities are indexes into
    ``words``, since a page has few different ones.
    """
    words: dict[str, int] = {}

    def number(word: str) -> int:
        return words.setdefault(str(word), len(words))

    rows = []
    for block, their in zip(explanation.blocks, theirs, strict=True):
        label = block.label
        named = [number(label.kind), round(label.score, 2), number(label.rule), number(AUTHORITIES[block.authority])]
        weighed = [(in_words(item.feature), f"{item.value:.4g}", round(item.added, 2)) for item in block.weighed]
        other_label = (
            f"{name}: {their.label.kind}, {their.label.score:.2f}, {their.label.rule}" if their is not None else ""
        )
        rows.append([*named, block.path, round(block.link_share, 2), weighed, *([other_label] if other_label else [])])
    return {"words": [*words], "rows": rows}
