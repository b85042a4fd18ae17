"""``scrapy sources URL``: the feeds, sitemaps and sections of a site, without crawling it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import FetchingCommand, from_options
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesRequest:
    """A site to survey, or a source whose last run is explained."""

    source: str
    """Its URL or domain."""
    is_explained: bool
    is_json: bool
    toml: str | None
    """The sources file that the site is appended to, or ``-`` for standard output."""


class Command(FetchingCommand):
    """Show a site's feeds, sitemaps and sections without crawling it."""

    usage = "URL [--toml FILE] [--why]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--why``, ``--json`` and ``--toml``."""
        super().add_options(parser)
        parser.add_argument(
            "--why", action="store_true", dest="is_explained", help="say why the source gave nothing in its last run"
        )
        parser.add_argument("--json", action="store_true", dest="is_json", help="print what was found as JSON instead")
        parser.add_argument("--toml", metavar="FILE", help="append the site to a sources file (- for standard output)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept one source."""
        if len(args) != 1:
            raise InvalidUsage("expected one URL or domain")
        self.handle("crawler.cli.handlers.sources", from_options(SourcesRequest, opts, source=args[0]))
