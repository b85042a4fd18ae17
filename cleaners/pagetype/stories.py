"""Headings that link to other pages: a page whose text is below such headings shows other pages' articles."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from cleaners.blocks.measures import LINE, PARAGRAPH, is_prose
from cleaners.blocks.scope import HEADINGS
from cleaners.blocks.segment import Block
from cleaners.labels.page_view import PageView
from cleaners.metadata.titles import title_parts
from cleaners.pagetype.prose import HEADLINE
from cleaners.text.normalise import match_key
from cleaners.urls.resolve import registrable_domain, resolve_url

MOSTLY_LINK = 0.8
"""Share of link text from which a heading is a link: a date or a kicker may stand beside it."""

BETWEEN = 3
"""Most blocks from a headline to its blurb: the headline, a date, a byline."""

NOT_PROSE = HEADINGS | {"blockquote"}
"""Elements whose text says nothing about where the text of a story begins."""


def story_headings(view: PageView) -> Iterator[Block]:
    """Headings that lead to another page and are not this page's own title, outside of navigation and link boxes."""
    titles = _title_keys(view)
    for block in view.blocks:
        if (
            block.scope.flags & HEADINGS
            and block.link_share > MOSTLY_LINK
            and not block.scope.flags & {"nav", "footer"}
            and view.link_box(block) not in {"related", "most_read"}
            and not _is_own(block.key, titles)
            and view.leads_away(block.href)
        ):
            yield block


@dataclass(frozen=True, slots=True)
class Teasers:
    """Measures of a page's headings that link to other pages, and of the text below them."""

    is_first: bool
    """True where the heading right above the first paragraph leads to another page."""
    is_headline: bool
    """True where that heading is long enough for a headline, and leads to a page of the same site."""
    is_excerpt: bool
    """True where a link below the text leads to the page that the heading above it leads to: 'read more'."""
    headings: int
    """Number of such headings in the text."""
    longest: int
    """Characters of the longest text between two of them."""
    blurbs: int
    """Number of paragraphs right below a link to another page."""
    blurb_share: float
    """Share of the text that they are, 0 to 1."""

    @classmethod
    def of(cls, view: PageView, body: Sequence[Block]) -> Self:
        """Read a page, given the blocks of its text."""
        free = [block for block in body if not block.scope.flags & NOT_PROSE]
        prose = [block for block in free if is_prose(block)] or [block for block in free if block.weight >= LINE]
        if not prose:
            return cls(
                is_first=False, is_headline=False, is_excerpt=False, headings=0, longest=0, blurbs=0, blurb_share=0.0
            )
        first, last = prose[0].index, prose[-1].index
        headings = {block.index for block in story_headings(view)}
        above = [block.index for block in view.blocks[:first] if block.scope.flags & HEADINGS]
        starts = sorted(index for index in headings if index <= last)
        sizes = [0] * (len(starts) + 1)
        for block in body:
            sizes[bisect(starts, block.index)] += block.weight
        texts = [block for block in free if block.link_share <= MOSTLY_LINK]
        blurbs = [block for block in texts if _is_blurb(block, view)]
        return cls(
            is_first=bool(above) and above[-1] in headings,
            is_headline=bool(above) and _is_headline_of_site(view.blocks[above[-1]], view.url),
            is_excerpt=bool(above)
            and _leads_on(view.blocks[above[-1]], view.blocks[last + 1 : last + 1 + BETWEEN], view),
            headings=sum(above[-1] <= index <= last for index in headings) if above else 0,
            longest=max(sizes),
            blurbs=len(blurbs),
            blurb_share=sum(block.weight for block in blurbs) / max(1, sum(block.weight for block in texts)),
        )


def _is_blurb(block: Block, view: PageView) -> bool:
    """True for a text below a link to another page, with at most a date and a byline between them."""
    for other in reversed(view.blocks[max(0, block.index - BETWEEN) : block.index]):
        if other.link_share > MOSTLY_LINK:
            return view.leads_away(other.href)
        if other.weight >= PARAGRAPH or other.scope.flags & HEADINGS:
            return False
    return False


def _leads_on(heading: Block, after: Sequence[Block], view: PageView) -> bool:
    """True where a link after a text leads to the same other page as its heading."""
    target = resolve_url(view.url, heading.href or "")
    links = (resolve_url(view.url, block.href or "") for block in after if block.link_share > MOSTLY_LINK)
    return target is not None and view.leads_away(heading.href) and target in links


def _is_headline_of_site(block: Block, url: str) -> bool:
    target = resolve_url(url, block.href or "")
    is_own_site = target is not None and registrable_domain(target) == registrable_domain(url)
    return is_own_site and block.weight >= HEADLINE


def _title_keys(view: PageView) -> frozenset[str]:
    """Match keys of the titles that the page's head declares, and of their parts."""
    pieces = (piece for title in view.metadata.titles for piece in (title, *title_parts(title)[0]))
    return frozenset(key for piece in pieces if (key := match_key(piece)))


def _is_own(key: str, titles: frozenset[str]) -> bool:
    """True for a heading that is in a title, or begins with most of one: sites shorten and lengthen their titles."""
    return not key or any(key in title or (title in key and 2 * len(title) >= len(key)) for title in titles)
