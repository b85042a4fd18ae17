"""``scrapy runs``: the last runs and their results, from the ledger."""

from __future__ import annotations

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
        parser.add_argument("--source", metavar="S", help="list the accounts of one source, by its URL")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print one line per run, newest first."""
        from crawler.ledger.types import LedgerError  # noqa: PLC0415  see CopydeskCommand
        from crawler.output.history import read_runs  # noqa: PLC0415
        from crawler.reporting.outcome import ExitStatus  # noqa: PLC0415
        from crawler.reporting.runs_table import source_table, table  # noqa: PLC0415

        if args or opts.limit < 1:
            raise UsageError("expected no argument, and a --limit of 1 or more", print_help=False)
        try:
            found = read_runs(self.project_settings, opts.limit)
        except LedgerError as error:
            self.fail(ExitStatus.LEDGER, error)
            return
        lines = source_table(found, opts.source) if opts.source else table(found)
        sys.stdout.writelines(f"{line}\n" for line in lines)
