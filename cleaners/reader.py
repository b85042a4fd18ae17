"""Page to reading: its article or rejection, its links, its next page, from one parse."""

from __future__ import annotations

from cleaners.html.links import feeds, next_page, outlinks
from cleaners.metadata.jsonld import DECLARED
from cleaners.metadata.rights import of_page
from cleaners.options import DEFAULT, Options
from cleaners.pipeline import article, examine
from cleaners.reading import Reading
from cleaners.types import Article, Page, Refused, Rejection


def read(page: Page, options: Options = DEFAULT, *, with_links: bool = False) -> Reading:
    """Clean a page and note where it leads. Pure, as :func:`cleaners.clean` is."""
    try:
        seen = examine(page, options)
    except Refused as refused:
        return Reading(result=refused.rejection(page))
    result: Article | Rejection
    try:
        result = article(seen, options)
    except Refused as refused:
        result = refused.rejection(seen.page)
    is_article = isinstance(result, Article)
    return Reading(
        result=result,
        links=outlinks(seen.tree, seen.page.url) if with_links or not is_article else (),
        feeds=feeds(seen.tree, seen.page.url) if with_links else (),
        next_page=next_page(seen.tree, seen.page.url) if is_article else None,
        rights=of_page(seen.tree) if is_article else (),
        is_declared=is_article and bool(seen.metadata.types & DECLARED) and seen.metadata.published is not None,
    )
