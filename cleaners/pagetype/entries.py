"""Entries: ``article`` elements side by side, each with the heading and the excerpt of another page's article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import islice

from lxml.html import HtmlElement

from cleaners.blocks.measures import PARAGRAPH
from cleaners.blocks.scope import HEADINGS, Scope
from cleaners.blocks.segment import Block
from cleaners.labels.lexicon import READ_MORE
from cleaners.labels.page_view import PageView
from cleaners.text.normalise import normalise
from cleaners.urls.resolve import resolve_url

MIN_ENTRIES = 3
"""Fewest entries of a list, as of a live blog: two ``article`` elements may be a story and its next page."""

MAX_EXCERPTS = 2
"""Most paragraphs of an entry: themes show one, and a caption may stand beside it."""

MAX_LINKS = 20
"""Most links of an entry that are read: picture, headline, author, some tags, 'read more'."""


def entry_share(view: PageView, body: Sequence[Block]) -> float:
    """Share of the text that stands in entries of a list, 0 to 1. Entries without any text count as well."""
    root = view.blocks[0].scope.element.getroottree() if view.blocks else None
    if root is None or next(islice(root.iter("article"), MIN_ENTRIES - 1, None), None) is None:
        return 0.0  # most pages: too few elements for a list
    held: dict[Scope, list[Block]] = defaultdict(list)
    for block in view.blocks:
        home = next((scope for scope in block.block_scope.chain() if scope.tag == "article"), None)
        if home is not None:
            held[home].append(block)
    rows: dict[Scope | None, list[Scope]] = defaultdict(list)
    for home in held:
        rows[home.parent].append(home)
    entries = [home for row in rows.values() if len(row) >= MIN_ENTRIES for home in _entries(row, held, view)]
    mine = {block.index for home in entries for block in held[home]}
    weight = sum(block.weight for block in body if block.index in mine)
    return weight / max(1, sum(block.weight for block in body))


def _entries(row: Sequence[Scope], held: dict[Scope, list[Block]], view: PageView) -> list[Scope]:
    """The elements of a row that are entries; none where fewer than ``MIN_ENTRIES`` lead to a page of their own."""
    short = [home for home in row if sum(block.weight >= PARAGRAPH for block in held[home]) <= MAX_EXCERPTS]
    targets: dict[str, Scope] = {}
    for home in short:
        if next(home.element.iter(*HEADINGS), None) is not None:
            for target in _targets(home, view):
                targets.setdefault(target, home)
    entries = list(dict.fromkeys(targets.values()))
    return entries if len(entries) >= MIN_ENTRIES else []


def _targets(home: Scope, view: PageView) -> list[str]:
    """The other pages of the same site to which an element's heading or a 'read more' line leads.

    Other links may be those of a share bar; one with a fragment is a place on a page, as an entry of a live blog is.
    """
    links = islice(home.element.iter("a"), MAX_LINKS)
    hrefs = [link.get("href") for link in links if _leads_on(link)]
    urls = (resolve_url(view.url, href) for href in hrefs if href and "#" not in href and view.leads_on(href))
    return [url for url in urls if url is not None]


def _leads_on(link: HtmlElement) -> bool:
    """True for a link in, or around, a heading, and for one that says to read on."""
    around = next(link.iterancestors(*HEADINGS), None)
    inside = next(link.iterdescendants(*HEADINGS), None)
    return around is not None or inside is not None or READ_MORE.match(normalise(link.text_content())) is not None
