"""Shows one page with the label of every block."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import msgspec

from cleaners.context import CleanContext
from cleaners.explain import Explanation, explain
from cleaners.options import Focus
from cleaners.site import SiteKnowledge
from cleaners.types import Page
from crawler.cli.base import Project
from crawler.cli.commands.pages.inspect import InspectRequest
from crawler.cli.errors import InvalidUsage, exit_on, usage_errors
from crawler.cli.one_page import find_page, is_file
from crawler.cli.shown_page import picture_of, with_memory
from crawler.config.settings_values import SettingsValues
from crawler.files.line_files import OutputError
from crawler.ledger.types import LedgerError
from crawler.output.records import RecordError, last_record
from crawler.presentation.html.inspect_page import Comparison, inspect_page
from crawler.presentation.html.page import show_page
from crawler.presentation.html.recorded import explain_as_recorded
from crawler.presentation.terminal.explanation import styled_lines
from crawler.presentation.terminal.lines import write_lines, write_text
from crawler.run_report.status import ExitStatus

WITHOUT_SITE = "without-site"
"""Name of the comparison with the same page cleaned without site rules and site memory."""


def run(request: InspectRequest, project: Project) -> None:
    """Explain the page and show it; exit with 3 when it cannot be fetched."""
    values = SettingsValues.of(project.settings)
    with exit_on(ExitStatus.LEDGER, LedgerError):
        page = find_page(request.name, request.url, project)
        context = with_memory(values.clean_context, page, project.settings)
    explanation = explain(page, context, with_features=not request.is_text)
    if request.is_text:
        write_lines(styled_lines(explanation))
    elif request.is_json:
        write_text(json.dumps(msgspec.to_builtins(explanation)) + "\n")
    else:
        other = _compare(request.other, explanation, page, context) if request.other is not None else None
        picture = picture_of(page, context, explanation, project.settings) if request.has_picture else None
        with exit_on(ExitStatus.OUTPUT, OutputError):
            show_page(request.page, inspect_page(explanation, other, picture), is_opened=request.is_opened)


def _compare(name: str, explanation: Explanation, page: Page, context: CleanContext) -> Comparison:
    """The same page cleaned in another way.

    Raises:
        InvalidUsage: when the name is no comparison, or the file has no record of the page.
    """
    if name in tuple(Focus):
        other = replace(context, options=replace(context.options, focus=Focus(name)))
        return Comparison(name=f"focus {name}", explanation=explain(page, other))
    if name == WITHOUT_SITE:
        other = replace(context, site=SiteKnowledge())
        return Comparison(name="nothing known of the site", explanation=explain(page, other))
    if not is_file(name):
        ways = ", ".join((*Focus, WITHOUT_SITE))
        raise InvalidUsage(f"--diff {name}: expected {ways}, or a file of records")
    if explanation.article is None:
        raise InvalidUsage(f"--diff {name}: the page is no article now, so there is no record to look for")
    with usage_errors(RecordError, prefix="--diff "):
        earlier = last_record(Path(name), explanation.article.id)
    if earlier is None:
        raise InvalidUsage(f"--diff {name}: it has no record with the id {explanation.article.id}")
    recorded = explain_as_recorded(explanation, earlier)
    return Comparison(name=f"{Path(name).name}, {earlier.cleaner}", explanation=recorded)
