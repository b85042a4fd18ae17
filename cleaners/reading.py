"""What a crawler wants of a page, from one parse: its article or rejection, its links, its next page."""

from __future__ import annotations

from dataclasses import dataclass

from cleaners.options import DEFAULT, Options
from cleaners.outlinks import Outlink, next_page, outlinks
from cleaners.pipeline import article, examine, rejection
from cleaners.structured import DECLARED
from cleaners.types import Article, Page, Refused, Rejection


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One page, read once."""

    result: Article | Rejection
    links: tuple[Outlink, ...] = ()
    """The page's links where asked for, or where the page is no article."""
    next_page: str | None = None
    """Address of the article's next page."""
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
        next_page=next_page(seen.tree, seen.page.url) if is_article else None,
        is_declared=is_article and bool(seen.metadata.types & DECLARED) and seen.metadata.published is not None,
    )
