"""What a page has beyond the record: its text as HTML, its breadcrumbs, its dates as it shows them."""

from __future__ import annotations

from dataclasses import replace

from cleaners.context import DEFAULT, CleanContext
from cleaners.details.types import Details
from cleaners.site.memory import SharedLines
from cleaners.types import Page
from cleaners.urls.resolve import bare_host


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
