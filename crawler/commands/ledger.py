"""``scrapy ledger rebuild OUT.jsonl…``: a new ledger from what was written."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

if TYPE_CHECKING:
    import argparse


class Command(ScrapyCommand):
    """Make a ledger that knows every article of some outputs."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  Scrapy's own way

    def syntax(self) -> str:
        """How it is called."""
        return "rebuild OUTPUT [OUTPUT ...]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Make a new ledger from the outputs of earlier crawls"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the outputs and write ``LEDGER_PATH``."""
        from pathlib import Path  # noqa: PLC0415  Scrapy imports every command at every call

        from crawler.ledger.file import MEMORY  # noqa: PLC0415
        from crawler.ledger.types import LedgerError  # noqa: PLC0415
        from crawler.output.delivery import ledger_path  # noqa: PLC0415
        from crawler.output.recovery import rebuild  # noqa: PLC0415
        from crawler.reporting.outcome import LEDGER  # noqa: PLC0415

        if args[:1] != ["rebuild"] or len(args) < 2:
            raise UsageError("expected: scrapy ledger rebuild OUTPUT [OUTPUT ...]", print_help=False)
        assert self.settings is not None  # noqa: S101  set by Scrapy
        path = ledger_path(self.settings)
        if path == MEMORY:
            raise UsageError("LEDGER_PATH is empty: name the file to write", print_help=False)
        if Path(path).exists() and Path(path).stat().st_size:
            sys.stderr.write(f"copydesk: {path}: there is a ledger already; move it away first\n")
            self.exitcode = LEDGER
            return
        missing = next((name for name in args[1:] if not Path(name).is_file()), None)
        if missing is not None:
            raise UsageError(f"{missing}: no such file", print_help=False)
        try:
            articles, others = asyncio.run(rebuild(path, args[1:]))
        except LedgerError as error:
            sys.stderr.write(f"copydesk: {error}\n")
            self.exitcode = LEDGER
            return
        sys.stderr.write(f"{path}: {articles} articles of {len(args) - 1} files; {others} lines are none\n")
