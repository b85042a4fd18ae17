"""``scrapy inspect``: shows one page with the label of every block, as an HTML page or on the terminal."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import FetchingCommand, from_options, option
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectRequest:
    """A page to show."""

    name: str
    """A URL, a file, a WARC record, or the id of a record."""
    url: str | None = option("--url", metavar="URL", help="URL of a page on disk that does not name its own")
    page: str = option(
        "-o", "--output", metavar="FILE", default="inspect.html", help="the page that is written (inspect.html)"
    )
    is_opened: bool = option("--no-open", action="store_false", help="do not open it in a browser")
    has_picture: bool = option("--no-picture", action="store_false", help="do not draw the page with Chromium")
    is_text: bool = option("--text", action="store_true", help="print the blocks on the terminal instead")
    is_json: bool = option("--json", action="store_true", help="print everything as JSON instead")
    other: str | None = option(
        "--diff",
        metavar="OTHER",
        help="compare with another way: precision, balanced, recall (COPYDESK_FOCUS), without-site, or an "
        "articles.jsonl that has the page's record of an earlier version",
    )


class Command(FetchingCommand):
    """Show what is made of a page and why: a URL, a file, a WARC record, or the id of a record."""

    usage = "URL | FILE | ARCHIVE#RECORD | ID [-o page.html]"
    requests = (InspectRequest,)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept one page, and one way to show it."""
        if len(args) != 1:
            raise InvalidUsage("expected one URL, file, WARC record or record id")
        if opts.is_text + opts.is_json + bool(opts.other) > 1:
            raise InvalidUsage("give one of --text, --json and --diff")
        request = from_options(InspectRequest, opts, name=args[0])
        self.handle("crawler.cli.handlers.inspect", request)
