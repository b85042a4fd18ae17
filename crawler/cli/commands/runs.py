"""``scrapy runs``: the last runs and their results, from the ledger."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import OfflineCommand, from_options, option
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsRequest:
    """Runs to list."""

    run: str | None
    """Number of a single run."""
    limit: int = option("--limit", type=int, default=20, metavar="N", help="runs to list (default 20)")
    source: str | None = option("--source", metavar="S", help="list the accounts of one source, by its URL")
    is_json: bool = option("--json", action="store_true", help="print each run as a line of JSON instead")


class Command(OfflineCommand):
    """List the last runs: when, how they ended, what they gave."""

    usage = "[RUN] [--limit N] [--source S]"
    requests = (RunsRequest,)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept at most the number of one run."""
        if len(args) > 1 or (args and not args[0].isdecimal()) or opts.limit < 1 or (args and opts.source):
            raise InvalidUsage("expected at most the number of one run, without --source, and a --limit of 1 or more")
        request = from_options(RunsRequest, opts, run=args[0] if args else None)
        self.handle("crawler.cli.handlers.runs", request)
