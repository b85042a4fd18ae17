"""Lists runs."""

from __future__ import annotations

from crawler.cli.base import Project
from crawler.cli.commands.runs import RunsRequest
from crawler.cli.errors import InvalidUsage, exit_on
from crawler.ledger.read import read_run, read_runs
from crawler.ledger.types import LedgerError
from crawler.presentation.terminal.lines import write_lines, write_text
from crawler.presentation.terminal.runs_table import as_json, run_summary, source_table, table
from crawler.run_report.report_types import ReportedRun
from crawler.run_report.status import ExitStatus


def run(request: RunsRequest, project: Project) -> None:
    """Print one line per run, newest first; for a single run the sites to check, with reasons."""
    with exit_on(ExitStatus.LEDGER, LedgerError):
        single_run = read_run(project.settings, request.run) if request.run else None
        runs = [] if request.run else read_runs(project.settings, request.limit)
    if request.run and single_run is None:
        raise InvalidUsage(f"run {request.run} is not in the ledger; scrapy runs lists them")
    if request.is_json:
        write_text(as_json([single_run] if single_run else runs, request.source))
    elif single_run is not None:
        write_lines(run_summary(ReportedRun.of(single_run)))
    else:
        reported_runs = map(ReportedRun.of, runs)
        write_lines(source_table(reported_runs, request.source) if request.source else table(reported_runs))
