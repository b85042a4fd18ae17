"""``scrapy runs``: the last runs and their results, from the ledger."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.config.command import CopydeskCommand

if TYPE_CHECKING:
    import argparse


class Command(CopydeskCommand):
    """List the last runs: when, how they ended, what they gave."""

    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  Scrapy's own way

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--limit``."""
        super().add_options(parser)
        parser.add_argument("--limit", type=int, default=20, metavar="N", help="runs to list (default 20)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print one line per run, newest first."""
        from crawler.ledger.open import MEMORY, file_of, open_ledger  # noqa: PLC0415
        from crawler.ledger.types import LedgerError  # noqa: PLC0415
        from crawler.output.delivery import ledger_url  # noqa: PLC0415
        from crawler.reporting.outcome import ExitStatus  # noqa: PLC0415
        from crawler.reporting.runs_table import table  # noqa: PLC0415

        if args or opts.limit < 1:
            raise UsageError("expected no argument, and a --limit of 1 or more", print_help=False)
        url = ledger_url(self.project_settings)
        try:
            path = file_of(url)
            if url == MEMORY or (path is not None and not path.is_file()):
                self.fail(ExitStatus.LEDGER, f"{path or url}: no ledger there yet; a crawl with an output makes one")
                return
            ledger = open_ledger(url)
        except LedgerError as error:
            self.fail(ExitStatus.LEDGER, error)
            return
        found = asyncio.run(ledger.runs(opts.limit))
        ledger.close()
        sys.stdout.writelines(f"{line}\n" for line in table(found))
