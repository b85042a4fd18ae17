"""The inspect page: a page with what became of every block, beside the article, its fields and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cleaners.explain import FIELDS, BlockDecision, BlockState, Explanation, Frame
from cleaners.types import BODY_KINDS, Article, BlockKind, Evidence
from crawler.fetching.browser.picture import PagePicture
from crawler.presentation import confidence_words, story_words
from crawler.presentation.html.feature_words import AUTHORITIES, in_words
from crawler.presentation.html.page import Link, render
from crawler.quality.labelled import METADATA

FIRST_LINES = 300
"""Most lines of the article in the HTML; when the page is shown, the script copies the others from their blocks. One in
sixty articles of the development pages has more."""

MAX_REMOVED_ROWS = 1_000
"""Entries of the removal ledger in the list; all are marked on the page beside it."""

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}

FOLDED_KINDS = 3
"""Kinds that the line of folded blocks names; the others are counted together."""

LEFT_OUT = BlockState.LEFT_OUT

KINDS: dict[BlockKind, str] = {
    kind: BlockState.TEXT if kind in BODY_KINDS else BlockState.FIELD if kind in FIELDS else BlockState.LEFT_OUT
    for kind in BlockKind
}
"""What becomes of blocks of a kind near the article, when a person gives them the kind."""


class PagePart(NamedTuple):
    """A step through the page from its start."""

    kind: str
    """``open`` or ``close`` of a frame, ``fold`` or ``unfold`` of folded blocks, ``picture`` or ``block``."""
    text: str = ""
    """The frame's name and tag, what is folded, or the description of the picture."""
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


def inspect_page(
    explanation: Explanation,
    other: Comparison | None = None,
    picture: PagePicture | None = None,
    links: Sequence[Link] = (),
    **teach: object,
) -> str:
    """The HTML of the page.

    Args:
        explanation: the page, with the features that weighed most.
        other: the same page cleaned in another way, to compare with.
        picture: the page as a browser renders it.
        links: to pages around it.
        teach: in teaching mode: ``base``, the path of its requests; ``draft``, the labels that were not saved yet;
            ``host``, the site.
    """
    article, lines = explanation.article, lines_of(explanation)
    theirs = _matching_blocks(explanation, other)
    details = _details(explanation, theirs, other.name if other else "")
    return render(
        "inspect.html",
        "tables.js",
        "inspect.js",
        *(("teach.js",) if teach else ()),
        connect="'self'" if teach else "'none'",
        images="data:" if picture else "'none'",
        links=links,
        explanation=explanation,
        story=story_words.in_words(explanation.story) if explanation.story else "",
        reasons=[confidence_words.in_words(reason) for reason in explanation.confidence],
        article=article,
        lines=[line for number, line in enumerate(lines) if number < FIRST_LINES or line.block < 0],
        parts=list(page_parts(explanation)),
        states=Counter(block.state for block in explanation.blocks),
        kinds=sorted(Counter(block.label.kind for block in explanation.blocks).items()),
        chip=chip,
        headings=HEADINGS,
        metadata=list(_metadata(article, explanation.evidence)),
        **_left_out_rows(explanation),
        **_compared(explanation, other, theirs),
        details={**details, "rest": [line.block for line in lines[FIRST_LINES:] if line.block >= 0]},
        picture=picture,
        teach=teach,
        kind_states=KINDS,
        fields=FIELDS,
    )


def _compared(
    explanation: Explanation, other: Comparison | None, theirs: Sequence[BlockDecision | None]
) -> dict[str, Any]:
    """What the template shows of a comparison: the blocks that are text in one of the two only."""
    differing = [
        (index, block)
        for index, (block, their) in enumerate(zip(explanation.blocks, theirs, strict=True))
        if other and (their is None or their.label.is_body != block.label.is_body)
    ]
    return {
        "other": other,
        "differing": differing,
        "changed": {index for index, _ in differing},
        "verdict": _verdict(other.explanation) if other else "",
    }


