"""``scrapy report``: a run as an HTML page, or as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.cli.base import CopydeskCommand

if TYPE_CHECKING:
    import argparse

    from crawler.run_report.report_types import ReportedRun


class Command(CopydeskCommand):
    """Make an HTML page of a run: the funnel of each site, reasons, fields, lengths, speed."""

    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  Scrapy's own way

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[RUN] [-o report.html]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options for output."""
        super().add_options(parser)
        self.add_page_options(parser, "report.html")
        parser.add_argument("--text", action="store_true", help="print which sites need a look, and the sums, instead")
        parser.add_argument("--json", action="store_true", help="print the run as JSON instead")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Show a run, the last that has ended by default."""
        from crawler.ledger.read import read_last_ended, read_run, read_runs  # noqa: PLC0415
        from crawler.ledger.types import LedgerError  # noqa: PLC0415  see CopydeskCommand
        from crawler.presentation.terminal.lines import write_lines, write_text  # noqa: PLC0415
        from crawler.presentation.terminal.runs_table import as_json, run_summary  # noqa: PLC0415
        from crawler.run_report.report import MAX_HISTORY_RUNS  # noqa: PLC0415
        from crawler.run_report.report_types import ReportedRun, read_report  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415

        if len(args) > 1 or (args and not args[0].isdecimal()) or (opts.text and opts.json):
            raise UsageError("expected at most the number of one run, and one of --text and --json", print_help=False)
        try:
            chosen_run = read_run(self.project_settings, args[0]) if args else read_last_ended(self.project_settings)
            if chosen_run is None or chosen_run.ended is None:
                wanted = f"run {args[0]} is not in the ledger, or has not ended" if args else "no run has ended yet"
                raise UsageError(f"{wanted}; scrapy runs lists them", print_help=False)
            history = read_runs(self.project_settings, MAX_HISTORY_RUNS, before=chosen_run.id)
        except LedgerError as error:
            self.fail(ExitStatus.LEDGER, error)
            return
        if opts.json:
            write_text(as_json([chosen_run]))
        elif opts.text:
            write_lines(run_summary(ReportedRun.of(chosen_run)))
        else:
            reported_runs = [
                ReportedRun(run, report) for run in history if (report := read_report(run.report)) is not None
            ]
            self._write(ReportedRun.of(chosen_run), reported_runs, opts)

    def _write(self, run: ReportedRun, history: list[ReportedRun], opts: argparse.Namespace) -> None:
        from pathlib import Path  # noqa: PLC0415

        from crawler.presentation.html.page import show_page  # noqa: PLC0415
        from crawler.presentation.html.report_page import report_page  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415

        try:
            show_page(Path(opts.output), report_page(run, history), is_opened=not opts.no_open)
        except OSError as error:
            self.fail(ExitStatus.OUTPUT, f"cannot write {opts.output}: {error.strerror}")
