"""``scrapy runs``: the last runs and their results, from the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.cli.base import CopydeskCommand

if TYPE_CHECKING:
    import argparse


class Command(CopydeskCommand):
    """List the last runs: when, how they ended, what they gave."""

    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  Scrapy's own way

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[RUN] [--limit N] [--source S]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--limit``, ``--source`` and ``--json``."""
        super().add_options(parser)
        parser.add_argument("--limit", type=int, default=20, metavar="N", help="runs to list (default 20)")
        parser.add_argument("--source", metavar="S", help="list the accounts of one source, by its URL")
        parser.add_argument("--json", action="store_true", help="print each run as a line of JSON instead")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print one line per run, newest first; for a single run the sites to check, with reasons."""
        from crawler.ledger.read import read_run, read_runs  # noqa: PLC0415
        from crawler.ledger.types import LedgerError  # noqa: PLC0415  see CopydeskCommand
        from crawler.presentation.terminal.lines import write_lines, write_text  # noqa: PLC0415
        from crawler.presentation.terminal.runs_table import as_json, run_summary, source_table, table  # noqa: PLC0415
        from crawler.run_report.report_types import ReportedRun  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415

        if len(args) > 1 or (args and not args[0].isdecimal()) or opts.limit < 1 or (args and opts.source):
            raise UsageError(
                "expected at most the number of one run, without --source, and a --limit of 1 or more", print_help=False
            )
        try:
            single_run = read_run(self.project_settings, args[0]) if args else None
            runs = [] if args else read_runs(self.project_settings, opts.limit)
        except LedgerError as error:
            self.fail(ExitStatus.LEDGER, error)
            return
        if args and single_run is None:
            raise UsageError(f"run {args[0]} is not in the ledger; scrapy runs lists them", print_help=False)
        if opts.json:
            write_text(as_json([single_run] if single_run else runs, opts.source))
        elif single_run is not None:
            write_lines(run_summary(ReportedRun.of(single_run)))
        else:
            reported_runs = map(ReportedRun.of, runs)
            write_lines(source_table(reported_runs, opts.source) if opts.source else table(reported_runs))
