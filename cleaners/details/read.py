"""Reads the details of a page from the parse with which it is cleaned."""

from __future__ import annotations

from collections.abc import Iterator

from cleaners.context import CleanContext
from cleaners.details.html import body_html
from cleaners.details.types import Crumb, Details
from cleaners.metadata import jsonld
from cleaners.pipeline import Examination, examine, finish
from cleaners.rejection import rejection
from cleaners.text.normalise import normalise
from cleaners.types import BlockKind, Page, PageRejected
from cleaners.urls.resolve import resolve_url
from cleaners.visible.sections import trail_entries
from cleaners.visible.shown_dates import NUMBER, is_change


def read_details(page: Page, context: CleanContext) -> Details:
    """Clean a page, and read what is not in the record."""
    try:
        examined = examine(page, context)
        cleaned = finish(examined, context)
    except PageRejected as error:
        return Details(result=rejection(error, page))
    article = cleaned.article
    return Details(
        result=article,
        html=body_html(examined, cleaned),
        breadcrumbs=tuple(declared_crumbs(examined)) or tuple(shown_crumbs(examined)),
        published_shown=_shown(examined, article.published, of_change=False),
        modified_shown=_shown(examined, article.modified, of_change=True),
    )


def declared_crumbs(examined: Examination) -> Iterator[Crumb]:
    """The entries of the first BreadcrumbList in JSON-LD."""
    lists = (node for node in jsonld.nodes(examined.tree) if "breadcrumblist" in jsonld.types(node))
    items = next(lists, {}).get("itemListElement")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and (name := jsonld.text(item.get("name") or item.get("item"))):
            reference = jsonld.url(item.get("item"))
            yield Crumb(name, resolve_url(examined.page.url, reference) if reference else None)


def shown_crumbs(examined: Examination) -> Iterator[Crumb]:
    """The links, or the texts without one, of the breadcrumb near the headline."""
    for block in examined.labelled.of_kind(BlockKind.BREADCRUMB):
        links = list(block.block_scope.element.iter("a"))
        for link in links:
            if name := normalise(link.text_content()):
                yield Crumb(name, resolve_url(examined.page.url, link.get("href") or ""))
        for name in () if links else trail_entries(block.text):
            yield Crumb(name, None)


def _shown(examined: Examination, moment: str | None, *, of_change: bool) -> str | None:
    """The first date line with the day and the year of a moment."""
    if moment is None:
        return None
    wanted = {int(moment[:4]), int(moment[8:10])}
    lines = (block.text for block in examined.labelled.of_kind(BlockKind.DATE))
    matches = (line for line in lines if is_change(line) is of_change and wanted <= set(map(int, NUMBER.findall(line))))
    return next(matches, None)
