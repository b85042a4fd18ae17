"""Prints every decision about pages."""

from __future__ import annotations

from cleaners.explain import Explanation, explain
from cleaners.types import Rejection
from crawler.archive import inputs as files
from crawler.cli.base import Project
from crawler.cli.commands.clean import CleanRequest
from crawler.cli.handlers.clean.pages import cleaning
from crawler.presentation.terminal.explanation import styled_lines
from crawler.presentation.terminal.lines import write_lines


def run(request: CleanRequest, project: Project) -> None:
    """Print every decision about each page, in input order."""
    with cleaning(project) as values:
        context = values.clean_context
        for entry in files.entries(request.paths, url=request.url):
            if isinstance(entry, Rejection):
                write_lines(styled_lines(Explanation(url=entry.url, rejection=entry)))
            else:
                write_lines(styled_lines(explain(entry, context)))
