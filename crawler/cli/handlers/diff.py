"""Compares two outputs."""

from __future__ import annotations

from pathlib import Path

from crawler.cli.base import Project
from crawler.cli.commands.diff import DiffRequest
from crawler.cli.errors import InvalidUsage, exit_on, usage_errors
from crawler.files.line_files import OutputError
from crawler.presentation.html.diff_page import diff_page
from crawler.presentation.html.page import show_page
from crawler.presentation.terminal.diff import as_json, lines
from crawler.presentation.terminal.lines import write_lines, write_text
from crawler.quality.differences import DifferencesError, compare
from crawler.run_report.status import ExitStatus


def run(request: DiffRequest, project: Project) -> ExitStatus | None:
    """Compare the outputs, and print what changed."""
    old, new = Path(request.old), Path(request.new)
    missing = next((path for path in (old, new) if not path.exists()), None)
    if missing is not None:
        raise InvalidUsage(f"{missing}: no such file or folder")
    with usage_errors(DifferencesError):
        differences = compare(old, new)
    if request.is_json:
        write_text(as_json(differences) + "\n")
    else:
        write_lines(lines(differences))
    if request.page:
        with exit_on(ExitStatus.OUTPUT, OutputError):
            show_page(request.page, diff_page(differences, request.old, request.new), is_opened=request.is_opened)
    return ExitStatus.DEGRADED if request.has_exit_code and not differences.is_empty else None
