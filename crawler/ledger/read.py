"""What the ledger of a project has, for commands that show it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from scrapy.settings import BaseSettings

from cleaners.site.memory import SiteMemory
from crawler.ledger.open import ledger_exists, ledger_path, ledger_url, open_ledger
from crawler.ledger.types import Ledger, LedgerError, Output, Run

Answer = TypeVar("Answer")


MAX_RUN = 2**62
"""More than the number of any run."""


def read_runs(settings: BaseSettings, limit: int, *, before: int | None = None) -> list[Run]:
    """The last runs of the ledger, newest first; those before a run where its number is given.

    Raises:
        LedgerError: where there is none, or it cannot be used.
    """
    return _ask(settings, lambda ledger: ledger.runs(min(limit, MAX_RUN), before=before))


def read_run(settings: BaseSettings, number: str) -> Run | None:
    """The run with a number, as the user typed it; None where the ledger has none.

    Raises:
        LedgerError: where there is no ledger, or it cannot be used.
    """
    wanted = int(number) if len(number) < len(str(MAX_RUN)) else MAX_RUN
    return next((run for run in read_runs(settings, 1, before=wanted + 1) if run.id == wanted), None)


def read_last_ended(settings: BaseSettings) -> Run | None:
    """The last run that has ended, with a report; None where there is none.

    Raises:
        LedgerError: where there is no ledger, or it cannot be used.
    """
    before: int | None = None
    while runs := read_runs(settings, 1, before=before):
        if runs[0].ended is not None and runs[0].report:
            return runs[0]
        before = runs[0].id
    return None


def read_outputs(settings: BaseSettings) -> list[Output]:
    """The outputs of all runs.

    Raises:
        LedgerError: where there is no ledger, or it cannot be used.
    """
    return _ask(settings, lambda ledger: ledger.outputs())


def read_site_memory(settings: BaseSettings, site: str) -> SiteMemory:
    """What is remembered of a site, by its host without ``www.``; empty where there is no ledger yet.

    Raises:
        LedgerError: where the ledger cannot be used.
    """
    if not ledger_exists(ledger_url(settings)):
        return SiteMemory()
    return _ask(settings, lambda ledger: ledger.site_memory(site))


def _ask(settings: BaseSettings, question: Callable[[Ledger], Awaitable[Answer]]) -> Answer:
    url = ledger_url(settings)
    if not ledger_exists(url):
        raise LedgerError(f"{ledger_path(url) or url}: no ledger there yet; a crawl with an output makes one")
    ledger = open_ledger(url)

    async def answer() -> Answer:
        return await question(ledger)

    loop = asyncio.new_event_loop()  # asyncio.run would take away the loop on which Scrapy starts afterwards
    try:
        return loop.run_until_complete(answer())
    finally:
        loop.close()
        ledger.close()
