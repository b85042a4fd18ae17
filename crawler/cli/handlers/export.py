"""Converts records to another format."""

from __future__ import annotations

import sys

from crawler.cli.base import Project
from crawler.cli.commands.export import ExportRequest
from crawler.cli.errors import exit_on, usage_errors
from crawler.files.line_files import OutputError
from crawler.output.export import ExportError, export
from crawler.run_report.status import ExitStatus
from crawler.util import count_noun


def run(request: ExportRequest, project: Project) -> None:
    """Convert; the output appears whole or not at all."""
    with usage_errors(ExportError), exit_on(ExitStatus.OUTPUT, OutputError):
        made = export(
            request.inputs, request.output, project.settings, form=request.form, has_formulas=request.has_formulas
        )
    sys.stderr.write(f"{count_noun(made.count, 'record')} in {request.output}\n")
    if made.skipped:
        sys.stderr.write(f"{count_noun(made.skipped, 'line')} left out:\n")
        for problem in made.first:
            sys.stderr.write(f"  {problem}\n")
