"""Metadata of the visible page, read from the labelled blocks.

Headline, section, dates, tags, source line and related links.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice, zip_longest

from dateutil.parser import UnknownTimezoneWarning
from htmldate import find_date
from lxml import etree
from lxml.html import HtmlElement
from trafilatura.metadata import extract_author, extract_title

from cleaners.blocks.scope import Scope, common_scope
from cleaners.blocks.segment import Block
from cleaners.extraction.main_subtree import copy_subtree
from cleaners.labels.labelled_page import LabelledPage
from cleaners.labels.lexicon import CREDIT
from cleaners.labels.rules import registry
from cleaners.metadata import dates
from cleaners.metadata.declared import MAX_SECTION_WORDS, fill_missing
from cleaners.metadata.names import split_authors
from cleaners.metadata.outlet import Outlet
from cleaners.metadata.titles import site_of, strip_site
from cleaners.text.normalise import match_key, normalise, text_weight
from cleaners.types import BlockKind, Label, Link, Metadata, Page
from cleaners.urls.resolve import resolve_url
from cleaners.visible import bylines
from cleaners.visible.furniture import OF_OTHERS, Furniture, article_scope, own_furniture
from cleaners.visible.headlines import shown_title
from cleaners.visible.shown_dates import DAY, MODIFIED, PUBLISHED, correct_date, day_shown, is_change
from cleaners.visible.terms import Terms

ELSEWHERE = OF_OTHERS | {BlockKind.NAVIGATION}
"""Kinds of blocks whose dates belong to other pages."""

HOME = re.compile(
    r"home(?: ?page)?|startseite|inicio|accueil|главная|首页|الرئيسية|您的位置|you are here", re.IGNORECASE
)
"""Entries of a breadcrumb that are not sections."""

CRUMB = re.compile(r"\s{0,9}(?:[>›»/|→·:：]|&gt;|>>)+\s*")
"""The separator between the entries of a breadcrumb."""

MAX_DATE_LINE_CHARS = 150
"""Most characters of a line that shows the article's date among other things: section, author, number of comments."""

DATE_ABOVE, DATE_BELOW = 5, 12
"""Most blocks above the text, and below it, within which a short line may be such a date line without other signs."""

NOT_ABOVE = (BlockKind.RELATED, BlockKind.MOST_READ, BlockKind.NAVIGATION)
"""Kinds of blocks above the text whose dates are those of other pages, or of today."""

KICKERS = (
    registry.UNCLAIMED.name,
    registry.LINK.name,
    *(registry.CLASS[word].name for word in ("navigation", "tags", "breadcrumb")),
)
"""Rules that label a section's name right above the headline."""

KICKER_LEVELS = 4
"""Most levels from the headline to its common ancestor with a kicker; that with a menu is further up."""

MENU = 3
"""Fewest links of a menu; a kicker may have one beside it (``News``, ``Politics``)."""

SOURCE_INLINE = re.compile(r"(?:来源|來源|稿源)\s*[：:]\s*([^\s|：:]{2,20})")
"""The source inside a Chinese date line."""

MIN_LINK_TITLE_CHARS = 19
"""Weight of the shortest title of a related article; shorter links are topics and controls."""

YEAR_ONLY = re.compile(r"-01-01$")
"""The date that htmldate makes of a year alone, as in a copyright line."""


PICTURES = ("img", "source")

DAY_IN_PATH = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?P<between>[/-]?)(?P<month>0[1-9]|1[0-2])(?P=between)"
    r"(?P<day>0[1-9]|[12][0-9]|3[01])(?![0-9])"
)

MONTH_IN_PATH = re.compile(r"/(?:19|20)[0-9]{2}/(?:0[1-9]|1[0-2])/")

MAX_DATES = 100
"""Most dates of elements and of lines that are read until one is valid: those in words take 0.2 ms each. Of 4,503
development pages none has more than 33."""

MAX_LINKS = 1_000
"""Most links of one element that are compared with each of its blocks. Of the pages none has more than 267."""

