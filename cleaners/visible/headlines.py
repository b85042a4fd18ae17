"""The article's title as the visible headline shows it: without the site's name, a kicker, or the date beside it."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from cleaners.labels.lexicon import DATE
from cleaners.labels.page_view import PageView
from cleaners.metadata.titles import strip_site, without_kicker
from cleaners.text.normalise import match_key, normalise
from cleaners.types import Metadata

KICKER = re.compile(
    r"(?:kicker|topline|overline|roofline|eyebrow|dachzeile|spitzmarke|ortsmarke|supertitle|surtitle|surtitre|pretitle|"
    r"pre-title|antetitulo|occhiello|label|category|rubri[ckq]\w*|section|titleheader)(?![a-z])",
    re.IGNORECASE,
)
"""Class words of the line above a headline that stands in the same heading."""


def shown_title(view: PageView, metadata: Metadata) -> str | None:
    """The title that the visible headline shows; None where none was found.

    Where the head declares the title with a kicker and nowhere without it, the kicker is part of the title.
    """
    if view.title_index is None:
        return None
    block = view.blocks[view.title_index]
    shown = strip_site(block.text, metadata.site_name, view.url)
    declared = [strip_site(title, metadata.site_name, view.url) for title in metadata.titles]
    title = without_kicker(without_stamp(shown, declared), declared)
    if title != shown or match_key(shown) in map(match_key, declared):
        return title
    marked = marked_kicker(block.block_scope.element)
    return (shown.removeprefix(marked).lstrip(" :–—-|·•") if marked else "") or shown


def marked_kicker(heading: HtmlElement) -> str:
    """The text of a heading's first element when its class says that it is a kicker; empty where there is none."""
    first = next((child for child in heading if normalise(child.text_content())), None)
    if first is None or normalise(heading.text or "") or not KICKER.search(first.get("class") or ""):
        return ""
    return normalise(first.text_content())


def without_stamp(shown: str, declared: list[str]) -> str:
    """The declared title with which the shown one begins, where only a date or a time follows."""
    for title in declared:
        rest = shown.removeprefix(title)
        if title and rest != shown and DATE.fullmatch(rest.strip(" –—-|·•,()")):
            return title
    return shown
