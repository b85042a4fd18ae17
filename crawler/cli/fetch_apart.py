"""Fetches a page in a process of its own: Scrapy's reactor runs once in a process."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES, Settings
from scrapy.utils.project import get_project_settings

from cleaners.types import Page
from crawler.cli.base import Project
from crawler.cli.errors import CommandError
from crawler.cli.one_page import find_page
from crawler.config.old_names import adopt_old_names


class NotFetchedError(Exception):
    """A page that could not be fetched; the message says why."""


def fetch_apart(url: str, settings: Settings) -> Page:
    """Fetch a page as a crawl does: with robots.txt, URL policy and limits.

    Raises:
        NotFetchedError: where it could not be fetched.
    """
    given = {
        name: settings.get(name)
        for name in settings
        if (settings.getpriority(name) or 0) >= SETTINGS_PRIORITIES["cmdline"]
    }
    try:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            fetched = pool.submit(_fetch, url, given).result()
    except BrokenProcessPool as error:
        raise NotFetchedError(f"{url}: the process that fetched it ended") from error
    if isinstance(fetched, str):
        raise NotFetchedError(fetched)
    return fetched


def _fetch(url: str, given: Mapping[str, object]) -> Page | str:
    """The page, or why there is none: exceptions with arguments of their own do not come back from a process."""
    settings = get_project_settings()
    settings.setdict(given, priority="cmdline")
    adopt_old_names(settings)
    try:
        return find_page(url, None, Project(settings, AsyncCrawlerProcess(settings)))
    except (CommandError, UsageError) as error:
        return str(error)