MAX_SEARCHED = 10_000
"""Most elements of a tree whose free text is searched for a date. Of the 1,215 development pages searched, none has
more than 7,547."""

MAX_SIBLINGS = 2_500
"""Most children of an element of such a tree. lxml finds the parent of each text by walking its siblings, so that 5,000
siblings took 0.5 s. Of 4,503 development pages the widest element has 1,125."""

MAX_DATED = 160
"""Most short texts with a year in such a tree: dateparser takes 15 ms for one in words that it does not know. Of the
1,215 development pages that are searched, none has more than 80."""

MAX_DATED_CHARS = 52
"""Characters of such a text that htmldate reads."""

YEAR = re.compile(r"(?:19|20)[0-9]{2}")

WIDE = etree.XPath(f"boolean(//*[*[{MAX_SIBLINGS + 1}]])")
"""True for a tree with an element that has more than ``MAX_SIBLINGS`` children."""


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
        section=crumb(labelled, metadata.title) or next(filter(is_section, terms.categories), None) or kicker(labelled),
        published=None if metadata.published else published(labelled, own, page),
        modified=modified(labelled, page),
        tags=terms.tags,
    )
    is_complete = metadata.title and metadata.published and (metadata.authors or metadata.types)
    metadata = metadata if is_complete else fill_from_extractors(metadata, labelled, tree, page)
    return _with_shown_date(metadata, labelled, page)


def _with_shown_date(metadata: Metadata, labelled: LabelledPage, page: Page) -> Metadata:
    """The metadata, with the date beside the headline where only a vague one is declared."""
    declared = metadata.published
    if not declared:
        return metadata
    if metadata.is_vaguely_dated:
        shown = day_shown(labelled, page)
        is_new = shown is not None and not declared.startswith(shown[:DAY])
        return replace(metadata, published=shown if is_new else declared)
    return replace(metadata, published=correct_date(declared, labelled, page))


def fill_from_extractors(metadata: Metadata, labelled: LabelledPage, tree: HtmlElement, page: Page) -> Metadata:
    """Fill the fields that are still empty from trafilatura and htmldate."""
    near = _near(labelled, tree)
    title = None if metadata.title else extract_title(tree)
    date = None if metadata.published else _find_date(near, tree, page, labelled)
    authors = () if metadata.authors else split_authors(extract_author(near) or "")
    outlet = Outlet.of(metadata.site_name, page.url)
    return fill_missing(
        metadata,
        title=strip_site(title, metadata.site_name, page.url) if title else None,
        published=dates.parse_date(date, page.fetched_at),
        authors=tuple(name for name in authors if len(name.split()) > 1 and name not in outlet),
    )


def _near(labelled: LabelledPage, tree: HtmlElement) -> HtmlElement:
    """A copy of the subtree with the page's prose and headline: names and dates elsewhere belong to other articles.

    Comments are left out, and so are attributes of pictures whose URL has only the month of the upload: htmldate would
    return the first day of that month.
    """
    around = article_scope(labelled)
    if around is None or not labelled.body:
        return tree
    near = copy_subtree(around, _comments(labelled))
    for picture in near.iter(*PICTURES):
        for name, value in picture.items():
            if MONTH_IN_PATH.search(value) and not DAY_IN_PATH.search(value):
                del picture.attrib[name]
    return near


def _comments(labelled: LabelledPage) -> frozenset[HtmlElement]:
    """The elements of readers' comments below the text; above it a byline may be in a box with such a class."""
    body = labelled.body
    holding = {scope for block in body for scope in block.block_scope.chain()}
    pairs = zip(labelled.view.blocks, labelled.labels, strict=True)
    return frozenset(
        block.block_scope.element
        for block, label in pairs
        if label.kind is BlockKind.COMMENTS and block.block_scope not in holding and block.index > body[-1].index
    )


