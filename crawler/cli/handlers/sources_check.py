"""Checks a sources file: what each source announces and allows, and what a crawl would cost."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path

from crawler.cli.base import Project
from crawler.cli.commands.sources import CheckRequest
from crawler.cli.errors import CommandError, InvalidUsage, exit_on, usage_errors
from crawler.config.arguments import Arguments
from crawler.config.plan import CrawlPlan
from crawler.config.sources import SourceError
from crawler.files.atomic import replacing
from crawler.presentation.terminal.lines import StyledLine, write_lines, write_text
from crawler.run_report.status import ExitStatus
from crawler.spiders import check
from crawler.spiders.survey import Survey, SurveySpider

STANDARD_OUTPUT = "-"


def run(request: CheckRequest, project: Project) -> None:
    """Check the sources and print what was found of each; exit with 3 when one of them cannot be read."""
    if request.is_json and request.toml == STANDARD_OUTPUT:
        raise InvalidUsage("--json and --toml - both write to standard output")
    path, target = Path(request.path), request.toml
    with usage_errors(SourceError):
        plan = Arguments.of({"sites": request.path}).plan
    if target and check.annotate(_text(path), [Survey(url=source.url) for source in plan.sources]) is None:
        raise InvalidUsage(f"{path}: its sources cannot be told apart: begin each with a line [[site]]")
    is_file = target and target != STANDARD_OUTPUT
    with exit_on(ExitStatus.OUTPUT, OSError), replacing(target) if target and is_file else nullcontext() as file:
        surveys = _survey(plan, project)
        if target:
            annotated = check.annotate(_text(path), surveys)
            if annotated is None:
                raise CommandError(ExitStatus.OUTPUT, f"{path}: its sources changed meanwhile; nothing was written")
            (file or sys.stdout.buffer).write(annotated.encode())
    if request.is_json:
        write_text("".join(f"{json.dumps(check.as_record(survey))}\n" for survey in surveys))
    elif target != STANDARD_OUTPUT:
        write_lines(line for survey in surveys for line in _lines(survey))
    if failed := [survey.url for survey in surveys if survey.failed]:
        raise CommandError(ExitStatus.UNREACHABLE, f"{len(failed)} of {len(surveys)} sources: {', '.join(failed[:3])}")


def _survey(plan: CrawlPlan, project: Project) -> list[Survey]:
    """Survey the sources.

    Raises:
        CommandError: when that was interrupted.
    """
    project.settings.set("COPYDESK_LEDGER", "", priority="cmdline")
    surveys = [Survey(url=source.url) for source in plan.sources]
    crawler = project.process.create_crawler(SurveySpider)
    project.process.crawl(crawler, plan, surveys, check.STORIES)
    project.process.start()
    if (ended := crawler.stats and crawler.stats.get_value("finish_reason")) != "finished":
        raise CommandError(ExitStatus.INTERRUPTED, f"the check ended early ({ended}); nothing was written")
    return surveys


def _text(path: Path) -> str:
    """A file with its line ends as they are."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _lines(survey: Survey) -> list[StyledLine]:
    style = "red" if survey.failed else ""
    return [StyledLine(survey.url, "bold"), *(StyledLine(f"  {line}", style) for line in check.findings(survey))]
