"""The passes over all labels of a page: each is ``(labels, view) -> labels``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cleaners.blocks.measures import PARAGRAPH, paragraph_shape
from cleaners.blocks.scope import HEADINGS, Scope
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import WINDOW, Passages
from cleaners.labels import lexicon
from cleaners.labels.page_view import PageView
from cleaners.labels.rules import registry
from cleaners.labels.rules.blocks import link_box_kind
from cleaners.text.normalise import match_key
from cleaners.types import KIND_TRAITS, BlockKind, Label

Labels = list[Label]

LOOSE = (*registry.ONLY_LINK, registry.UNCLAIMED.name)
"""Rules whose blocks a link box beside them may claim."""

REPEATABLE = (BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.EMBED)
"""Kinds of which a repeated text is removed; subheads, items and rows may repeat."""

MIN_REPEAT_CHARS = 25
"""Letters from which a repeated text is not a coincidence."""

MIN_REPEATED_SHARE = 0.75
"""Share of a quote's windows that must be repeated in the body; its first or last words may be cut."""

MIN_QUOTE_WORDS = 6
"""Fewest words of a quote that are in a longer block, in their order, only because it was shortened."""

WORD = re.compile(r"\w+")

MAX_TAIL_BLOCKS = 6
"""Body blocks at the end that are checked."""

BOX_LEVELS = 3
"""Most levels between a heading and its box: heading, header, section."""

MAX_FLOATED_BLOCKS = 14
"""Blocks of the longest box seen floated between a subhead and its first paragraph."""

MAX_COMMENTS_SHARE = 0.5
"""Largest share of the kept text that can be comments; a heading with more below it is not that of comments."""

MIN_CONTENTS_LINES = 3
"""Lines of the shortest table of contents; one or two may be notes."""


def repeated_text(labels: Labels, view: PageView) -> Labels:
    """Remove body blocks whose text is in another body block: pull quotes and repeated paragraphs."""
    bodies = [block for block in view.blocks if labels[block.index].is_body]
    passages = Passages("\n".join(block.key for block in bodies))
    keys = Counter(block.key for block in bodies)
    earlier_keys: set[str] = set()
    for block in bodies:
        size = len(block.key)
        if size < MIN_REPEAT_CHARS:
            continue
        if block.key in earlier_keys and labels[block.index].kind in REPEATABLE and not _is_refrain(block):
            labels[block.index] = registry.REPEATED.label()
        elif _may_be_pulled(block, labels[block.index], view) and passages.count(block.key) > keys[block.key]:
            labels[block.index] = registry.REPEATS_BODY.label()
        elif labels[block.index].kind == BlockKind.QUOTE and (
            _near_repeat(block, passages) or _is_shortened(block, bodies)
        ):
            labels[block.index] = registry.NEARLY_REPEATS_BODY.label()
        earlier_keys.add(block.key)
    for block in view.blocks:
        if (
            labels[block.index].rule == registry.ASIDE.name
            and len(block.key) >= MIN_REPEAT_CHARS
            and block.key in passages
        ):
            labels[block.index] = registry.REPEATS_BODY.label()
    return labels


def _is_refrain(block: Block) -> bool:
    """True for a short question or bold line: an interviewer asks the same thing again."""
    return block.weight < PARAGRAPH and (block.text.endswith(QUESTION_MARKS) or block.bold_share > 0.5)


QUESTION_MARKS = ("?", "？", "؟", ";")
"""Marks at the end of a question; the last one is the Greek one."""


def _may_be_pulled(block: Block, label: Label, view: PageView) -> bool:
    """True for quotes, and for paragraphs whose shape is not the typical one."""
    return label.kind == BlockKind.QUOTE or (
        label.kind == BlockKind.PARAGRAPH and paragraph_shape(block) != view.typical_shape
    )


def _near_repeat(block: Block, passages: Passages) -> bool:
    """True when most of a quote is repeated word for word elsewhere in the body."""
    windows = [block.key[start : start + WINDOW] for start in range(0, len(block.key) - WINDOW + 1, WINDOW)]
    return sum(passages.is_repeated(window) for window in windows) >= MIN_REPEATED_SHARE * max(1, len(windows))


def _is_shortened(block: Block, bodies: Sequence[Block]) -> bool:
    """True when a quote has the words of one longer block, in their order, with some left out."""
    words = WORD.findall(block.text.casefold())
    longer = (other for other in bodies if other.weight > block.weight)
    texts = (WORD.findall(other.text.casefold()) for other in longer)
    return len(words) >= MIN_QUOTE_WORDS and any(_in_order(words, text) for text in texts)


