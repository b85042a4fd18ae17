"""``scrapy runs``: how the last runs went, from the ledger."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

if TYPE_CHECKING:
    import argparse


class Command(ScrapyCommand):
    """List the last runs, newest first."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  Scrapy's own way

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "List the last runs: when, how they ended, what they gave"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--limit``."""
        super().add_options(parser)
        parser.add_argument("--limit", type=int, default=20, metavar="N", help="runs to list (default 20)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print a line a run."""
        from pathlib import Path  # noqa: PLC0415  Scrapy imports every command at every call

        from crawler.ledger.file import open_ledger  # noqa: PLC0415
        from crawler.ledger.types import LedgerError  # noqa: PLC0415
        from crawler.output.delivery import ledger_path  # noqa: PLC0415
        from crawler.reporting.outcome import LEDGER  # noqa: PLC0415
        from crawler.reporting.runs_table import table  # noqa: PLC0415

        if args or opts.limit < 1:
            raise UsageError("expected no argument, and a --limit of 1 or more", print_help=False)
        assert self.settings is not None  # noqa: S101  set by Scrapy
        path = ledger_path(self.settings)
        if not Path(path).is_file():
            sys.stderr.write(f"copydesk: {path}: no ledger there yet; a crawl with an output makes one\n")
            self.exitcode = LEDGER
            return
        try:
            ledger = open_ledger(path)
        except LedgerError as error:
            sys.stderr.write(f"copydesk: {error}\n")
            self.exitcode = LEDGER
            return
        found = asyncio.run(ledger.runs(opts.limit))
        ledger.close()
        sys.stdout.writelines(f"{line}\n" for line in table(found))
