"""Surveys a site, or explains what the last run of a source gave."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path

from cleaners.urls.origin import origin
from crawler.cli.base import Project
from crawler.cli.commands.sources import SourcesRequest
from crawler.cli.errors import CommandError, InvalidUsage, exit_on, usage_errors
from crawler.config.plan import CrawlPlan
from crawler.config.sources import SourceError, load_file, parse_source
from crawler.fetching.network.signatures import DIRECTORY_TYPE, key_directories
from crawler.ledger.read import read_runs
from crawler.ledger.types import LedgerError
from crawler.log_sanitizer import escape_controls
from crawler.presentation.terminal.lines import StyledLine, write_lines, write_text
from crawler.presentation.terminal.runs_table import as_json, source_diagnosis
from crawler.run_report.report_types import ReportedRun
from crawler.run_report.status import ExitStatus
from crawler.spiders import survey
from crawler.types import Source

MAX_HISTORY_RUNS = 1_000
"""Most runs that are searched for a source's last article: six weeks of hourly runs."""


def run(request: SourcesRequest, project: Project) -> None:
    """Survey the site, explain the source's last run, or print the key directories of a sources file."""
    if request.has_keys:
        _print_keys(Path(request.source))
        return
    with usage_errors(SourceError):
        source = parse_source(request.source)
    if request.is_explained:
        _explain(source.url, request, project)
    else:
        _survey(source, request, project)


def _survey(source: Source, request: SourcesRequest, project: Project) -> None:
    """Survey the site and print what was found; exit with 3 when its front page cannot be read."""
    project.settings.set("COPYDESK_LEDGER", "", priority="cmdline")
    project.settings.set("AUTOTHROTTLE_START_DELAY", 0.25, priority="cmdline")
    site_survey = survey.Survey(url=source.url)
    credentials = {origin(source.url): source.credentials} if source.credentials else {}
    plan = CrawlPlan(sources=(replace(source, credentials=None),), credentials=credentials)
    project.process.crawl(survey.SurveySpider, plan, [site_survey])
    project.process.start()
    if site_survey.failed:
        raise CommandError(ExitStatus.UNREACHABLE, f"{source.url}: {escape_controls(site_survey.failed)}")
    if request.is_json:
        write_text(f"{json.dumps(asdict(site_survey))}\n")
    else:
        write_lines(StyledLine(line) for line in survey.lines(site_survey))
    if request.toml == "-":
        sys.stdout.write(survey.to_toml(site_survey))
    elif request.toml:
        with Path(request.toml).open("a", encoding="utf-8") as file:
            file.write(("\n" if file.tell() else "") + survey.to_toml(site_survey))


def _print_keys(path: Path) -> None:
    """Print the key directories to host, a line each: its URL and its content."""
    with usage_errors(SourceError):
        signatures = [s.session.signature for s in load_file(path) if s.session and s.session.signature]
    if not signatures:
        raise InvalidUsage(f"{path}: none of its sources has a signature")
    for url, directory in key_directories(signatures).items():
        write_text(f"{json.dumps({'url': url, 'media_type': DIRECTORY_TYPE, 'content': directory})}\n")


def _explain(source: str, request: SourcesRequest, project: Project) -> None:
    """Print the last account of a source, from the ledger."""
    with exit_on(ExitStatus.LEDGER, LedgerError):
        runs = read_runs(project.settings, MAX_HISTORY_RUNS)
    if request.is_json:
        source_runs = (run for run in runs if source in run.report.get("sites", {}))
        write_text(as_json(islice(source_runs, 1), source))
    else:
        write_lines(source_diagnosis(map(ReportedRun.of, runs), source))
