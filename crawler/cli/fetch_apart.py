"""Fetches a page in a process of its own: Scrapy's reactor runs once in a process."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping
from multiprocessing.connection import Connection

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES, Settings
from scrapy.utils.project import get_project_settings

from cleaners.types import Page
from crawler.cli.base import Project
from crawler.cli.errors import CommandError
from crawler.cli.one_page import find_page
from crawler.config.old_names import adopt_old_names

SECONDS = 120
"""Within which a page must be there: robots.txt, the page and a retry, each within ``DOWNLOAD_TIMEOUT``."""


class NotFetchedError(Exception):
    """A page that could not be fetched; the message says why."""


def fetch_apart(url: str, settings: Settings) -> Page:
    """Fetch a page as a crawl does: with robots.txt, URL policy and limits.

    Raises:
        NotFetchedError: where it could not be fetched, or not in time.
    """
    given = {
        name: settings.get(name)
        for name in settings
        if (settings.getpriority(name) or 0) >= SETTINGS_PRIORITIES["cmdline"]
    }
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send_page, args=(theirs, url, given), daemon=True)
    process.start()
    theirs.close()
    try:
        fetched: Page | str = ours.recv() if ours.poll(SECONDS) else f"{url}: not fetched within {SECONDS} seconds"
    except EOFError as error:
        raise NotFetchedError(f"{url}: the process that fetched it ended") from error
    finally:
        ours.close()
        process.kill()
        process.join()
    if isinstance(fetched, str):
        raise NotFetchedError(fetched)
    return fetched


def _send_page(pipe: Connection, url: str, given: Mapping[str, object]) -> None:
    """Send the page, or why there is none: exceptions with arguments of their own do not come through a pipe."""
    settings = get_project_settings()
    settings.setdict(given, priority="cmdline")
    adopt_old_names(settings)
    try:
        pipe.send(find_page(url, None, Project(settings, AsyncCrawlerProcess(settings))))
    except (CommandError, UsageError) as error:
        pipe.send(str(error))
