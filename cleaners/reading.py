"""What a crawler wants of a page, from one parse: its article or rejection, its links, its next page."""

from __future__ import annotations

from dataclasses import dataclass

from cleaners.options import DEFAULT, Options
from cleaners.outlinks import Outlink, feeds, next_page, outlinks
from cleaners.pipeline import article, examine, rejection
from cleaners.rights import of_page
from cleaners.structured import DECLARED
from cleaners.types import Article, Page, Refused, Rejection, Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One page, read once."""

    result: Article | Rejection
    links: tuple[Outlink, ...] = ()
    """The page's links where asked for, or where the page is no article."""
    feeds: tuple[str, ...] = ()
    """Addresses of the feeds it announces, where its links were asked for."""
    next_page: str | None = None
    """Address of the article's next page."""
    rights: tuple[Right, ...] = ()
    """What the page's own elements reserve."""
    is_declared: bool = False
    """True when the page itself says that it is an article (schema.org or OpenGraph type), and when it was published."""


def read(page: Page, options: Options = DEFAULT, *, with_links: bool = False) -> Reading:
    """Clean a page and note where it leads. Pure, as :func:`cleaners.clean` is."""
    try:
        seen = examine(page, options)
    except Refused as refused:
        return Reading(result=rejection(page, refused))
    result: Article | Rejection
    try:
        result = article(seen, options)
    except Refused as refused:
        result = rejection(seen.page, refused)
    is_article = isinstance(result, Article)
    return Reading(
        result=result,
        links=outlinks(seen.tree, seen.page.url) if with_links or not is_article else (),
        feeds=feeds(seen.tree, seen.page.url) if with_links else (),
        next_page=next_page(seen.tree, seen.page.url) if is_article else None,
        rights=of_page(seen.tree) if is_article else (),
        is_declared=is_article and bool(seen.metadata.types & DECLARED) and seen.metadata.published is not None,
    )
