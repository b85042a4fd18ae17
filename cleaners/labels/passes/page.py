"""The rules that look at the page's labels together: each is ``(labels, view) -> labels``, applied in order."""

from __future__ import annotations

from collections import Counter

from cleaners.blocks.measures import paragraph_shape
from cleaners.blocks.scope import HEADINGS, Scope
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import WINDOW, Passages
from cleaners.labels import lexicon
from cleaners.labels.page_view import PageView
from cleaners.labels.rules import registry
from cleaners.text.normalise import match_key
from cleaners.types import BlockKind, Label

Labels = list[Label]


def repeated_text(labels: Labels, view: PageView) -> Labels:
    """A body block whose text another body block holds: a pull quote, or the same paragraph twice."""
    bodies = [block for block in view.blocks if labels[block.index].is_body]
    whole = "\n".join(block.key for block in bodies)
    passages = Passages(whole)
    keys = Counter(block.key for block in bodies)
    seen: set[str] = set()
    for block in bodies:
        size = len(block.key)
        if size < MIN_REPEAT_CHARS:
            continue
        if block.key in seen and labels[block.index].kind in REPEATABLE:
            labels[block.index] = registry.REPEATED.label()
        elif _may_be_pulled(block, labels[block.index], view) and whole.count(block.key) > keys[block.key]:
            labels[block.index] = registry.REPEATS_BODY.label()
        elif labels[block.index].kind == BlockKind.QUOTE and _near_repeat(block, passages):
            labels[block.index] = registry.NEARLY_REPEATS_BODY.label()
        seen.add(block.key)
    for block in view.blocks:
        if (
            labels[block.index].rule == registry.ASIDE.name
            and len(block.key) >= MIN_REPEAT_CHARS
            and block.key in whole
        ):
            labels[block.index] = registry.REPEATS_BODY.label()
    return labels


LOOSE = (registry.LINK.name, registry.UNCLAIMED.name)
"""Rules whose blocks a link box beside them may claim."""

REPEATABLE = (BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.EMBED)
"""Kinds that go when the same text stands twice; subheads, items and rows may repeat."""

LEADS_AWAY = (
    BlockKind.RELATED,
    BlockKind.PROMO,
    BlockKind.MOST_READ,
    BlockKind.NEWSLETTER,
    BlockKind.COMMENTS,
    BlockKind.AUTHOR_BIO,
)
"""Kinds whose box may have a heading that looks like a subhead."""

MIN_REPEAT_CHARS = 25
"""Letters from which a repeated text is no chance."""


def _may_be_pulled(block: Block, label: Label, view: PageView) -> bool:
    """True for quotes, and for paragraphs that are set unlike the others."""
    return label.kind == BlockKind.QUOTE or (
        label.kind == BlockKind.PARAGRAPH and paragraph_shape(block) != view.typical_shape
    )


def _near_repeat(block: Block, passages: Passages) -> bool:
    """True when most of a quote stands elsewhere in the body in the same words."""
    windows = [block.key[start : start + WINDOW] for start in range(0, len(block.key) - WINDOW + 1, WINDOW)]
    return sum(passages.is_repeated(window) for window in windows) >= NEARLY * max(1, len(windows))


NEARLY = 0.75
"""Share of a quote's windows that stand elsewhere when it repeats the body with its first or last words cut."""


def trailing(labels: Labels, view: PageView) -> Labels:
    """What follows the last paragraph and leads elsewhere: bios, headings of link boxes, prompts."""
    bodies = [block for block in view.blocks if labels[block.index].is_body]
    for block in reversed(bodies[-TAIL:]):
        label = labels[block.index]
        if lexicon.BIO.fullmatch(block.text) and _names_author(block, view):
            labels[block.index] = registry.BIO.label()
        elif label.kind == BlockKind.SUBHEAD:
            labels[block.index] = registry.HEADING_OF_NOTHING.label()
        else:
            break
    return labels


TAIL = 6
"""Blocks looked at from the end."""


def _names_author(block: Block, view: PageView) -> bool:
    return any(match_key(name) in block.key[:80] for name in view.metadata.authors) or block.text.lower().startswith(
        "about the author"
    )