def _days_below(labelled: LabelledPage) -> frozenset[str]:
    """The days of ``time`` elements below the text, without the day in the page's URL: they date other articles."""
    last = labelled.body[-1].index if labelled.body else 0
    scopes = {block.block_scope for block in labelled.view.blocks[last + 1 :]}
    times = (time.get("datetime") or "" for scope in scopes for time in scope.element.iter("time"))
    own = day_in_url(labelled.view.url)
    return frozenset(value[:10] for value in times) - {own}


def day_in_url(url: str) -> str | None:
    """The day in a URL, as in ``/2026/11/05/``, ``/2026-11-05-`` or ``/20261105/``; None where it has none."""
    match = DAY_IN_PATH.search(url)
    return "-".join(match.group("year", "month", "day")) if match else None


def is_shown_as_date(day: str, labelled: LabelledPage) -> bool:
    """True for a day in a place where an article's date is shown, not only in its prose or beside other articles.

    That is above the text, at its start (a dateline), in a short line below it, or in a line of date or author.
    """
    year, _, number = day.split("-")
    shown = re.compile(rf"(?<!\d)0?{int(number)}(?!\d)")
    return any(
        year[2:] in block.text and shown.search(block.text) and _may_be_date_line(block, label, labelled)
        for block, label in zip(labelled.view.blocks, labelled.labels, strict=True)
    )


def _may_be_date_line(block: Block, label: Label, labelled: LabelledPage) -> bool:
    body, title = labelled.body, labelled.view.title_index
    first, last = (body[0].index, body[-1].index) if body else (len(labelled.view.blocks), 0)
    if label.kind in (BlockKind.DATE, BlockKind.BYLINE) and title is not None and block.index < title - DATE_ABOVE:
        return False  # today's date in the page's head
    if label.kind in (BlockKind.DATE, BlockKind.BYLINE) or block.index == first or PUBLISHED.search(block.text):
        return True
    is_line = block.link_share < 0.5 and block.weight <= MAX_DATE_LINE_CHARS
    if block.index > last:
        return is_line and block.index <= last + DATE_BELOW and label.kind not in OF_OTHERS
    is_right_above = is_line and max(title if title is not None else 0, first - DATE_ABOVE) < block.index
    return block.index < first and (is_right_above or label.kind not in NOT_ABOVE)


def _find_date(near: HtmlElement, tree: HtmlElement, page: Page, labelled: LabelledPage) -> str | None:
    """The date that htmldate finds near the article, on the page, or in any text near the article.

    It must also be in the page's URL, or shown in a place of an article's date. A date that is only in markup that
    shows no date, in prose or beside other articles is as often wrong as right (docs/measurements.md).
    """
    others = _days_below(labelled)
    first, last = dates.EARLIEST.date().isoformat(), dates.latest(page.fetched_at).date().isoformat()
    with warnings.catch_warnings(action="ignore", category=UnknownTimezoneWarning):
        for place, is_extensive in ((near, False), (tree, False), (near, _may_be_searched(near))):
            date = None
            with suppress(ValueError, OverflowError):  # htmldate fails on impossible dates: zone of 99 hours, year 1
                date = find_date(
                    place,
                    extensive_search=is_extensive,
                    original_date=True,
                    url=page.url,
                    min_date=first,
                    max_date=last,
                )
            if not date or YEAR_ONLY.search(date) or date in others:
                continue
            if date == day_in_url(page.url) or is_shown_as_date(date, labelled):
                return date
    return None


def _may_be_searched(tree: HtmlElement) -> bool:
    """True for a tree whose free text can be searched for a date in little time."""
    if tree.xpath("count(//*)") > MAX_SEARCHED or WIDE(tree):
        return False
    stated = (value for element in tree.iter("time", "abbr") for value in element.values())
    texts = (text.strip()[:MAX_DATED_CHARS] for text in chain(tree.itertext(), stated))
    dated = (text for text in texts if YEAR.search(text) and not text.isdecimal())
    return next(islice(dated, MAX_DATED, None), None) is None


def crumb(labelled: LabelledPage, title: str | None) -> str | None:
    """The last short entry of the breadcrumb shown near the headline."""
    for block in labelled.of_kind(BlockKind.BREADCRUMB):
        entries = [entry.strip() for entry in CRUMB.split(block.text)]
        named = [entry for entry in entries if match_key(entry) != match_key(title or "") and is_section(entry)]
        if named:
            return named[-1]
    return None


