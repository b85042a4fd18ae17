"""The labeller: every block of a page gets a :class:`~cleaners.types.Label`."""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.labels.model import apply_model
from cleaners.labels.page_view import PageView
from cleaners.labels.passes.text_parts import with_parts
from cleaners.labels.rule_set import BUILT_IN, RuleSet
from cleaners.labels.rules import first_label
from cleaners.labels.site_labels import with_site_rules
from cleaners.options import DEFAULT, Options
from cleaners.site.rules.places import RuleMatches
from cleaners.types import Label


def label_blocks(
    view: PageView, options: Options = DEFAULT, rules: RuleSet | None = None, places: Sequence[RuleMatches] = ()
) -> tuple[Label, ...]:
    """Label each block by rules, let the model decide, then the site's rules, then the options.

    Args:
        view: the page.
        options: the user's options: the focus, and which parts are in the text.
        rules: rules in place of the built-in ones.
        places: where the rules of the site point; of two that contradict each other the later one counts.
    """
    labels = apply_model(label_by_rules(view, rules), view, options.focus)
    for site_places in places:
        labels = with_site_rules(labels, view, site_places)
    return tuple(with_parts(labels, view, options.text_parts))


def label_by_rules(view: PageView, rules: RuleSet | None = None) -> list[Label]:
    """Label each block by the first rule that matches it, then run the passes over the page."""
    rules = rules or BUILT_IN
    labels = [first_label(rules.near if view.is_near(block) else rules.far, block, view) for block in view.blocks]
    for look in rules.passes:
        labels = look(labels, view)
    return labels
