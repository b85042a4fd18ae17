"""``scrapy runs``: the last runs and their results, from the ledger."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import OfflineCommand, from_options
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsRequest:
    """Runs to list."""

    run: str | None
    """Number of a single run."""
    limit: int
    source: str | None
    """URL of the source whose accounts are listed."""
    is_json: bool


class Command(OfflineCommand):
    """List the last runs: when, how they ended, what they gave."""

    usage = "[RUN] [--limit N] [--source S]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--limit``, ``--source`` and ``--json``."""
        super().add_options(parser)
        parser.add_argument("--limit", type=int, default=20, metavar="N", help="runs to list (default 20)")
        parser.add_argument("--source", metavar="S", help="list the accounts of one source, by its URL")
        parser.add_argument(
            "--json", action="store_true", dest="is_json", help="print each run as a line of JSON instead"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept at most the number of one run."""
        if len(args) > 1 or (args and not args[0].isdecimal()) or opts.limit < 1 or (args and opts.source):
            raise InvalidUsage("expected at most the number of one run, without --source, and a --limit of 1 or more")
        request = from_options(RunsRequest, opts, run=args[0] if args else None)
        self.handle("crawler.cli.handlers.runs", request)
