"""The parameters of cleaning besides the page. They are sent to each worker once, not with each page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cleaners.options import Options
from cleaners.site import SiteKnowledge

if TYPE_CHECKING:
    from cleaners.labels.rule_set import RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanContext:
    """The parameters of cleaning besides the page."""

    options: Options = field(default_factory=Options)
    rules: RuleSet | None = None
    """Rules and passes that replace the built-in ones (:data:`cleaners.labels.rule_set.BUILT_IN`)."""
    site: SiteKnowledge = field(default_factory=SiteKnowledge)
    with_observation: bool = False
    """True where :func:`cleaners.pipeline.process_page` also returns the observation of an article's page."""


DEFAULT = CleanContext()
