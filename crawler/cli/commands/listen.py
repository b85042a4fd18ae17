"""``scrapy listen``: subscribes to feeds at their hubs, and crawls what is pushed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapy.commands import BaseRunSpiderCommand

from crawler.cli.base import CopydeskCommand, from_options, option
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenRequest:
    """A server to run."""

    arguments: Mapping[str, str | None]
    """The spider's arguments, which name the sources."""
    callback: str = option("--callback", metavar="URL", help="the URL at which hubs reach this server")
    port: int = option("--port", metavar="N", type=int, default=8080, help="port to listen at (8080)")
    bind: str = option(
        "--bind", metavar="ADDRESS", default="127.0.0.1", help="address to listen at (127.0.0.1: behind a proxy)"
    )
    command: tuple[str, ...]
    """Arguments of Python for a crawl with the same outputs, settings and arguments."""


class Command(CopydeskCommand, BaseRunSpiderCommand):
    """Subscribe to feeds at their hubs (WebSub), and crawl what is pushed within a minute."""

    usage = "-a sites=FILE --callback URL -o articles.jsonl [--port N]"
    requests = (ListenRequest,)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept sources, an output and a callback."""
        if args or opts.overwrite_output or not opts.output:
            raise InvalidUsage("expected -a sites=FILE (or -a site=URL) and -o FILE, which is appended to")
        if urlsplit(opts.callback or "").scheme not in ("http", "https"):
            raise InvalidUsage("--callback: expected the URL at which hubs reach this server")
        request = from_options(ListenRequest, opts, arguments=opts.spargs, command=_crawl_command(opts))
        self.handle("crawler.cli.handlers.listen", request)


def _crawl_command(opts: argparse.Namespace) -> tuple[str, ...]:
    """The command of a crawl with the same outputs, settings and arguments."""
    arguments = [f"{name}={value}" for name, value in opts.spargs.items()]
    options = (("-o", opts.output), ("-s", opts.set), ("-a", arguments))
    flat_options = [part for name, values in options for value in values for part in (name, value)]
    return ("-m", "scrapy", "crawl", "news", *flat_options)
