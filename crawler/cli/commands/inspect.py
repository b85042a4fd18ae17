"""``scrapy inspect``: shows one page with the label of every block, as an HTML page or on the terminal."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import PageCommand, from_options
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectRequest:
    """A page to show."""

    name: str
    """A URL, a file, a WARC record, or the id of a record."""
    url: str | None
    """The page's URL, where it is on disk and does not name its own."""
    page: str
    """The HTML page to write."""
    is_opened: bool
    is_text: bool
    is_json: bool
    other: str | None
    """What the page is compared with."""


class Command(PageCommand):
    """Show what is made of a page and why: a URL, a file, a WARC record, or the id of a record."""

    usage = "URL | FILE | ARCHIVE#RECORD | ID [-o page.html]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options for output and comparison."""
        super().add_options(parser)
        self.add_page_options(parser, "inspect.html")
        parser.add_argument(
            "--text", action="store_true", dest="is_text", help="print the blocks on the terminal instead"
        )
        parser.add_argument("--json", action="store_true", dest="is_json", help="print everything as JSON instead")
        parser.add_argument(
            "--diff",
            metavar="OTHER",
            dest="other",
            help="compare with another way: precision, balanced, recall (COPYDESK_FOCUS), without-site, or an "
            "articles.jsonl that has the page's record of an earlier version",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept one page, and one way to show it."""
        if len(args) != 1:
            raise InvalidUsage("expected one URL, file, WARC record or record id")
        if opts.is_text + opts.is_json + bool(opts.other) > 1:
            raise InvalidUsage("give one of --text, --json and --diff")
        request = from_options(InspectRequest, opts, name=args[0])
        self.handle("crawler.cli.handlers.inspect", request)
