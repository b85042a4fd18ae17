"""Checks a sources file: what each source announces and allows, and what a crawl would cost."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from crawler.cli.base import Project
from crawler.cli.commands.sources import CheckRequest
from crawler.cli.errors import CommandError, InvalidUsage, usage_errors
from crawler.config.arguments import Arguments
from crawler.config.sources import SourceError
from crawler.presentation.terminal.lines import StyledLine, write_lines, write_text
from crawler.run_report.status import ExitStatus
from crawler.spiders import check
from crawler.spiders.survey import Survey, SurveySpider


def run(request: CheckRequest, project: Project) -> None:
    """Check the sources and print what was found of each; exit with 3 when one of them cannot be read."""
    path = Path(request.path)
    with usage_errors(SourceError):
        plan = Arguments.of({"sites": request.path}).plan
        text = path.read_text("utf-8")
    if request.toml and check.annotate(text, [Survey(url=source.url) for source in plan.sources]) is None:
        raise InvalidUsage(f"{path}: its sources cannot be told apart: begin each with a line [[site]]")
    project.settings.set("COPYDESK_LEDGER", "", priority="cmdline")
    surveys = [Survey(url=source.url) for source in plan.sources]
    project.process.crawl(SurveySpider, plan, surveys, check.STORIES)
    project.process.start()
    if request.is_json:
        write_text("".join(f"{json.dumps(check.as_record(survey))}\n" for survey in surveys))
    elif request.toml != "-":
        write_lines(line for survey in surveys for line in _lines(survey))
    if request.toml:
        _write(request.toml, check.annotate(text, surveys) or text)
    if failed := [survey.url for survey in surveys if survey.failed]:
        raise CommandError(ExitStatus.UNREACHABLE, f"{len(failed)} of {len(surveys)} sources: {', '.join(failed[:3])}")


def _lines(survey: Survey) -> list[StyledLine]:
    style = "red" if survey.failed else ""
    return [StyledLine(survey.url, "bold"), *(StyledLine(f"  {line}", style) for line in check.findings(survey))]


def _write(target: str, text: str) -> None:
    if target == "-":
        sys.stdout.write(text)
    else:
        Path(target).write_text(text, "utf-8")
