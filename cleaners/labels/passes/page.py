"""The rules that look at the page's labels together: each is ``(labels, view) -> labels``, applied in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from cleaners.blocks.measures import shape
from cleaners.blocks.scope import HEADINGS, Scope
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import WINDOW, Passages
from cleaners.labels import lexicon
from cleaners.labels.page_view import View
from cleaners.labels.passes.prompt_boxes import prompts
from cleaners.labels.passes.teasers import doubled_titles
from cleaners.text.normalise import key
from cleaners.types import Label

Labels = list[Label]
Pass = Callable[[Labels, View], Labels]


def repeated_text(labels: Labels, view: View) -> Labels:
    """A body block whose text another body block holds: a pull quote, or the same paragraph twice."""
    bodies = [block for block in view.blocks if labels[block.index].is_body]
    whole = "\n".join(block.key for block in bodies)
    passages = Passages(whole)
    keys = Counter(block.key for block in bodies)
    seen: set[str] = set()
    for block in bodies:
        size = len(block.key)
        if size < SHORTEST_REPEAT:
            continue
        if block.key in seen and labels[block.index].kind in ("paragraph", "quote", "embed"):
            labels[block.index] = Label(kind="other", rule="repeated", score=0.8)
        elif _may_be_pulled(block, labels[block.index], view) and whole.count(block.key) > keys[block.key]:
            labels[block.index] = Label(kind="pull_quote", rule="repeats_body", score=0.8)
        elif labels[block.index].kind == "quote" and _near_repeat(block, passages):
            labels[block.index] = Label(kind="pull_quote", rule="nearly_repeats_body", score=0.7)
        seen.add(block.key)
    for block in view.blocks:
        if labels[block.index].rule == "tag:aside" and len(block.key) >= SHORTEST_REPEAT and block.key in whole:
            labels[block.index] = Label(kind="pull_quote", rule="repeats_body", score=0.8)
    return labels


SHORTEST_REPEAT = 25
"""Letters from which a repeated text is no chance."""


def _may_be_pulled(block: Block, label: Label, view: View) -> bool:
    """True for quotes, and for paragraphs that are set unlike the others."""
    return label.kind == "quote" or (label.kind == "paragraph" and shape(block) != view.usual_signature)


def _near_repeat(block: Block, passages: Passages) -> bool:
    """True when most of a quote stands elsewhere in the body in the same words."""
    windows = [block.key[start : start + WINDOW] for start in range(0, len(block.key) - WINDOW + 1, WINDOW)]
    return sum(passages.is_repeated(window) for window in windows) >= NEARLY * max(1, len(windows))


NEARLY = 0.75
"""Share of a quote's windows that stand elsewhere when it repeats the body with its first or last words cut."""


def trailing(labels: Labels, view: View) -> Labels:
    """What follows the last paragraph and leads elsewhere: bios, headings of link boxes, prompts."""
    bodies = [block for block in view.blocks if labels[block.index].is_body]
    for block in reversed(bodies[-TAIL:]):
        label = labels[block.index]
        if lexicon.BIO.fullmatch(block.text) and _names_author(block, view):
            labels[block.index] = Label(kind="author_bio", rule="text:bio", score=0.7)
        elif label.kind == "subhead":
            labels[block.index] = Label(kind="related", rule="heading_of_nothing", score=0.6)
        else:
            break
    return labels


TAIL = 6
"""Blocks looked at from the end."""


def _names_author(block: Block, view: View) -> bool:
    return any(key(name) in block.key[:80] for name in view.metadata.authors) or block.text.lower().startswith(
        "about the author"
    )


def boxes(labels: Labels, view: View) -> Labels:
    """What stands in one box with the heading of a related or most-read list belongs to it."""
    for block in view.blocks:
        is_heading = labels[block.index].rule == "text:related_heading" or (
            labels[block.index].rule == "text:read_more" and block.link_share < 0.3
        )
        if not is_heading or block.home.parent is None:
            continue
        kind = "most_read" if lexicon.MOST_READ.match(block.text) else "related"
        labels[block.index] = Label(kind=kind, rule="text:related_heading", score=0.8)
        box = _box(block, view)
        for other in view.blocks[block.index + 1 :]:
            is_beside = (
                other.link_share > 0.5 and block.home.parent is not None and other.scope.is_within(block.home.parent)
            )
            is_loose = is_beside and labels[other.index].rule in ("link", "unclaimed")
            is_boxed = box is not None and other.scope.is_within(box)
            if not (is_boxed or is_loose) or labels[other.index].rule == "text:related_heading":
                break
            is_named = labels[other.index].rule == "class:most_read" and "most_read" not in view.marks(block)
            if labels[other.index].kind in BOXED and not is_named:
                labels[other.index] = Label(kind=kind, rule="in_box", score=0.7)
    return labels


