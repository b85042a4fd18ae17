"""``scrapy diff``: what changed between two outputs."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import OfflineCommand, from_options, option
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffRequest:
    """Two outputs to compare."""

    old: str
    new: str
    page: str | None = option("-o", "--output", metavar="FILE", help="also write an HTML page")
    is_opened: bool = option("--no-open", action="store_false", help="do not open it in a browser")
    is_json: bool = option("--json", action="store_true", help="print the numbers as JSON")
    has_exit_code: bool = option("--exit-code", action="store_true", help="exit with 5 where anything changed")


class Command(OfflineCommand):
    """Show what changed between two outputs: by site, field and kind of change, with examples."""

    usage = "OLD NEW [-o diff.html]"
    requests = (DiffRequest,)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept two outputs."""
        if len(args) != 2:
            raise InvalidUsage("expected two outputs: files of JSON Lines, or folders of them")
        request = from_options(DiffRequest, opts, old=args[0], new=args[1])
        self.handle("crawler.cli.handlers.diff", request)
