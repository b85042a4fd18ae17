"""Makes an HTML page of a run."""

from __future__ import annotations

from crawler.cli.base import Project
from crawler.cli.commands.pages.report import ReportRequest
from crawler.cli.errors import exit_on
from crawler.cli.handlers.report.lines import find_run
from crawler.files.line_files import OutputError
from crawler.ledger.read import read_runs
from crawler.ledger.types import LedgerError
from crawler.presentation.html.page import show_page
from crawler.presentation.html.report_page import report_page
from crawler.run_report.report import MAX_HISTORY_RUNS
from crawler.run_report.report_types import ReportedRun, read_report
from crawler.run_report.status import ExitStatus


def run(request: ReportRequest, project: Project) -> None:
    """Write the page of a run, with what earlier runs gave."""
    with exit_on(ExitStatus.LEDGER, LedgerError):
        chosen_run = find_run(request, project)
        history = read_runs(project.settings, MAX_HISTORY_RUNS, before=chosen_run.id)
    with exit_on(ExitStatus.OUTPUT, OutputError):
        reports = ((run, read_report(run.report)) for run in history)
        earlier = [ReportedRun(run, report) for run, report in reports if report is not None]
        text = report_page(ReportedRun.of(chosen_run), earlier)
        show_page(request.page, text, is_opened=request.is_opened)
