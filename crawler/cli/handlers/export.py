"""Converts records to another format."""

from __future__ import annotations

import sys

from cleaners.types import Use
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
            request.inputs,
            request.output,
            project.settings,
            form=request.form,
            has_formulas=request.has_formulas,
            use=Use(request.use) if request.use else None,
            min_confidence=request.min_confidence,
            has_groups=request.has_groups,
        )
    sys.stderr.write(f"{count_noun(made.count, 'record')} in {request.output}\n")
    for right, count in made.reserved.most_common():
        sys.stderr.write(f"{count_noun(count, 'record')} left out, whose use for {request.use} is reserved: {right}\n")
    if made.unsure:
        sys.stderr.write(f"{count_noun(made.unsure, 'record')} left out, below {request.min_confidence:.0%} sure\n")
    if made.skipped:
        sys.stderr.write(f"{count_noun(made.skipped, 'line')} left out:\n")
        for problem in made.first:
            sys.stderr.write(f"  {problem}\n")
