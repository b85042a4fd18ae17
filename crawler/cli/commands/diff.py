"""``scrapy diff``: what changed between two outputs."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import OfflineCommand, from_options
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffRequest:
    """Two outputs to compare."""

    old: str
    new: str
    page: str | None
    """The HTML page to write."""
    is_opened: bool
    is_json: bool
    has_exit_code: bool
    """True for an exit status that says whether anything changed."""


class Command(OfflineCommand):
    """Show what changed between two outputs: by site, field and kind of change, with examples."""

    usage = "OLD NEW [-o diff.html]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options for output."""
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", dest="page", help="also write an HTML page")
        parser.add_argument("--no-open", action="store_false", dest="is_opened", help="do not open it in a browser")
        parser.add_argument("--json", action="store_true", dest="is_json", help="print the numbers as JSON")
        parser.add_argument(
            "--exit-code", action="store_true", dest="has_exit_code", help="exit with 5 where anything changed"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept two outputs."""
        if len(args) != 2:
            raise InvalidUsage("expected two outputs: files of JSON Lines, or folders of them")
        request = from_options(DiffRequest, opts, old=args[0], new=args[1])
        self.handle("crawler.cli.handlers.diff", request)
