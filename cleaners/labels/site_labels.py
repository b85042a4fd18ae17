"""Labels by the declared rules of a site, which take precedence over the model and all other rules."""

from __future__ import annotations

from cleaners.blocks.segment import Block
from cleaners.labels.model import authority
from cleaners.labels.page_view import PageView
from cleaners.labels.rules import registry
from cleaners.labels.rules.body import body_kind
from cleaners.labels.rules.rule import Authority
from cleaners.site.rules.places import RuleMatches
from cleaners.types import BlockKind, Label

FIELDS = frozenset(
    (BlockKind.TITLE, BlockKind.CAPTION, BlockKind.BYLINE, BlockKind.DATE, BlockKind.CREDIT, BlockKind.TAGS)
)
"""Kinds whose texts are in other fields of the record."""

HIDDEN_RULES = frozenset((registry.HIDDEN.name, registry.CLASS["hidden"].name, registry.NO_WORDS.name))
"""Rules for text that readers do not see."""

DECLARED_SCORE = 1.0
"""The score of a declared rule."""


def with_site_rules(labels: list[Label], view: PageView, places: RuleMatches) -> list[Label]:
    """The labels after the site's rules are applied. Of two rules the one for the inner element takes precedence."""
    return [_label(block, label, view, places) for block, label in zip(view.blocks, labels, strict=True)]


def _label(block: Block, label: Label, view: PageView, places: RuleMatches) -> Label:
    for scope in block.scope.chain():
        element = scope.element
        if rule := places.keep.get(element):
            return label if label.is_body else Label(kind=body_kind(block, view), rule=rule, score=DECLARED_SCORE)
        if rule := places.remove.get(element):
            kind = places.kinds.get(rule) or (BlockKind.OTHER if label.is_body else label.kind)
            return Label(kind=kind, rule=rule, score=DECLARED_SCORE)
        if rule := places.body.get(element):
            is_settled = label.is_body or _stays_out(label, places)
            return label if is_settled else Label(kind=body_kind(block, view), rule=rule, score=DECLARED_SCORE)
    if places.body and label.is_body:
        return Label(kind=BlockKind.OTHER, rule=places.outside_body_rule, score=DECLARED_SCORE)
    return label


def _stays_out(label: Label, places: RuleMatches) -> bool:
    """True for a block inside the declared body that is not text all the same."""
    if not places.rules.prune:
        return label.kind in FIELDS or label.rule in HIDDEN_RULES
    return authority(label) is not Authority.OPEN
