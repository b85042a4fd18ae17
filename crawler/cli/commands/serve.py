"""``scrapy serve``: a server that cleans pages."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import CopydeskCommand, from_options, option
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeRequest:
    """A server to run."""

    port: int = option("--port", metavar="N", type=int, default=8087, help="port to listen at (8087)")
    bind: str = option("--bind", metavar="ADDRESS", default="127.0.0.1", help="address to listen at (127.0.0.1)")
    token: str | None = option(
        "--token",
        metavar="env:NAME",
        help="what callers must send as Authorization: Bearer TOKEN (env:NAME or file:PATH); needed beyond 127.0.0.1",
    )
    sites: str | None = option("--sites", metavar="FILE", help="a sources file: the sessions of its sites are used")


class Command(CopydeskCommand):
    """Serve POST /clean: a URL, or HTML and its URL, becomes a record, with the limits of a crawl."""

    usage = "[--port N] [--bind ADDRESS --token env:NAME]"
    requests = (ServeRequest,)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept options alone."""
        if args:
            raise InvalidUsage("expected no argument")
        self.handle("crawler.cli.handlers.serve", from_options(ServeRequest, opts))
