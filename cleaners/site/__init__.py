"""What is known of a site besides the page at hand."""

from __future__ import annotations

from cleaners.site.knowledge import SiteKnowledge

__all__ = ["SiteKnowledge"]
