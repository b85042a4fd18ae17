"""``scrapy report``: a run as an HTML page, or as lines of text."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import OfflineCommand, from_options, option
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """A run to show."""

    run: str | None
    """Its number; None for the last that has ended."""
    page: str = option(
        "-o", "--output", metavar="FILE", default="report.html", help="the page that is written (report.html)"
    )
    is_opened: bool = option("--no-open", action="store_false", help="do not open it in a browser")
    is_text: bool = option("--text", action="store_true", help="print which sites need a look, and the sums, instead")
    is_json: bool = option("--json", action="store_true", help="print the run as JSON instead")


class Command(OfflineCommand):
    """Make an HTML page of a run: what needs a look, then each site over its runs."""

    usage = "[RUN] [-o report.html]"
    requests = (ReportRequest,)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept at most the number of one run; the templates are loaded only for a page."""
        if len(args) > 1 or (args and not args[0].isdecimal()) or (opts.is_text and opts.is_json):
            raise InvalidUsage("expected at most the number of one run, and one of --text and --json")
        request = from_options(ReportRequest, opts, run=args[0] if args else None)
        is_page = not (opts.is_text or opts.is_json)
        self.handle("crawler.cli.handlers.report.page" if is_page else "crawler.cli.handlers.report.lines", request)
