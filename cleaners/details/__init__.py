"""What a page has beyond the record: its text as HTML, its breadcrumbs, its dates as it shows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from cleaners.context import DEFAULT, CleanContext
from cleaners.site.memory import SharedLines
from cleaners.types import Article, Page, Rejection
from cleaners.urls.resolve import bare_host


class Crumb(NamedTuple):
    """An entry of a breadcrumb trail."""

    name: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """A cleaned page, with what is not in the record."""

    result: Article | Rejection
    html: str | None = None
    """The article's text as simple HTML: without its tags it is ``result.text``."""
    breadcrumbs: tuple[Crumb, ...] = ()
    published_shown: str | None = None
    """The line of the page that shows the day of publication."""
    modified_shown: str | None = None
    """The line that shows the day of the last change."""


def clean_with_details(page: Page, context: CleanContext = DEFAULT, shared: SharedLines | None = None) -> Details:
    """Clean a page, and read what is not in the record from the same parse. Pure.

    Args:
        page: the page.
        context: options, rules and what is known of sites.
        shared: what the pages of its site share, besides.
    """
    from cleaners.details.read import read_details  # noqa: PLC0415  parsers are loaded in workers only

    if shared is not None:
        site = replace(context.site, shared_lines={bare_host(page.url): shared})
        context = replace(context, site=site)
    return read_details(page, context)
