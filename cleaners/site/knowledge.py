"""What is known about a site before any of its pages is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cleaners.site.memory import SharedLines
from cleaners.site.rules import SiteRuleBook


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteKnowledge:
    """What is known about a site before any of its pages is read."""

    name: str | None = None
    """Name of the publication. Used for ``site_name`` and to shorten titles where a page declares no name."""
    rules: SiteRuleBook = field(default_factory=SiteRuleBook)
    """The declared rules of all sites."""
    shared_lines: Mapping[str, SharedLines] = field(default_factory=dict)
    """What the pages of each site share, by host without ``www.`` (:class:`cleaners.site.memory.SiteMemory`)."""
