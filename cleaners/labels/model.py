"""Applies the model to the blocks in and near the article. Its features describe the whole page.

A rule's label is a feature of the model, and sets the probability that the model must exceed to overrule it; only
policies are final. The model was trained on annotated pages (docs/model-card.md). Each rule's authority is in
:mod:`cleaners.labels.rules.registry`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaners.blocks.measures import LINE
from cleaners.blocks.segment import Block
from cleaners.labels import features, words
from cleaners.labels.boxes import Group, agree, follow, groups
from cleaners.labels.labelled_page import region
from cleaners.labels.page_view import PageView
from cleaners.labels.rules import registry
from cleaners.labels.rules.body import body_kind
from cleaners.labels.rules.rule import Authority
from cleaners.models import forest
from cleaners.models.forest import Forest
from cleaners.options import Focus
from cleaners.types import BlockKind, Label

THRESHOLDS = {Focus.PRECISION: 0.75, Focus.BALANCED: 0.6, Focus.RECALL: 0.4}
"""Probability from which a block is body, but for ``MARGIN``. From 0.5 to 0.7 cross-validated figures differ by less
than 0.001; news pages are better at 0.7, others at 0.5 (docs/measurements.md)."""

MARGIN = 0.1
"""Added to the threshold for a block that the rules removed, and taken from it for one that they label as body.

To lose a line is worse than to leave one in: with the smaller bound a third fewer lines of made stories are lost, a
fifth more furniture stays, and F1 on wcxb, l3s_gn1 and dragnet is .001 better.
"""

SURE = 0.9
"""Probability from which a block removed by a rule of authority ``firm`` is restored. At 0.8 captions leak."""

SURE_OF_HEAD = 0.93
"""The same for ``OF_HEAD``. For standfirsts at .9, .93 and .95, F1 on daniel is .9317, .9310 and .9305, and no other
source changes by more than .0003; at .9 a summary in a box of bylines leaks on one of 401 pages of publishing
software."""

OF_HEAD = (BlockKind.STANDFIRST, BlockKind.BYLINE)
"""Kinds that stand between the headline and the body."""

UNREACHABLE_PROBABILITY = 2.0
"""More than any probability."""

UNMODELLED_KINDS = (BlockKind.TABLE_ROW, BlockKind.EMBED)
"""Body kinds that the model does not decide: they are body by policy, though most annotators leave them out."""

MIN_BODY_SHARE = 0.5
"""Share of the rules' body that the model must keep. From 0.2 to 0.6 cross-validated figures differ by less than
0.001."""


def load() -> Forest:
    """Load the block model that ships with the package.

    Raises:
        ModelError: when it was trained with columns other than these features.
    """
    return forest.load("blocks", features.NAMES)


def authority(label: Label) -> Authority:
    """Whether the model may overrule a label; ``firm`` for a rule that is not in the registry."""
    rule = registry.RULES.get(label.rule)
    return Authority.FIRM if rule is None else rule.authority


def required_probability(label: Label, focus: Focus, *, is_beside: bool = False) -> float:
    """Probability from which a block with this label is body; more than 1 where a policy is final.

    Args:
        label: the label by the rules.
        focus: how sure the model must be.
        is_beside: True where body paragraphs are beside the block: a marked standfirst there may be body.
    """
    rank = authority(label)
    if is_beside and label.rule == registry.STANDFIRST_CLASS.name:
        rank = Authority.OPEN
    if rank is Authority.POLICY:
        return UNREACHABLE_PROBABILITY
    if label.is_body:
        return THRESHOLDS[focus] - MARGIN
    if rank is Authority.FIRM:
        return SURE_OF_HEAD if label.kind in OF_HEAD else max(SURE, THRESHOLDS[focus])
    return THRESHOLDS[focus] + MARGIN


def required_for_block(label: Label, block: Block, view: PageView, focus: Focus) -> float:
    """:func:`required_probability` for a block of a page; what was removed above the headline stays out."""
    if not label.is_body and block.index < (view.title_index or 0) and not view.is_in_container(block):
        return UNREACHABLE_PROBABILITY
    is_beside = label.kind is BlockKind.STANDFIRST and view.is_beside_paragraphs(block)
    return required_probability(label, focus, is_beside=is_beside)


def decide(
    labels: Sequence[Label],
    probabilities: Sequence[float],
    required: Sequence[float],
    weights: Sequence[int],
    body: int,
) -> list[bool]:
    """Whether each open block is body: those whose probability exceeds what is required.

    Where too little of the rules' body would remain, the rules decide: the model was not trained on such a page.

    Args:
        labels: labels of the open blocks by the rules.
        probabilities: probabilities of the open blocks by the model, 0 to 1.
        required: see :func:`required_probability`.
        weights: characters of the open blocks.
        body: characters of the whole body by the rules.
    """
    by_model = [value > bound for value, bound in zip(probabilities, required, strict=True)]
    by_rules = [label.is_body for label in labels]
    lost = sum(weight for weight, mine, theirs in zip(weights, by_model, by_rules, strict=True) if theirs and not mine)
    return by_rules if body - lost < MIN_BODY_SHARE * body else by_model


def settle(
    labels: Sequence[Label],
    probabilities: Sequence[float],
    required: Sequence[float],
    *,
    weights: Sequence[int],
    body: int,
    grouped: Sequence[Group],
    indexes: Sequence[int],
) -> list[bool]:
    """Whether each open block is body: each by itself, then boxes and lists as one, then subheads as what they head.

    The parameters are those of :func:`decide`, the boxes and lists among the blocks, and their places on the page.
    """
    decisions = decide(labels, probabilities, required, weights, body)
    decisions = agree(decisions, probabilities, required, grouped)
    return follow(decisions, probabilities, required, labels, indexes)


def is_open(label: Label) -> bool:
    """True for a label that the model may decide."""
    return label.kind not in UNMODELLED_KINDS and label.rule != registry.NO_WORDS.name


def open_blocks(view: PageView, labels: Sequence[Label]) -> list[int]:
    """Indexes of the blocks that the model decides: open ones in the article's region, and prose outside of it."""
    near = region(view, labels)
    return [
        block.index
        for block, label in zip(view.blocks, labels, strict=True)
        if is_open(label) and (block.index in near or (block.weight >= LINE and block.link_share < 0.5))
    ]