BOXED = ("related", "navigation", "other", "list_item", "paragraph", "subhead", "most_read", "date", "promo")
"""Kinds that a box may claim; prose in quotes or tables is not."""


def _box(heading: Block, view: View) -> Scope | None:
    """The scope that a heading heads: the largest within reach that holds no paragraph of the body; None when there is none."""
    box, scope = None, heading.home
    for _ in range(BOX_LEVELS + 1):
        if scope.parent is None or id(scope) in view.prose_below:
            break
        box, scope = scope, scope.parent
    return box


BOX_LEVELS = 3
"""Levels between a heading and the box it heads: heading, header, section."""


def lonely_subheads(labels: Labels, view: View) -> Labels:
    """A subhead that heads no body block is the heading of what was taken out after it."""
    for block, following in zip(view.blocks, view.blocks[1:], strict=False):
        if labels[block.index].kind != "subhead":
            continue
        after = labels[following.index]
        if _is_apart(following, block) and any(
            found.is_body for found in labels[following.index : following.index + FLOATED]
        ):
            continue
        if not after.is_body and after.kind in (
            "related",
            "promo",
            "most_read",
            "newsletter",
            "comments",
            "author_bio",
        ):
            labels[block.index] = Label(kind=after.kind, rule="heading_of_removed", score=0.7)
    return labels


FLOATED = 14
"""Blocks of the longest box seen floated between a subhead and its first paragraph."""


def _is_apart(block: Block, heading: Block) -> bool:
    """True when a block stands in a box of its own beside the heading, not in a list that the heading heads."""
    parent = heading.home.parent
    for scope in block.scope.chain():
        if scope.parent is parent:
            return scope.tag in ("table", "aside", "div", "section", "figure")
    return False


def below_comments(labels: Labels, view: View) -> Labels:
    """Everything below the heading of the comments is comments, unless most of the body stands there."""
    headings = (b.index for b in view.blocks if labels[b.index].rule == "text:comments" and b.index > view.first)
    for index in headings:
        below = sum(b.weight for b in view.strong if b.index > index)
        if below <= MOST_COMMENTS * view.mass:
            for block in view.blocks[index:]:
                if labels[block.index].is_body or labels[block.index].rule == "unclaimed":
                    labels[block.index] = Label(kind="comments", rule="below_comments", score=0.7)
            break
    return labels


MOST_COMMENTS = 0.5
"""Share of the kept text that comments may be; a heading with more below it heads something else."""


def contents(labels: Labels, view: View) -> Labels:
    """A table of contents: several lines in a row that are nothing but links into the same page, and their heading.

    A list under a heading of its own, such as a live blog's key points, sums up the story and stays.
    """
    run: list[int] = []
    for block in (*view.blocks, None):
        if block is not None and _leads_into_page(block, view):
            run.append(block.index)
            continue
        if len(run) >= SHORTEST_CONTENTS:
            above = view.blocks[run[0] - 1] if run[0] else None
            if above and lexicon.CONTENTS.fullmatch(above.text):
                run.append(above.index)
            elif above and above.scope.flags & HEADINGS and labels[above.index].is_body:
                run = []
            for index in run:
                if labels[index].is_body:
                    labels[index] = Label(kind="navigation", rule="contents", score=0.8)
        run = []
    return labels


SHORTEST_CONTENTS = 3
"""Lines of the shortest table of contents; one or two may be notes."""


def _leads_into_page(block: Block, view: View) -> bool:
    reference = block.href or ""
    return (
        block.link_share > 0.9 and "#" in reference and reference.partition("#")[0] in ("", view.url.partition("#")[0])
    )


PASSES: tuple[Pass, ...] = (
    contents,
    below_comments,
    boxes,
    prompts,
    doubled_titles,
    repeated_text,
    lonely_subheads,
    trailing,
)
