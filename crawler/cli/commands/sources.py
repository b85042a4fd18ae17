"""``scrapy sources URL``: the feeds, sitemaps and sections of a site, without crawling it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.cli.base import CopydeskCommand

if TYPE_CHECKING:
    import argparse


HISTORY = 1_000
"""Most runs that are searched for a source's last article: six weeks of hourly runs."""


class Command(CopydeskCommand):
    """Show a site's feeds, sitemaps and sections without crawling it."""

    def syntax(self) -> str:
        """What follows the command's name."""
        return "URL [--toml FILE] [--why]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--toml``."""
        super().add_options(parser)
        parser.add_argument("--why", action="store_true", help="say why the source gave nothing in its last run")
        parser.add_argument("--json", action="store_true", help="print what was found as JSON instead")
        parser.add_argument("--toml", metavar="FILE", help="append the site to a sources file (- for standard output)")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Log only warnings and errors, unless a log level is set."""
        super().process_options(args, opts)
        self.project_settings.set("LOG_LEVEL", opts.loglevel or "WARNING", priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Survey the site and print what was found; exit with 3 when its front page cannot be read."""
        import json  # noqa: PLC0415  see CopydeskCommand
        from dataclasses import asdict  # noqa: PLC0415
        from pathlib import Path  # noqa: PLC0415

        from crawler.config import sources  # noqa: PLC0415
        from crawler.log_sanitizer import escape_controls  # noqa: PLC0415
        from crawler.presentation.terminal.lines import StyledLine, write_lines, write_text  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415
        from crawler.spiders import survey  # noqa: PLC0415

        if len(args) != 1:
            raise UsageError("expected one URL or domain", print_help=False)
        try:
            source = sources.parse_source(args[0])
        except sources.SourceError as error:
            raise UsageError(str(error), print_help=False) from error
        if opts.why:
            self._say_why(source.url, is_json=opts.json)
            return
        settings, process = self.project_settings, self.crawler_process
        if process is None:
            raise RuntimeError("no crawler process: run the command with scrapy")
        settings.set("COPYDESK_LEDGER", "", priority="cmdline")
        settings.set("AUTOTHROTTLE_START_DELAY", 0.25, priority="cmdline")
        site_survey = survey.Survey(url=source.url)
        process.crawl(survey.SurveySpider, source=source, survey=site_survey)
        process.start()
        if site_survey.failure:
            self.fail(ExitStatus.UNREACHABLE, f"{source.url}: {escape_controls(site_survey.failure)}")
            return
        if opts.json:
            write_text(f"{json.dumps(asdict(site_survey))}\n")
        else:
            write_lines(StyledLine(line) for line in survey.lines(site_survey))
        if opts.toml == "-":
            sys.stdout.write(survey.to_toml(site_survey))
        elif opts.toml:
            with Path(opts.toml).open("a", encoding="utf-8") as file:
                file.write(("\n" if file.tell() else "") + survey.to_toml(site_survey))

    def _say_why(self, source: str, *, is_json: bool) -> None:
        """Print the last account of a source, from the ledger."""
        from itertools import islice  # noqa: PLC0415

        from crawler.ledger.read import read_runs  # noqa: PLC0415
        from crawler.ledger.types import LedgerError  # noqa: PLC0415
        from crawler.presentation.terminal.lines import write_lines, write_text  # noqa: PLC0415
        from crawler.presentation.terminal.runs_table import as_json, source_diagnosis  # noqa: PLC0415
        from crawler.run_report.report_types import ReportedRun  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415

        try:
            runs = read_runs(self.project_settings, HISTORY)
        except LedgerError as error:
            self.fail(ExitStatus.LEDGER, error)
            return
        if is_json:
            source_runs = (run for run in runs if source in run.report.get("sites", {}))
            write_text(as_json(islice(source_runs, 1), source))
        else:
            write_lines(source_diagnosis(map(ReportedRun.of, runs), source))
