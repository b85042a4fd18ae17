"""``scrapy ledger rebuild OUT.jsonl…``: a new ledger from the outputs of earlier crawls."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.cli.base import CopydeskCommand

if TYPE_CHECKING:
    import argparse


class Command(CopydeskCommand):
    """Make a new ledger from the outputs of earlier crawls."""

    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  Scrapy's own way

    def syntax(self) -> str:
        """What follows the command's name."""
        return "rebuild OUTPUT [OUTPUT ...]"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the outputs and write ``COPYDESK_LEDGER``."""
        from pathlib import Path  # noqa: PLC0415  see CopydeskCommand

        from crawler.ledger.open import MEMORY, ledger_path, redact_url  # noqa: PLC0415
        from crawler.ledger.project_ledger import ledger_url  # noqa: PLC0415
        from crawler.ledger.read import read_outputs, read_runs  # noqa: PLC0415
        from crawler.ledger.types import LedgerError  # noqa: PLC0415
        from crawler.output.delivery.recovery import rebuild  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415

        if args[:1] != ["rebuild"] or len(args) < 2:
            raise UsageError("expected: scrapy ledger rebuild OUTPUT [OUTPUT ...]", print_help=False)
        url = ledger_url(self.project_settings)
        if url == MEMORY:
            raise UsageError("COPYDESK_LEDGER is empty: name the file to write", print_help=False)
        missing = next((name for name in args[1:] if not Path(name).is_file()), None)
        if missing is not None:
            raise UsageError(f"{missing}: no such file", print_help=False)
        try:
            path, name = ledger_path(url), redact_url(url)
            if path is None and (read_runs(self.project_settings, 1) or read_outputs(self.project_settings)):
                self.fail(ExitStatus.LEDGER, f"{name}: there is a ledger already; name another database")
                return
            if path is not None and path.exists() and path.stat().st_size:
                self.fail(ExitStatus.LEDGER, f"{path}: there is a ledger already; move it away first")
                return
            articles, others = asyncio.run(rebuild(url, args[1:]))
        except LedgerError as error:
            self.fail(ExitStatus.LEDGER, error)
            return
        sys.stderr.write(f"{path or name}: {articles} articles of {len(args) - 1} files; {others} lines are none\n")