def chip(block: BlockDecision) -> str:
    """What became of a block, in a few words."""
    kind = block.label.kind
    if block.state is BlockState.TEXT:
        return "✓ text" if kind is BlockKind.PARAGRAPH else f"✓ text: {confidence_words.words_of(kind)}"
    if block.state is BlockState.FIELD:
        return f"◆ field: {block.field}"
    return f"✕ out: {confidence_words.words_of(kind)}"


def page_parts(explanation: Explanation) -> Iterator[PagePart]:
    """The page in the order of its text: frames, pictures, blocks; what is far from the article is folded."""
    inside: tuple[int, ...] = ()
    folded = 0
    far = _far(explanation)
    for index, block in enumerate(explanation.blocks):
        frames = tuple(number for number in block.within if explanation.elements[number].frame)
        if folded and not far[index]:
            yield PagePart("unfold")
            folded = 0
        if not folded:
            yield from _changed_frames(inside, () if far[index] else frames, explanation)
            inside = () if far[index] else frames
        if far[index] and not folded:
            folded = next((n for n in range(index, len(far)) if not far[n]), len(far)) - index
            yield PagePart("fold", _folded_words(explanation.blocks[index : index + folded]))
        yield from (PagePart("picture", text) for text in block.pictures)
        yield PagePart("block", block.text, index)
    if folded:
        yield PagePart("unfold")
    yield from (PagePart("close") for _ in inside)


def _far(explanation: Explanation) -> list[bool]:
    """For each block whether it is folded: it is far from the article, and nothing of it is in the record."""
    if explanation.article is None:
        return [False] * len(explanation.blocks)
    return [block.state is BlockState.LEFT_OUT and not block.is_near for block in explanation.blocks]


def _changed_frames(inside: Sequence[int], wanted: Sequence[int], explanation: Explanation) -> Iterator[PagePart]:
    """The frames that end and begin between two blocks."""
    same = 0
    while same < min(len(inside), len(wanted)) and inside[same] == wanted[same]:
        same += 1
    yield from (PagePart("close") for _ in inside[same:])
    for number in wanted[same:]:
        tag, frame = explanation.elements[number]
        yield PagePart("open", f"the story, in <{tag}>" if frame is Frame.STORY else f"a box, <{tag}>")


def _folded_words(blocks: Sequence[BlockDecision]) -> str:
    """How many blocks are folded, and of which kinds."""
    counts = Counter(confidence_words.words_of(block.label.kind) for block in blocks).most_common()
    named = [f"{count} {kind}" for kind, count in counts[:FOLDED_KINDS]]
    others = sum(count for _, count in counts[FOLDED_KINDS:])
    listed = ", ".join([*named, *([f"{others} others"] if others else [])])
    return f"{len(blocks)} {'block' if len(blocks) == 1 else 'blocks'} around the article, left out: {listed}"


def lines_of(explanation: Explanation) -> list[Line]:
    """The lines of the article with their blocks; without blocks where the text is not that of the page's blocks."""
    if explanation.article is None:
        return []
    body = [(index, block) for index, block in enumerate(explanation.blocks) if block.label.is_body]
    if "\n".join(block.text for _, block in body) == explanation.article.text:
        return [Line(block.text, index) for index, block in body]
    return [Line(text, -1) for text in explanation.article.text.split("\n")]


def _left_out_rows(explanation: Explanation) -> dict[str, Any]:
    """The blocks in and near the article that were left out, with their indexes; and how many more there are."""
    rows = [(i, block) for i, block in enumerate(explanation.blocks) if block.is_near and block.state is LEFT_OUT]
    return {"removed": rows[:MAX_REMOVED_ROWS], "more_removed": len(rows[MAX_REMOVED_ROWS:])}


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
    """What is shown of a block under the pointer: its kind, score, rule, authority, path, share of links, markup, the
    features that weighed most, and its label in the comparison. Kinds, rules, authorities and markup are indexes into
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
        place = [block.path, round(block.link_share, 2), number(block.markup)]
        rows.append([*named, *place, weighed, *([other_label] if other_label else [])])
    return {"words": [*words], "rows": rows}
