"""Metadata from where the declared rules of a site say that it stands."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from html import escape

from htmldate import find_date
from lxml import html as lxml_html
from lxml.html import HtmlElement

from cleaners.metadata import dates
from cleaners.metadata.names import split_authors
from cleaners.metadata.titles import strip_site
from cleaners.site.places import Places
from cleaners.types import Metadata, Page

DAY = len("2026-10-05")

MAX_DATE_CHARS = 200
"""Most characters of a text that are searched for a date."""


def with_site_rules(metadata: Metadata, tree: HtmlElement, places: Places, page: Page) -> Metadata:
    """The metadata with the title, the authors and the date of the site's rules, where they are on the page."""
    titles = places.first("title", tree)
    authors = [name for text in places.first("authors", tree) for name in split_authors(text)]
    published = [date for text in places.first("published", tree) if (date := _date(text, page))]
    day = published[0] if published else None
    is_exact = day is not None and (metadata.published or "").startswith(day)
    return replace(
        metadata,
        title=strip_site(titles[0], metadata.site_name, page.url) if titles else metadata.title,
        authors=tuple(dict.fromkeys(authors)) or metadata.authors,
        published=metadata.published if day is None or is_exact else day,
    )


def _date(text: str, page: Page) -> str | None:
    """The date in a text: machine-readable, or in the words of a language that htmldate knows."""
    if found := dates.parse_date(text, page.fetched_at):
        return found if ":" in text else found[:DAY]
    line = lxml_html.document_fromstring(f"<p>{escape(text[:MAX_DATE_CHARS])}</p>")
    with suppress(ValueError, OverflowError):
        return dates.parse_date(find_date(line, original_date=True), page.fetched_at)
    return None
