"""What cleaning is given besides a page. It goes to each worker once, not with each page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cleaners.options import Options

if TYPE_CHECKING:
    from cleaners.labels.rule_set import RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteKnowledge:
    """What is known of the site of the pages before any of them is read."""

    name: str | None = None
    """Name of the publication: used where a page does not declare one, in ``site_name`` and to shorten titles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanContext:
    """What cleaning is given besides a page."""

    options: Options = field(default_factory=Options)
    rules: RuleSet | None = None
    """Rules and passes in place of the built-in ones (:data:`cleaners.labels.rule_set.BUILT_IN`)."""
    site: SiteKnowledge = field(default_factory=SiteKnowledge)


DEFAULT = CleanContext()
