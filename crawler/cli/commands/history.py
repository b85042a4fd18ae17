"""``scrapy history``: the versions of an article, and its copies."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import OfflineCommand, from_options, option
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRequest:
    """An article."""

    article: str
    inputs: tuple[str, ...] = option(
        "--in",
        metavar="FILE",
        action="append",
        default=[],
        help="look in this file of JSON Lines, not in the outputs that the ledger knows; may be repeated",
    )
    is_json: bool = option("--json", action="store_true", help="print JSON, a line a version, then one of the group")


class Command(OfflineCommand):
    """Show the versions of an article: what changed, when, whether the page says so; and its copies elsewhere."""

    usage = "ID"
    requests = (HistoryRequest,)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept one id, or the URL of an article."""
        if len(args) != 1:
            raise InvalidUsage("name one article by its id or its URL")
        self.handle("crawler.cli.handlers.history", from_options(HistoryRequest, opts, article=args[0]))
