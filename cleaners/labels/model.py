"""The learnt labeller: it looks again at what the rules decided, with the whole page in view.

Removals that carry out a policy or read a block's own words are final; what was inferred from its place and from trafilatura's
verdict is asked of the model, which was trained on annotated pages (docs/model-card.md).
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.blocks.measures import LINE
from cleaners.blocks.segment import Block
from cleaners.labels.features import features
from cleaners.labels.page_view import View
from cleaners.labels.region import region
from cleaners.labels.rules.body import body_kind
from cleaners.models import forest
from cleaners.types import Label

FOCUS = {"precision": 0.75, "balanced": 0.6, "recall": 0.4}
"""Probability from which a block is body. The curve is in docs/measurements.md; 0.6 is where news pages fare best."""

OPEN = frozenset(
    (
        "unclaimed",
        "below_picture",
        "standfirst",
        "tag:aside",
        "tag:furniture",
        "heading_of_removed",
        "heading_of_nothing",
        "class:promo",
    )
)
"""Rules that only infer from a place: their removals are the first the model may take back."""

FINAL = frozenset(
    ("headline", "h1", "no_words", "repeated", "figure", "in_headline_box", "below_comments", "below_offer", "class:comments",
     "class:author_bio", "class:credit", "class:caption", "class:byline", "class:newsletter")
)  # fmt: skip
"""Rules whose removals stand, as do those by a block's own words (``text:…``, ``prose:…``): they carry out a policy, or the model
was more often wrong than right where it disagreed with them (docs/measurements.md)."""

TAKEN_BACK = 0.1
"""How much surer the model must be to take back a removal than to let a block stay: two witnesses agree on the latter."""

SURE = 0.8
"""Probability from which a removal by any other rule is taken back: by class name, repetition, or because a line is a link."""

POLICY = frozenset(
    (
        "class:standfirst",
        "class:hidden",
        "class:pull_quote",
        "doubled_title",
        "hidden",
        "repeats_body",
        "nearly_repeats_body",
    )
)
"""Rules whose removals stand too, by policy; the model is trained on them, since they look like what it may decide."""

SETTLED = ("table_row", "embed")
"""Body kinds the model is not asked about: they belong by policy, though most annotators leave them out."""

UNSEEN = frozenset(("liveblogposting",))
"""Types of page that no annotated page has."""

SUBHEAD = 0.5
"""A subhead goes only below this share of the probability that is asked of prose: what stands under it vouches for it."""


def needed(found: Label, focus: str, *, is_among: bool = False) -> float:
    """Probability from which a block with this label is body; ``is_among``: body paragraphs stand beside it."""
    if found.rule == "class:standfirst" and is_among:
        return FOCUS[focus] + TAKEN_BACK
    if found.rule in POLICY:
        return 1.0
    if not found.is_body:
        return FOCUS[focus] + TAKEN_BACK if found.rule in OPEN else max(SURE, FOCUS[focus])
    return FOCUS[focus] * (SUBHEAD if found.kind == "subhead" else 1.0)


def bound(found: Label, block: Block, view: View, focus: str) -> float:
    """What :func:`needed` asks of a block of a page."""
    return needed(found, focus, is_among=found.kind == "standfirst" and view.is_among(block))


def decided(
    found: Sequence[Label],
    chances: Sequence[float],
    bounds: Sequence[float],
    weights: Sequence[int],
    body: int,
) -> list[bool]:
    """Whether each asked block is body: those whose chance exceeds its bound.

    Where little of the rules' body would be left, the rules stand: the page is none that the model knows. ``weights`` are the
    blocks' letters, ``body`` those of the page's whole body by the rules.
    """
    said = [chance > bound for chance, bound in zip(chances, bounds, strict=True)]
    ruled = [label.is_body for label in found]
    taken = sum(weight for weight, mine, theirs in zip(weights, said, ruled, strict=True) if theirs and not mine)
    return ruled if body - taken < LEAST_LEFT * body else said


LEAST_LEFT = 0.5
"""Share of the rules' body that the model must leave. From 0.2 to 0.6 cross-validated figures differ by less than 0.001."""


def is_open(found: Label) -> bool:
    """True for decisions the model may reverse."""
    if found.is_body:
        return found.kind not in SETTLED
    return not (found.rule in FINAL or found.rule.startswith(("text:", "prose:")))


def asked(view: View, labels: Sequence[Label]) -> list[int]:
    """Indexes of the blocks the model is asked about: open decisions in the article's region, and prose outside of it."""
    if view.metadata.types & UNSEEN:
        return []
    near = region(view, labels)
    return [
        block.index
        for block, found in zip(view.blocks, labels, strict=True)
        if is_open(found) and (block.index in near or (block.weight >= LINE and block.link_share < 0.5))
    ]


def reconsider(labels: list[Label], view: View, focus: str = "balanced") -> list[Label]:
    """Let the model decide what is open. Its labels have the rule ``model`` and, as score, how sure it is."""
    indexes = asked(view, labels)
    if not indexes:
        return labels
    chances = forest.load("blocks").probability(features(view, labels, indexes)).tolist()
    found = [labels[index] for index in indexes]
    bounds = [bound(labels[index], view.blocks[index], view, focus) for index in indexes]
    weights = [view.blocks[index].weight for index in indexes]
    body = sum(b.weight for b in view.blocks if labels[b.index].is_body)
    for index, chance, is_body in zip(indexes, chances, decided(found, chances, bounds, weights, body), strict=True):
        if is_body == labels[index].is_body:
            continue
        block = view.blocks[index]
        if is_body:
            labels[index] = Label(kind=body_kind(block, view), rule="model", score=round(chance, 2))
        else:
            kind = "related" if block.link_share > 0.5 else "caption" if block.after_image else "other"
            labels[index] = Label(kind=kind, rule="model", score=round(1 - chance, 2))
    return labels
