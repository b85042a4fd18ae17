"""``scrapy dashboard``: runs, sites and articles as pages in the browser."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import FetchingCommand, from_options, option
from crawler.cli.errors import InvalidUsage

MAX_PORT = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardRequest:
    """A dashboard to serve."""

    outputs: tuple[str, ...]
    """Files of records that are searched, besides those that the ledger knows."""
    port: int = option("--port", metavar="N", type=int, default=0, help="port to listen at (any that is free)")
    is_opened: bool = option("--no-open", action="store_false", help="do not open it in a browser")


class Command(FetchingCommand):
    """Serve runs, sites, a search in the articles, inspect and teach in the browser, on this machine alone."""

    usage = "[articles.jsonl …] [--port N] [--no-open]"
    requests = (DashboardRequest,)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept files of records."""
        if not 0 <= opts.port <= MAX_PORT:
            raise InvalidUsage(f"--port {opts.port}: expected a number from 0 to {MAX_PORT}")
        self.handle("crawler.cli.handlers.dashboard", from_options(DashboardRequest, opts, outputs=args))
