"""Metadata from the places that a site's declared rules name."""

from __future__ import annotations

from dataclasses import replace

from lxml.html import HtmlElement

from cleaners.metadata.names import split_authors
from cleaners.metadata.titles import strip_site
from cleaners.site.rules.places import RuleMatches
from cleaners.types import Metadata, Page
from cleaners.visible.shown_dates import date_in


def with_site_rules(metadata: Metadata, tree: HtmlElement, places: RuleMatches, page: Page) -> Metadata:
    """The metadata with the title, the authors and the date of the site's rules, where they are on the page."""
    titles = places.first("title", tree)
    authors = [name for text in places.first("authors", tree) for name in split_authors(text)]
    published = [date for text in places.first("published", tree) if (date := date_in(text, page))]
    day = published[0] if published else None
    is_exact = day is not None and (metadata.published or "").startswith(day)
    return replace(
        metadata,
        title=strip_site(titles[0], metadata.site_name, page.url) if titles else metadata.title,
        authors=tuple(dict.fromkeys(authors)) or metadata.authors,
        published=metadata.published if day is None or is_exact else day,
    )
