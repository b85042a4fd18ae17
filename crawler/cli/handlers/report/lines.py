"""Prints a run."""

from __future__ import annotations

from crawler.cli.base import Project
from crawler.cli.commands.pages.report import ReportRequest
from crawler.cli.errors import InvalidUsage, exit_on
from crawler.ledger.read import read_last_ended, read_run
from crawler.ledger.types import LedgerError, Run
from crawler.presentation.terminal.lines import write_lines, write_text
from crawler.presentation.terminal.runs_table import as_json, run_summary
from crawler.run_report.report_types import ReportedRun
from crawler.run_report.status import ExitStatus


def run(request: ReportRequest, project: Project) -> None:
    """Print a run as lines of text, or as JSON."""
    with exit_on(ExitStatus.LEDGER, LedgerError):
        chosen_run = find_run(request, project)
    if request.is_json:
        write_text(as_json([chosen_run]))
    else:
        write_lines(run_summary(ReportedRun.of(chosen_run)))


def find_run(request: ReportRequest, project: Project) -> Run:
    """The run that was named, by default the last that has ended.

    Raises:
        InvalidUsage: where there is none.
        LedgerError: where the ledger cannot be used.
    """
    number = request.run
    chosen_run = read_run(project.settings, number) if number else read_last_ended(project.settings)
    if chosen_run is None or chosen_run.ended is None:
        wanted = f"run {number} is not in the ledger, or has not ended" if number else "no run has ended yet"
        raise InvalidUsage(f"{wanted}; scrapy runs lists them")
    return chosen_run
