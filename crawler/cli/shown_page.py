"""What the commands that show a page know of its site, and its picture."""

from __future__ import annotations

import sys
from dataclasses import replace

from scrapy.settings import BaseSettings

from cleaners.context import CleanContext
from cleaners.explain import Explanation
from cleaners.pipeline import view_page
from cleaners.types import Page
from cleaners.urls.resolve import bare_host
from crawler.fetching.browser.picture import PagePicture, PictureError, draw_page
from crawler.ledger.read import read_site_memory
from crawler.log_sanitizer import escape_controls


def with_memory(context: CleanContext, page: Page, settings: BaseSettings) -> CleanContext:
    """The context with the ledger's memory of the page's site.

    Raises:
        LedgerError: where the ledger cannot be used.
    """
    host = bare_host(page.url)
    memory = read_site_memory(settings, host)
    if not memory.pages:
        return context
    return replace(context, site=replace(context.site, shared_lines={host: memory.shared_lines()}))


def picture_of(
    page: Page, context: CleanContext, explanation: Explanation, settings: BaseSettings
) -> PagePicture | None:
    """The page as a browser draws it; None where there is no browser, or where it failed, which is said."""
    if not explanation.blocks:
        return None
    chromium, paths = str(settings.get("COPYDESK_CHROMIUM") or ""), [block.path for block in explanation.blocks]
    try:
        return draw_page(view_page(page, context).tree, paths, chromium)
    except PictureError as error:
        sys.stderr.write(f"without a picture: {escape_controls(str(error))}\n")
        return None
