"""``scrapy sources URL``: what a site announces, without crawling it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

if TYPE_CHECKING:
    import argparse


class Command(ScrapyCommand):
    """Show the feeds, sitemaps and sections of a site, and write its entry for a sources file."""

    requires_project = True

    def syntax(self) -> str:
        """What follows the command's name."""
        return "URL [--toml FILE]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Show a site's feeds, sitemaps and sections without crawling it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--toml``."""
        super().add_options(parser)
        parser.add_argument("--toml", metavar="FILE", help="append the site to a sources file (- for standard output)")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Keep the log to what went wrong, unless asked for more."""
        super().process_options(args, opts)
        assert self.settings is not None  # noqa: S101  set by Scrapy
        self.settings.set("LOG_LEVEL", opts.loglevel or "WARNING", priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ask the site and print what was found; exit with 3 when its front page cannot be read."""
        from pathlib import Path  # noqa: PLC0415  Scrapy imports every command at every call

        from crawler.config import sources  # noqa: PLC0415
        from crawler.crawl import survey  # noqa: PLC0415
        from crawler.log_sanitizer.escape import escape_controls  # noqa: PLC0415
        from crawler.reporting.outcome import UNREACHABLE  # noqa: PLC0415

        if len(args) != 1:
            raise UsageError("expected one address or domain", print_help=False)
        try:
            source = sources.source(args[0])
        except sources.SourceError as error:
            raise UsageError(str(error), print_help=False) from error
        assert self.crawler_process is not None  # noqa: S101  set by Scrapy
        assert self.settings is not None  # noqa: S101  set by Scrapy
        self.settings.set("LEDGER_PATH", "", priority="cmdline")
        self.settings.set("AUTOTHROTTLE_START_DELAY", 0.25, priority="cmdline")
        found = survey.Survey(url=source.url)
        self.crawler_process.crawl(survey.SurveySpider, source=source, found=found)
        self.crawler_process.start()
        if found.failed:
            sys.stderr.write(f"copydesk: {source.url}: {escape_controls(found.failed)}\n")
            self.exitcode = UNREACHABLE
            return
        sys.stdout.writelines(f"{line}\n" for line in survey.lines(found))
        if opts.toml == "-":
            sys.stdout.write(survey.toml(found))
        elif opts.toml:
            with Path(opts.toml).open("a", encoding="utf-8") as file:
                file.write(("\n" if file.tell() else "") + survey.toml(found))
