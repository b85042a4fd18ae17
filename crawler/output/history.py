"""The runs in the ledger of a project, for commands that show them."""

from __future__ import annotations

import asyncio

from scrapy.settings import BaseSettings

from crawler.ledger.open import MEMORY, file_of, open_ledger
from crawler.ledger.types import LedgerError, Run
from crawler.output.delivery import ledger_url


def read_runs(settings: BaseSettings, limit: int) -> list[Run]:
    """The last runs of the ledger, newest first.

    Raises:
        LedgerError: where there is none, or it cannot be used.
    """
    url = ledger_url(settings)
    path = file_of(url)
    if url == MEMORY or (path is not None and not path.is_file()):
        raise LedgerError(f"{path or url}: no ledger there yet; a crawl with an output makes one")
    ledger = open_ledger(url)
    try:
        return asyncio.run(ledger.runs(limit))
    finally:
        ledger.close()
