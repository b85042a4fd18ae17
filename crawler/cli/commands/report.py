"""``scrapy report``: a run as an HTML page, or as lines of text."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import OfflineCommand, from_options
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """A run to show."""

    run: str | None
    """Its number; None for the last that has ended."""
    page: str
    """The HTML page to write."""
    is_opened: bool
    is_json: bool


class Command(OfflineCommand):
    """Make an HTML page of a run: the funnel of each site, reasons, fields, lengths, speed."""

    usage = "[RUN] [-o report.html]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options for output."""
        super().add_options(parser)
        self.add_page_options(parser, "report.html")
        parser.add_argument("--text", action="store_true", help="print which sites need a look, and the sums, instead")
        parser.add_argument("--json", action="store_true", dest="is_json", help="print the run as JSON instead")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept at most the number of one run; the templates are loaded only for a page."""
        if len(args) > 1 or (args and not args[0].isdecimal()) or (opts.text and opts.is_json):
            raise InvalidUsage("expected at most the number of one run, and one of --text and --json")
        request = from_options(ReportRequest, opts, run=args[0] if args else None)
        is_page = not (opts.text or opts.is_json)
        self.handle("crawler.cli.handlers.report_page" if is_page else "crawler.cli.handlers.report", request)
