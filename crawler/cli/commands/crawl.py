"""``scrapy crawl``: Scrapy's command with an exit status and with checks before anything is fetched."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from scrapy import Spider
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler

from crawler.cli.base import CopydeskCommand
from crawler.config.argument_help import HELP

HANDLER = "crawler.cli.handlers.crawl"

DATABASE = re.compile(r"postgres(?:ql)?://")

ARGUMENTS = "Arguments of the spider “news”"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlRequest:
    """A spider to run."""

    spider: str | None
    """Its name; None where it is missing, which Scrapy's command answers with its help."""
    arguments: Mapping[str, str | None]
    """The spider's arguments."""
    is_brief: bool
    """True for a log without the list of components: no log level is set."""
    crawl: Callable[[], Crawler | None]
    """Runs Scrapy's own command, and returns its crawler."""


def with_format(outputs: list[str] | None) -> list[str] | None:
    """Outputs with the format that Scrapy asks for, and that the address of a database does not end with."""
    if outputs is None:
        return None
    return [f"{each}:jsonl" if DATABASE.match(each) and not each.endswith(":jsonl") else each for each in outputs]


class Command(CopydeskCommand, ScrapyCrawl):
    """Crawl news sites and write their articles (spider: news)."""

    usage = "[options] <spider>"
    crawler: Crawler | None = None

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Show the arguments of the spider news among the options."""
        super().add_options(parser)
        group = parser.add_argument_group(ARGUMENTS)
        for name, words in HELP.items():
            group.add_argument(f"-a {name}=…", action="store_true", dest="", help=words)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prepare the workers before Scrapy installs its reactor."""
        opts.output, opts.overwrite_output = map(with_format, (opts.output, opts.overwrite_output))
        super().process_options(args, opts)
        import_module(HANDLER).prepare(self.project_settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl as Scrapy does, between the handler's checks and its exit status."""
        request = CrawlRequest(
            spider=args[0] if args else None,
            arguments=opts.spargs,
            is_brief=not opts.loglevel,
            crawl=partial(self._crawl, args, opts),
        )
        self.handle(HANDLER, request)

    def _crawl(self, args: list[str], opts: argparse.Namespace) -> Crawler | None:
        ScrapyCrawl.run(self, args, opts)
        return self.crawler

    def _create_crawler(self, spidercls: type[Spider] | str) -> Any:
        self.crawler = super()._create_crawler(spidercls)
        return self.crawler