def apply_model(labels: list[Label], view: PageView, focus: Focus = Focus.BALANCED) -> list[Label]:
    """Let the model decide the open blocks. A changed label has the rule ``model`` and the probability as score."""
    indexes = open_blocks(view, labels)
    if not indexes:
        return labels
    model = load()
    probabilities = model.probability(_rows(view, labels, indexes, model)).tolist()
    open_labels = [labels[index] for index in indexes]
    required = [required_for_block(labels[index], view.blocks[index], view, focus) for index in indexes]
    weights = [view.blocks[index].weight for index in indexes]
    body = sum(b.weight for b in view.blocks if labels[b.index].is_body)
    decisions = settle(
        open_labels,
        probabilities,
        required,
        weights=weights,
        body=body,
        grouped=groups(view, indexes),
        indexes=indexes,
    )
    for index, probability, is_body in zip(indexes, probabilities, decisions, strict=True):
        if is_body == labels[index].is_body:
            labels[index] = replace(labels[index], probability=probability)
        else:
            labels[index] = _model_label(view.blocks[index], view, probability, is_body=is_body)
    return labels


class FeatureWeight(NamedTuple):
    """A feature of a block and what it adds to the log-odds that the block is text."""

    feature: str
    value: float
    added: float
    """Difference from the same block with the page's median value of this feature."""


MAX_WEIGHED_BLOCKS = 300
"""Most blocks of a page whose features are weighed, from the top: no article's page has more, and more take seconds."""


def weigh_features(labels: Sequence[Label], view: PageView, most: int) -> dict[int, tuple[FeatureWeight, ...]]:
    """The features with the largest contributions to the model's decisions, by block index, largest first.

    Args:
        labels: labels by the rules alone.
        view: the page.
        most: number of features of a block.
    """
    indexes = open_blocks(view, labels)
    if not indexes:
        return {}
    model = load()
    rows = _rows(view, labels, indexes, model)
    usual = np.median(rows, axis=0).astype(np.float32)
    added = model.contributions(rows[:MAX_WEIGHED_BLOCKS], usual)
    order = np.argsort(-np.abs(added), axis=1)[:, :most]
    return {
        index: tuple(
            FeatureWeight(features.NAMES[column], float(rows[row, column]), float(added[row, column]))
            for column in order[row].tolist()
            if added[row, column]
        )
        for row, index in enumerate(indexes[:MAX_WEIGHED_BLOCKS])
    }


def _rows(view: PageView, labels: Sequence[Label], indexes: Sequence[int], model: Forest) -> NDArray[np.float32]:
    """The features of the open blocks: shape (len(indexes), len(features.NAMES))."""
    rows = features.features(view, labels, indexes, model.kinds)
    scores = words.scores(view, indexes, words.load())
    return features.with_scores(rows, len(view.blocks), indexes, scores, features.box_ranges(view, indexes))


def _model_label(block: Block, view: PageView, probability: float, *, is_body: bool) -> Label:
    if is_body:
        return replace(registry.MODEL.label(body_kind(block, view), round(probability, 2)), probability=probability)
    is_caption = block.after_image and block.link_share <= 0.5
    kind = BlockKind.CAPTION if is_caption else BlockKind.RELATED if block.link_share > 0.5 else BlockKind.OTHER
    return replace(registry.MODEL.label(kind, round(1 - probability, 2)), probability=probability)
