"""Metadata from the places that a site's rules name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from cleaners.metadata.names import split_authors
from cleaners.metadata.titles import strip_site
from cleaners.site.rules import FIELD_PLACES
from cleaners.site.rules.places import RuleMatches
from cleaners.types import Metadata, Page
from cleaners.visible.sections import trail_entries
from cleaners.visible.shown_dates import date_in


def with_site_rules(metadata: Metadata, tree: HtmlElement, places: RuleMatches, page: Page) -> Metadata:
    """The metadata with the title, the authors, the date and the section of the rules, where they are on the page."""
    for field in FIELD_PLACES:
        metadata = with_field(metadata, field, places.first(field, tree), page)
    return metadata


def with_field(metadata: Metadata, field: str, texts: Sequence[str], page: Page) -> Metadata:
    """The metadata with a field of :data:`FIELD_PLACES` as texts of the page say it; unchanged if they say none."""
    if not texts:
        return metadata
    if field == "title":
        return replace(metadata, title=strip_site(texts[0], metadata.site_name, page.url))
    if field == "authors":
        names = [name for text in texts for name in split_authors(text)]
        return replace(metadata, authors=tuple(dict.fromkeys(names)) or metadata.authors)
    if field == "section":
        entries = trail_entries(texts[0], metadata.title)
        return replace(metadata, section=entries[-1] if entries else metadata.section)
    day = next((date for text in texts if (date := date_in(text, page))), None)
    is_exact = day is not None and (metadata.published or "").startswith(day)
    return metadata if day is None or is_exact else replace(metadata, published=day)
