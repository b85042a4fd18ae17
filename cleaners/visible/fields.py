"""Metadata of the visible page, read from the labelled blocks.

Headline, section, dates, tags, source line and related links.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice, zip_longest

from lxml.html import HtmlElement
from trafilatura.metadata import extract_author, extract_title

from cleaners.blocks.scope import Scope
from cleaners.labels.labelled_page import LabelledPage
from cleaners.labels.lexicon import CREDIT
from cleaners.metadata import dates
from cleaners.metadata.declared import fill_missing
from cleaners.metadata.names import split_authors, without_section
from cleaners.metadata.outlet import Outlet
from cleaners.metadata.titles import site_of, strip_site
from cleaners.text.normalise import match_key, normalise, text_weight
from cleaners.types import BlockKind, Link, Metadata, Page
from cleaners.urls.resolve import resolve_url
from cleaners.visible import bylines
from cleaners.visible.furniture import own_furniture
from cleaners.visible.headlines import shown_title
from cleaners.visible.published import find_date, modified, near_article, published, with_shown_date
from cleaners.visible.sections import find_section
from cleaners.visible.terms import Terms

SOURCE_INLINE = re.compile(r"(?:来源|來源|稿源)\s*[：:]\s*([^\s|：:]{2,20})")
"""The source inside a Chinese date line."""

MIN_LINK_TITLE_CHARS = 19
"""Weight of the shortest title of a related article; shorter links are topics and controls."""

MAX_LINKS = 1_000
"""Most links of one element that are compared with each of its blocks. Of the pages none has more than 267."""


def complete_metadata(metadata: Metadata, labelled: LabelledPage, tree: HtmlElement, page: Page) -> Metadata:
    """Fill empty fields from the visible page, then from the results of trafilatura and htmldate.

    The visible headline takes precedence over the head's titles, which are often reworded for search engines and social
    networks.
    """
    metadata = replace(metadata, title=shown_title(labelled.view, metadata) or metadata.title)
    if metadata.titles:
        metadata = fill_missing(metadata, site_name=site_of(metadata.titles[-1], metadata.title, page.url))
    own = own_furniture(labelled)
    metadata = bylines.prefer_shown_authors(metadata, labelled, own)
    terms = Terms.of(labelled, own)
    metadata = fill_missing(
        metadata,
        section=None if metadata.section else find_section(labelled, own, terms, metadata.title, metadata.site_name),
        published=None if metadata.published else published(labelled, own, page),
        modified=modified(labelled, page),
    )
    metadata = fill_missing(metadata, tags=without_section(terms.tags, metadata.section))
    is_complete = metadata.title and metadata.published and (metadata.authors or metadata.types)
    metadata = metadata if is_complete else fill_from_extractors(metadata, labelled, tree, page)
    return with_shown_date(metadata, labelled, page)


def fill_from_extractors(metadata: Metadata, labelled: LabelledPage, tree: HtmlElement, page: Page) -> Metadata:
    """Fill the fields that are still empty from trafilatura and htmldate."""
    near = near_article(labelled, tree)
    title = None if metadata.title else extract_title(tree)
    date = None if metadata.published else find_date(near, tree, page, labelled)
    authors = () if metadata.authors else split_authors(extract_author(near) or "")
    outlet = Outlet.of(metadata.site_name, page.url)
    return fill_missing(
        metadata,
        title=strip_site(title, metadata.site_name, page.url) if title else None,
        published=dates.parse_date(date, page.fetched_at),
        authors=tuple(name for name in authors if len(name.split()) > 1 and name not in outlet),
    )


def credit(labelled: LabelledPage) -> str | None:
    """The content of the source line, e.g. ``Al Jazeera and agencies``; 'Source:' may be a block of its own."""
    lines = [block.text for block in labelled.of_kind(BlockKind.CREDIT)]
    for text, following in zip_longest(lines, lines[1:], fillvalue=""):
        match = CREDIT.fullmatch(f"{text} {following}" if text.endswith((":", "：")) else text)
        if match:
            return match["credit"].strip(" .|:")
    inline = (SOURCE_INLINE.search(block.text) for block, label in labelled.near() if not label.is_body)
    return next((inline_match[1] for inline_match in inline if inline_match), None)


def related(labelled: LabelledPage, base: str) -> tuple[Link, ...]:
    """Links of the related blocks, in page order, each URL once."""
    links_by_url: dict[str, Link] = {}
    inside: dict[Scope, list[tuple[str, Link]]] = {}  # many blocks may stand in one element: its links are read once
    for block in labelled.of_kind(BlockKind.RELATED):
        around = next((scope.element for scope in block.scope.chain() if scope.tag == "a"), None)
        if around is not None:
            links = _links([(block.text, around)], base)
        else:
            if block.block_scope not in inside:
                anchors = islice(block.block_scope.element.iter("a"), MAX_LINKS)
                inside[block.block_scope] = _links(
                    [(normalise(anchor.text_content()), anchor) for anchor in anchors], base
                )
            links = inside[block.block_scope]
        for plain, link in links:
            if link.url not in links_by_url and plain in block.key:
                links_by_url[link.url] = link
    return tuple(links_by_url.values())


def _links(anchors: list[tuple[str, HtmlElement]], base: str) -> list[tuple[str, Link]]:
    """Match key of the title, and link, of the anchors with a long enough title and a URL."""
    keyed_links = []
    for title, anchor in anchors:
        href = anchor.get("href") or ""
        url = (
            resolve_url(base, href) if text_weight(title) >= MIN_LINK_TITLE_CHARS and not href.startswith("#") else None
        )
        if url is not None:
            keyed_links.append((match_key(title), Link(title=title, url=url)))
    return keyed_links
