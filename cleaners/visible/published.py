"""The date of publication that only the visible page shows, and the date of its last change."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice

from dateutil.parser import UnknownTimezoneWarning
from htmldate import find_date as htmldate_find
from lxml import etree
from lxml.html import HtmlElement

from cleaners.blocks.scope import Scope
from cleaners.blocks.segment import Block
from cleaners.extraction.main_subtree import copy_subtree
from cleaners.labels.labelled_page import LabelledPage
from cleaners.metadata import dates
from cleaners.types import BlockKind, Label, Metadata, Page
from cleaners.urls.day import DAY_IN_PATH, day_in_url
from cleaners.visible.furniture import OF_OTHERS, Furniture, article_scope
from cleaners.visible.shown_dates import MODIFIED, PUBLISHED, YEAR, correct_date, day_of_line, day_shown, is_change
from cleaners.visible.terms import text_span

ELSEWHERE = OF_OTHERS | {BlockKind.NAVIGATION}
"""Kinds of blocks whose dates belong to other pages."""

MAX_DATE_LINE_CHARS = 150
"""Most characters of a line that shows the article's date among other things: section, author, number of comments."""

DATE_ABOVE, DATE_BELOW = 5, 12
"""Most blocks above the text, and below it, within which a short line may be such a date line without other signs."""

NOT_ABOVE = (BlockKind.RELATED, BlockKind.MOST_READ, BlockKind.NAVIGATION)
"""Kinds of blocks above the text whose dates are those of other pages, or of today."""

YEAR_ONLY = re.compile(r"-01-01$")
"""The date that htmldate makes of a year alone, as in a copyright line."""


PARTS = ("article", "main")
"""Elements that hold the article: what is above them is the head of the page, which shows the day of today."""

PICTURES = ("img", "source")

MONTH_IN_PATH = re.compile(r"/(?:19|20)[0-9]{2}/(?:0[1-9]|1[0-2])/")

MAX_DATES = 100
"""Most dates of elements and of lines that are read until one is valid: those in words take 0.2 ms each. Of 4,503
development pages none has more than 33."""

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

WIDE = etree.XPath(f"boolean(//*[*[{MAX_SIBLINGS + 1}]])")
"""True for a tree with an element that has more than ``MAX_SIBLINGS`` children."""


def with_shown_date(metadata: Metadata, labelled: LabelledPage, page: Page) -> Metadata:
    """The metadata, with the date beside the headline where only a vague one is declared."""
    declared = metadata.published
    if not declared:
        return metadata
    if metadata.is_vaguely_dated:
        shown = day_shown(labelled, page)
        is_new = shown is not None and not dates.is_on_day(declared, shown[: dates.DAY])
        return replace(metadata, published=shown if is_new else declared)
    return replace(metadata, published=correct_date(declared, labelled, page))


def near_article(labelled: LabelledPage, tree: HtmlElement) -> HtmlElement:
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
    pairs = zip(labelled.view.blocks[last + 1 :], labelled.labels[last + 1 :], strict=True)
    scopes = {block.block_scope for block, label in pairs if label.kind is not BlockKind.COMMENTS}
    times = (time.get("datetime") or "" for scope in scopes for time in scope.element.iter("time"))
    own = day_in_url(labelled.view.url)
    return frozenset(value[:10] for value in times) - {own}


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
    if title is not None and block.index < title and _is_in_page_head(block, labelled.view.blocks[title]):
        return False
    if label.kind in (BlockKind.DATE, BlockKind.BYLINE) and title is not None and block.index < title - DATE_ABOVE:
        return False  # today's date in the page's head
    if label.kind in (BlockKind.DATE, BlockKind.BYLINE) or block.index == first or PUBLISHED.search(block.text):
        return True
    is_line = block.link_share < 0.5 and block.weight <= MAX_DATE_LINE_CHARS
    if block.index > last:
        return is_line and block.index <= last + DATE_BELOW and label.kind not in OF_OTHERS
    is_right_above = is_line and max(title if title is not None else 0, first - DATE_ABOVE) < block.index
    return block.index < first and (is_right_above or label.kind not in NOT_ABOVE)


def _is_in_page_head(block: Block, headline: Block) -> bool:
    """True for a block above the headline outside of the innermost ``main`` or ``article`` that holds the headline."""
    home = next((scope for scope in headline.block_scope.chain() if scope.tag in PARTS), None)
    return home is not None and not block.block_scope.is_within(home)


def find_date(near: HtmlElement, tree: HtmlElement, page: Page, labelled: LabelledPage) -> str | None:
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
                date = htmldate_find(
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


def published(labelled: LabelledPage, own: Furniture, page: Page) -> str | None:
    """The machine-readable time in the article's first date element; if it has none, in the first one near it.

    A date element that links to the page itself comes first: in a list of posts, it is the page's own entry. A time in
    or below the text must be on the day of the date line above it, or of the URL; where there is none, it must not be
    between paragraphs, where lists of other articles are.
    """
    if own_date := _self_linked_date(labelled, page):
        return own_date
    body = labelled.body
    first, last = (body[0].index, body[-1].index) if body else (0, len(labelled.view.blocks))
    others = (
        block
        for block, label in labelled.near()
        if not label.is_body and label.kind not in ELSEWHERE and block.index < last
    )
    lines = (block for block, label in own if label.kind is not BlockKind.CAPTION)  # a caption may be a teaser's
    blocks = list({block.index: block for block in chain(lines, (block for block, _ in own), others)}.values())
    line = day_of_line(labelled, page)
    day = line[: dates.DAY] if line else None
    if above := _first_date((block for block in blocks if block.index < first), page, day):
        return above
    rest = [block for block in blocks if block.index >= first]
    if own_day := day or day_in_url(labelled.view.url):
        return _first_date(rest, page, own_day) or line
    inside = text_span(labelled)
    return _first_date((block for block in rest if block.index not in inside), page)


def _self_linked_date(labelled: LabelledPage, page: Page) -> str | None:
    view = labelled.view
    for time in view.blocks[0].scope.element.getroottree().iter("time") if view.blocks else ():
        link = next(chain(time.iter("a"), time.iterancestors("a")), None)
        href = (link.get("href") if link is not None else None) or "#"
        with suppress(ValueError):
            if "#" not in href and view.is_own(href):  # with a fragment it leads to a comment
                return dates.parse_date(time.get("datetime"), page.fetched_at)
    return None


def _first_date(blocks: Iterable[Block], page: Page, day: str | None = None) -> str | None:
    """The first date of the date elements in blocks; with a day, the first one on it."""
    parsed_dates = (dates.parse_date(value, page.fetched_at) for value in islice(_stated_dates(blocks), MAX_DATES))
    return next((date for date in parsed_dates if date and (day is None or dates.is_on_day(date, day))), None)


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