def boxes(labels: Labels, view: PageView) -> Labels:
    """What stands in one box with the heading of a related or most-read list belongs to it."""
    for block in view.blocks:
        is_heading = labels[block.index].rule == registry.RELATED_HEADING.name or (
            labels[block.index].rule == registry.READ_MORE.name and block.link_share < 0.3
        )
        if not is_heading or block.block_scope.parent is None:
            continue
        kind = "most_read" if lexicon.MOST_READ.match(block.text) else "related"
        labels[block.index] = registry.RELATED_HEADING.label(kind)
        box = _box(block, view)
        for other in view.blocks[block.index + 1 :]:
            is_beside = (
                other.link_share > 0.5
                and block.block_scope.parent is not None
                and other.scope.is_within(block.block_scope.parent)
            )
            is_loose = is_beside and labels[other.index].rule in LOOSE
            is_boxed = box is not None and other.scope.is_within(box)
            if not (is_boxed or is_loose) or labels[other.index].rule == registry.RELATED_HEADING.name:
                break
            is_named = labels[other.index].rule == registry.CLASS["most_read"].name and "most_read" not in view.marks(
                block
            )
            if labels[other.index].kind in BOXED and not is_named:
                labels[other.index] = registry.IN_BOX.label(kind)
    return labels


BOXED = frozenset(
    (
        BlockKind.RELATED,
        BlockKind.NAVIGATION,
        BlockKind.OTHER,
        BlockKind.LIST_ITEM,
        BlockKind.PARAGRAPH,
        BlockKind.SUBHEAD,
        BlockKind.MOST_READ,
        BlockKind.DATE,
        BlockKind.PROMO,
    )
)
"""Kinds that a box may claim; prose in quotes or tables is not."""


def _box(heading: Block, view: PageView) -> Scope | None:
    """The scope that a heading heads: the largest within reach that holds no paragraph of the body; None when there is none."""
    box, scope = None, heading.block_scope
    for _ in range(BOX_LEVELS + 1):
        if scope.parent is None or id(scope) in view.prose_below:
            break
        box, scope = scope, scope.parent
    return box


BOX_LEVELS = 3
"""Levels between a heading and the box it heads: heading, header, section."""


def lonely_subheads(labels: Labels, view: PageView) -> Labels:
    """A subhead that heads no body block is the heading of what was taken out after it."""
    for block, following in zip(view.blocks, view.blocks[1:], strict=False):
        if labels[block.index].kind != BlockKind.SUBHEAD:
            continue
        after = labels[following.index]
        if _is_apart(following, block) and any(
            found.is_body for found in labels[following.index : following.index + FLOATED]
        ):
            continue
        if not after.is_body and after.kind in LEADS_AWAY:
            labels[block.index] = registry.HEADING_OF_REMOVED.label(after.kind)
    return labels


FLOATED = 14
"""Blocks of the longest box seen floated between a subhead and its first paragraph."""


def _is_apart(block: Block, heading: Block) -> bool:
    """True when a block stands in a box of its own beside the heading, not in a list that the heading heads."""
    parent = heading.block_scope.parent
    for scope in block.scope.chain():
        if scope.parent is parent:
            return scope.tag in ("table", "aside", "div", "section", "figure")
    return False


def below_comments(labels: Labels, view: PageView) -> Labels:
    """Everything below the heading of the comments is comments, unless most of the body stands there."""
    headings = (
        b.index
        for b in view.blocks
        if labels[b.index].rule == registry.WHOLE_LINE[BlockKind.COMMENTS].name and b.index > view.first_evidence
    )
    for index in headings:
        below = sum(b.weight for b in view.body_evidence if b.index > index)
        if below <= MAX_COMMENTS_SHARE * view.evidence_chars:
            for block in view.blocks[index:]:
                if labels[block.index].is_body or labels[block.index].rule == registry.UNCLAIMED.name:
                    labels[block.index] = registry.BELOW_COMMENTS.label()
            break
    return labels


MAX_COMMENTS_SHARE = 0.5
"""Share of the kept text that comments may be; a heading with more below it heads something else."""


def contents(labels: Labels, view: PageView) -> Labels:
    """A table of contents: several lines in a row that are nothing but links into the same page, and their heading.

    A list under a heading of its own, such as a live blog's key points, sums up the story and stays.
    """
    run: list[int] = []
    for block in (*view.blocks, None):
        if block is not None and _leads_into_page(block, view):
            run.append(block.index)
            continue
        if len(run) >= MIN_CONTENTS_LINES:
            above = view.blocks[run[0] - 1] if run[0] else None
            if above and lexicon.CONTENTS.fullmatch(above.text):
                run.append(above.index)
            elif above and above.scope.flags & HEADINGS and labels[above.index].is_body:
                run = []
            for index in run:
                if labels[index].is_body:
                    labels[index] = registry.CONTENTS.label()
        run = []
    return labels


MIN_CONTENTS_LINES = 3
"""Lines of the shortest table of contents; one or two may be notes."""


def _leads_into_page(block: Block, view: PageView) -> bool:
    reference = block.href or ""
    return (
        block.link_share > 0.9 and "#" in reference and reference.partition("#")[0] in ("", view.url.partition("#")[0])
    )
