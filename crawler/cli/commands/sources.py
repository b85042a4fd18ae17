"""``scrapy sources URL``: the feeds, sitemaps and sections of a site, without crawling it; ``check``: of many sites."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import FetchingCommand, from_options, option
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesRequest:
    """A site to survey, or a source whose last run is explained."""

    source: str
    """Its URL or domain."""
    is_explained: bool = option("--why", action="store_true", help="say why the source gave nothing in its last run")
    is_json: bool = option("--json", action="store_true", help="print what was found as JSON instead")
    has_keys: bool = option(
        "--keys",
        action="store_true",
        help="SOURCE is a sources file: print the key directories to host for its signatures, as JSON",
    )
    toml: str | None = option(
        "--toml",
        metavar="FILE",
        help="append the site to a sources file; with check, write the file with comments (- for standard output)",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """A sources file to check; its options are those of a survey."""

    path: str
    is_json: bool
    toml: str | None


class Command(FetchingCommand):
    """Show a site's feeds, sitemaps and sections without crawling it."""

    usage = "URL [--toml FILE] [--why] | check FILE [--toml FILE]"
    requests = (SourcesRequest,)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept one source, or a file of them."""
        if len(args) == 2 and args[0] == "check":
            if opts.is_explained or opts.has_keys:
                raise InvalidUsage("check takes --toml and --json only")
            self.handle("crawler.cli.handlers.sources_check", from_options(CheckRequest, opts, path=args[1]))
            return
        if len(args) != 1:
            raise InvalidUsage("expected one URL or domain, or: check FILE")
        self.handle("crawler.cli.handlers.sources", from_options(SourcesRequest, opts, source=args[0]))