def _in_order(words: Sequence[str], text: Sequence[str]) -> bool:
    rest = iter(text)
    return all(word in rest for word in words)


def remove_trailing(labels: Labels, view: PageView) -> Labels:
    """Remove biographies and subheads after the last paragraph."""
    bodies = [block for block in view.blocks if labels[block.index].is_body]
    for block in reversed(bodies[-MAX_TAIL_BLOCKS:]):
        label = labels[block.index]
        if lexicon.BIO.fullmatch(block.text) and _names_author(block, view):
            labels[block.index] = registry.BIO.label()
        elif label.kind == BlockKind.SUBHEAD:
            labels[block.index] = registry.HEADING_OF_NOTHING.label()
        else:
            break
    return labels


def _names_author(block: Block, view: PageView) -> bool:
    return any(match_key(name) in block.key[:80] for name in view.metadata.authors) or block.text.lower().startswith(
        "about the author"
    )


def boxes(labels: Labels, view: PageView) -> Labels:
    """Label the blocks in one box with the heading of a related or most-read list as part of that list."""
    for block in view.blocks:
        is_heading = labels[block.index].rule == registry.RELATED_HEADING.name or (
            labels[block.index].rule == registry.READ_MORE.name and block.link_share < 0.3
        )
        if not is_heading or block.block_scope.parent is None:
            continue
        kind = link_box_kind(block.text)
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
            if KIND_TRAITS[labels[other.index].kind].is_boxed and not is_named:
                labels[other.index] = registry.IN_BOX.label(kind)
    return labels


def _box(heading: Block, view: PageView) -> Scope | None:
    """The box of a heading: the largest scope in ``BOX_LEVELS`` without a body paragraph; None if there is none."""
    box, scope = None, heading.block_scope
    for _ in range(BOX_LEVELS + 1):
        if scope.parent is None or id(scope) in view.prose_below:
            break
        box, scope = scope, scope.parent
    return box


def lonely_subheads(labels: Labels, view: PageView) -> Labels:
    """Remove each subhead that no body block follows: it is the heading of the removed blocks after it."""
    for block, following in zip(view.blocks, view.blocks[1:], strict=False):
        if labels[block.index].kind != BlockKind.SUBHEAD:
            continue
        after = labels[following.index]
        if _is_apart(following, block) and any(
            label.is_body for label in labels[following.index : following.index + MAX_FLOATED_BLOCKS]
        ):
            continue
        if not after.is_body and KIND_TRAITS[after.kind].leads_away:
            labels[block.index] = registry.HEADING_OF_REMOVED.label(after.kind)
    return labels


def _is_apart(block: Block, heading: Block) -> bool:
    """True when a block is in a box of its own beside the heading, not in a list below the heading."""
    parent = heading.block_scope.parent
    for scope in block.scope.chain():
        if scope.parent is parent:
            return scope.tag in ("table", "aside", "div", "section", "figure")
    return False


def photo_stories(labels: Labels, view: PageView) -> Labels:
    """Where nothing else is text, the prose that only its words or its place make a caption is the article."""
    if any(label.is_body for label in labels):
        return labels
    for block in view.blocks:
        if labels[block.index].rule in BY_WORDS and block.weight >= PARAGRAPH and view.is_in_container(block):
            labels[block.index] = registry.PHOTO_STORY.label(BlockKind.PARAGRAPH)
    return labels


BY_WORDS = (registry.CAPTION_END.name, registry.PICTURED.name, registry.BELOW_PICTURE.name)
"""Caption rules that no element or class supports."""


def below_comments(labels: Labels, view: PageView) -> Labels:
    """Body and unclaimed blocks below the heading of the comments are comments, unless most of the body is there."""
    headings = (
        b.index
        for b in view.blocks
        if labels[b.index].rule == registry.WHOLE_LINE[BlockKind.COMMENTS].name and b.index > view.first_evidence
    )
    for index in headings:
        if view.evidence_below(index) <= MAX_COMMENTS_SHARE * view.evidence_chars:
            for block in view.blocks[index:]:
                if labels[block.index].is_body or labels[block.index].rule == registry.UNCLAIMED.name:
                    labels[block.index] = registry.BELOW_COMMENTS.label()
            break
    return labels


def contents(labels: Labels, view: PageView) -> Labels:
    """Remove a table of contents: several lines in a row that are only links into the same page, and their heading.

    A list under another heading, such as a live blog's key points, is a summary of the article and stays.
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


def _leads_into_page(block: Block, view: PageView) -> bool:
    reference = block.href or ""
    return (
        block.link_share > 0.9 and "#" in reference and reference.partition("#")[0] in ("", view.url.partition("#")[0])
    )