def kicker(labelled: LabelledPage) -> str | None:
    """The short line right above the headline: the section's name on pages that declare none."""
    title = labelled.view.title_index
    if not title or labelled.labels[title - 1].rule not in KICKERS:
        return None
    block, headline = labelled.view.blocks[title - 1], labelled.view.blocks[title]
    if common_scope(block.block_scope, headline.block_scope).depth < headline.block_scope.depth - KICKER_LEVELS:
        return None
    text = block.text
    is_name = text.replace(" ", "").isalpha() and is_section(text)
    return text if is_name and not _is_menu_entry(block, labelled) else None


def _is_menu_entry(block: Block, labelled: LabelledPage) -> bool:
    """True for a block that is a link beside other links, or a row of links: a menu entry, or tags."""
    if not block.link_share:
        return False
    if sum(1 for _ in islice(block.block_scope.element.iter("a"), 2)) > 1:
        return True
    outer = block.block_scope.parent
    beside = [
        other
        for other in labelled.view.blocks[max(0, block.index - MENU) : block.index + MENU]
        if other.link_share > 0 and other.block_scope.parent is outer
    ]
    return len(beside) >= MENU


def is_section(text: str) -> bool:
    """True for a text that may be a section's name."""
    return 0 < len(text.split()) <= MAX_SECTION_WORDS and not HOME.fullmatch(text)


def published(labelled: LabelledPage, own: Furniture, page: Page) -> str | None:
    """The machine-readable time in the article's first date element; if it has none, in the first one near it.

    A date element that links to the page itself comes first: in a list of posts, it is the page's own entry.
    """
    if own_date := _self_linked_date(labelled, page):
        return own_date
    last = labelled.body[-1].index if labelled.body else len(labelled.view.blocks)
    others = (
        block
        for block, label in labelled.near()
        if not label.is_body and label.kind not in ELSEWHERE and block.index < last
    )
    lines = (block for block, label in own if label.kind is not BlockKind.CAPTION)  # a caption may be a teaser's
    return _first_date(chain(lines, (block for block, _ in own)), page) or _first_date(others, page)


def _self_linked_date(labelled: LabelledPage, page: Page) -> str | None:
    view = labelled.view
    for time in view.blocks[0].scope.element.getroottree().iter("time") if view.blocks else ():
        link = next(chain(time.iter("a"), time.iterancestors("a")), None)
        href = (link.get("href") if link is not None else None) or "#"
        with suppress(ValueError):
            if "#" not in href and view.is_own(href):  # with a fragment it leads to a comment
                return dates.parse_date(time.get("datetime"), page.fetched_at)
    return None


def _first_date(blocks: Iterable[Block], page: Page) -> str | None:
    parsed_dates = (dates.parse_date(value, page.fetched_at) for value in islice(_stated_dates(blocks), MAX_DATES))
    return next(filter(None, parsed_dates), None)


def _stated_dates(blocks: Iterable[Block]) -> Iterator[str]:
    """Values of the date elements in blocks, without blocks that state the date of a change."""
    done: set[Scope] = set()
    for block in blocks:
        if is_change(block.text) or block.block_scope in done:
            continue
        done.add(block.block_scope)
        for element in block.block_scope.element.iter("time", "abbr"):
            value = element.get("datetime") or (element.get("title") if element.tag == "abbr" else None)
            if value:
                yield value


def modified(labelled: LabelledPage, page: Page) -> str | None:
    """The date of the last change in a visible date line."""
    lines = (block.text for block in labelled.of_kind(BlockKind.DATE, BlockKind.BYLINE))
    stated = (text[start.end() :] for text in lines if (start := MODIFIED.match(text)))
    parsed_dates = (dates.parse_date(value, page.fetched_at) for value in islice(stated, MAX_DATES))
    return next(filter(None, parsed_dates), None)


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
