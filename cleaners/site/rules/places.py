"""The elements of a page that the rules of its site select."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from cleaners.site.rules import selectors
from cleaners.site.rules.rules import SITE_RULE_PREFIX, SiteRules
from cleaners.text.normalise import normalise
from cleaners.types import BlockKind

NON_ARTICLE_TAGS = ("html", "head", "title", "script", "style")
"""Tags of elements that contain no part of an article, or the whole page."""

BODY, REMOVE, KEEP = "body", "remove", "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMatches:
    """The elements of a page that rules name, each with the name of its rule: ``site:example.com/remove[2]``."""

    rules: SiteRules
    body: dict[HtmlElement, str] = field(default_factory=dict)
    remove: dict[HtmlElement, str] = field(default_factory=dict)
    keep: dict[HtmlElement, str] = field(default_factory=dict)
    kinds: dict[str, BlockKind] = field(default_factory=dict)
    """Kind of the blocks that a rule removes, by the rule's name, where the rule declares one."""

    @classmethod
    def of(cls, tree: HtmlElement, rules: SiteRules) -> RuleMatches:
        """The places of a page. Of several expressions for the body the first that selects something counts."""
        bodies = (_rules_by_element(tree, rules, BODY, [number]) for number in range(len(rules.body)))
        body = next((elements for elements in bodies if any(_has_text(element) for element in elements)), {})
        return cls(
            rules=rules,
            body=body,
            remove=_rules_by_element(tree, rules, REMOVE, range(len(rules.remove))),
            keep=_rules_by_element(tree, rules, KEEP, range(len(rules.keep))),
            kinds={rule_name(rules, REMOVE, number): kind for number, kind in enumerate(rules.remove_kinds) if kind},
        )

    @property
    def outside_body_rule(self) -> str:
        """The name of the rule for all that is outside of the body."""
        return rule_name(self.rules, BODY)

    def first(self, key: str, tree: HtmlElement) -> list[str]:
        """The texts of the first expression of a key that selects any."""
        candidates = (selectors.texts(tree, expression) for expression in getattr(self.rules, key))
        return next((texts for texts in candidates if texts), [])

    def link(self, key: str, tree: HtmlElement) -> str | None:
        """The first reference that the expressions of a key select."""
        references = (selectors.link(tree, expression) for expression in getattr(self.rules, key))
        return next((reference for reference in references if reference), None)


def _has_text(element: HtmlElement) -> bool:
    """True for an element of the page's body that has a text."""
    return element.tag not in NON_ARTICLE_TAGS and bool(normalise(element.text_content()).strip())


def _rules_by_element(tree: HtmlElement, rules: SiteRules, key: str, numbers: Iterable[int]) -> dict[HtmlElement, str]:
    expressions = getattr(rules, key)
    return {
        element: rule_name(rules, key, number)
        for number in numbers
        for element in selectors.elements(tree, expressions[number])
    }


def inline_removals(matches: Sequence[RuleMatches], blocks: Container[str]) -> dict[HtmlElement, str]:
    """Return the parts of lines to remove, with rule names; a declared rule may keep what a taught one removes.

    Args:
        matches: the elements that the rules of a page select.
        blocks: the tags of block-level elements, which are no parts of a line, and are in none.
    """
    keep = {element for rule_matches in matches for element in rule_matches.keep}
    return {
        element: rule
        for rule_matches in matches
        for element, rule in rule_matches.remove.items()
        if element not in keep and not any(inner.tag in blocks for inner in element.iter())
    }


def rule_name(rules: SiteRules, key: str, number: int | None = None) -> str:
    """The name of a rule in the removal ledger; its expressions are counted from 1."""
    return f"{SITE_RULE_PREFIX}{rules.name}/{key}" + ("" if number is None else f"[{number + 1}]")
