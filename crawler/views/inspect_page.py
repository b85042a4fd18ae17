"""The inspect page: a page with the label of every block, beside the article, its metadata and what was removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cleaners.explain import BlockDecision, Explanation
from cleaners.types import BODY_KINDS, Article, BlockKind, Evidence
from crawler.views.feature_words import AUTHORITIES, in_words
from crawler.views.html import render

GROUPS: Mapping[BlockKind, str] = {
    **dict.fromkeys(BODY_KINDS, "text"),
    **dict.fromkeys((BlockKind.TITLE, BlockKind.STANDFIRST, BlockKind.PULL_QUOTE, BlockKind.FACT_BOX), "head"),
    **dict.fromkeys((BlockKind.BYLINE, BlockKind.DATE, BlockKind.CAPTION, BlockKind.CREDIT), "meta"),
    **dict.fromkeys((BlockKind.RELATED, BlockKind.PROMO, BlockKind.MOST_READ, BlockKind.NEWSLETTER), "lead"),
    **dict.fromkeys((BlockKind.AD, BlockKind.CONSENT, BlockKind.PAYWALL, BlockKind.LEGAL), "away"),
    **dict.fromkeys((BlockKind.COMMENTS, BlockKind.AUTHOR_BIO, BlockKind.SHARE), "talk"),
}
"""The tints, by kind; all others have that of the site's own parts."""

METADATA = (
    "title",
    "description",
    "authors",
    "published",
    "modified",
    "language",
    "site_name",
    "section",
    "tags",
    "canonical_url",
    "free_access",
    "credit",
)
"""Fields of the record in the table of metadata."""

FIRST_LINES = 300
"""Lines of the article that are written; the script takes the others from their blocks, when the page is shown. Of the
articles of the development pages one in sixty has more."""

MOST_REMOVED = 1_000
"""Entries of the removal ledger in the table; all are marked on the page beside it."""

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}


class Part(NamedTuple):
    """A step through the page from its start: an element that begins or ends, a picture, or a block."""

    what: str
    """``open``, ``close``, ``picture`` or ``block``."""
    text: str = ""
    block: int = -1
    """Index of the block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The same page cleaned in another way."""

    name: str
    """What differs: a focus, a version."""
    found: Explanation


class Line(NamedTuple):
    """A line of the article, and the block that it is; -1 where it is none of the page."""

    text: str
    block: int


def inspect_page(found: Explanation, other: Comparison | None = None, **teach: Any) -> str:
    """The HTML of the page.

    Args:
        found: the page, with the features that weighed most.
        other: the same page cleaned in another way, to compare with.
        teach: in the mode for teaching: ``base``, the path of its requests; ``draft``, the labels as they were left;
            ``host``, the site.
    """
    article, lines, removed = found.article, lines_of(found), _removed(found)
    counts = Counter(block.label.kind for block in found.blocks)
    theirs = _theirs(found, other)
    pairs = zip(found.blocks, theirs, strict=True)
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
        found=found,
        article=article,
        lines=[line for number, line in enumerate(lines) if number < FIRST_LINES or line.block < 0],
        parts=list(parts(found)),
        kinds=[(kind, counts[kind], group(kind)) for kind in BlockKind if counts[kind]],
        group=group,
        headings=HEADINGS,
        metadata=list(_metadata(article, found.evidence)),
        first=next((index for index, block in enumerate(found.blocks) if block.label.is_body), 0),
        removed=removed[:MOST_REMOVED],
        more_removed=len(removed[MOST_REMOVED:]),
        other=other,
        differing=differing,
        changed={index for index, _ in differing},
        verdict=_verdict(other.found) if other else "",
        details={
            **_details(found, theirs, other.name if other else ""),
            "rest": [line.block for line in lines[FIRST_LINES:] if line.block >= 0],
        },
        teach=teach,
        tints={kind: group(kind) for kind in BlockKind},
    )


def group(kind: BlockKind) -> str:
    """The name of a kind's tint."""
    return GROUPS.get(kind, "site")


def parts(found: Explanation) -> Iterator[Part]:
    """The page in the order of its text, as a reader sees it: nested elements, pictures, blocks."""
    inside: tuple[int, ...] = ()
    for index, block in enumerate(found.blocks):
        same = 0
        while same < min(len(inside), len(block.within)) and inside[same] == block.within[same]:
            same += 1
        yield from (Part("close") for _ in inside[same:])
        yield from (Part("open", found.elements[number]) for number in block.within[same:])
        inside = block.within
        yield from (Part("picture", text) for text in block.pictures)
        yield Part("block", block.text, index)
    yield from (Part("close") for _ in inside)


def lines_of(found: Explanation) -> list[Line]:
    """The lines of the article with their blocks; of a text that the page does not show none has a block."""
    if found.article is None:
        return []
    body = [(index, block) for index, block in enumerate(found.blocks) if block.label.is_body]
    if "\n".join(block.text for _, block in body) == found.article.text:
        return [Line(block.text, index) for index, block in body]
    return [Line(text, -1) for text in found.article.text.split("\n")]


def _removed(found: Explanation) -> list[tuple[int, BlockDecision]]:
    """The blocks of the removal ledger, with their indexes."""
    return [(i, one) for i, one in enumerate(found.blocks) if one.is_near and not one.label.is_body]


def _metadata(article: Article | None, evidence: tuple[Evidence, ...]) -> Iterator[tuple[str, str, list[Evidence]]]:
    """Each field with its value in words and what the sources say of it."""
    for name in METADATA:
        value = getattr(article, name) if article else None
        sources = [one for one in evidence if one.field == name]
        if value not in (None, ()) or sources:
            yield name, ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value), sources


def _theirs(found: Explanation, other: Comparison | None) -> list[BlockDecision | None]:
    """The same block in the comparison, for each block; None where there is none."""
    blocks = {(block.path, block.text): block for block in other.found.blocks} if other else {}
    return [blocks.get((block.path, block.text)) for block in found.blocks]


def _verdict(found: Explanation) -> str:
    if found.rejection is not None:
        return f"rejected: {found.rejection.stage}/{found.rejection.reason}"
    return f"article, {len(found.article.text)} characters" if found.article else ""


def _details(found: Explanation, theirs: Sequence[BlockDecision | None], name: str) -> dict[str, Any]:
    """What is shown of a block that is pointed at: of each the kind, score, rule, authority, path, share of links, what
    was weighed, and the other label. Kinds, rules and authorities are numbers of ``words``: a page has few of them.
    """
    words: dict[str, int] = {}

    def number(word: str) -> int:
        return words.setdefault(str(word), len(words))

    rows = []
    for block, their in zip(found.blocks, theirs, strict=True):
        label = block.label
        named = [number(label.kind), round(label.score, 2), number(label.rule), number(AUTHORITIES[block.authority])]
        weighed = [(in_words(one.feature), f"{one.value:.4g}", round(one.added, 2)) for one in block.weighed]
        said = f"{name}: {their.label.kind}, {their.label.score:.2f}, {their.label.rule}" if their is not None else ""
        rows.append([*named, block.path, round(block.link_share, 2), weighed, *([said] if said else [])])
    return {"words": [*words], "rows": rows}
