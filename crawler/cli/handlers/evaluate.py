"""Evaluates the texts on annotated pages."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from crawler.cleaning import worker_pool
from crawler.cli.base import Project
from crawler.cli.commands.evaluate import EvaluateRequest
from crawler.cli.errors import CommandError, usage_errors
from crawler.config.settings_values import SettingsValues
from crawler.files.line_files import unwritable
from crawler.presentation.html.evaluation_page import write_evaluation
from crawler.presentation.terminal.evaluation import lines
from crawler.presentation.terminal.lines import write_lines, write_text
from crawler.quality.annotated import AnnotatedError, annotated_pages
from crawler.quality.evaluate import (
    PredictionsError,
    as_json,
    below_floors,
    evaluate,
    read_floors,
    read_predictions,
)
from crawler.run_report.status import ExitStatus


def run(request: EvaluateRequest, project: Project) -> ExitStatus | None:
    """Clean the pages, score them, and print a table."""
    values = SettingsValues.of(project.settings)
    with usage_errors(AnnotatedError, PredictionsError):
        floors = read_floors(Path(request.floors)) if request.floors else {}
        others = read_predictions(Path(request.against)) if request.against else None
        name = Path(request.against).name if request.against else ""
        with worker_pool(values, request.workers, with_observation=False) as pool:
            pages = annotated_pages(Path(request.folder))
            evaluation = evaluate(pages, pool, worst=request.worst, others=others, name=name)
    below = below_floors(evaluation.summaries, floors)
    if request.is_json:
        write_text(json.dumps(as_json(evaluation.summaries)) + "\n")
    else:
        write_lines(lines(evaluation, below))
    if request.output:
        try:
            path = write_evaluation(Path(request.output), evaluation, below, values.clean_context)
        except OSError as error:
            raise CommandError(ExitStatus.OUTPUT, unwritable(request.output, error)) from error
        sys.stderr.write(f"{path}\n")
    return ExitStatus.DEGRADED if below else None
