"""``scrapy bench``: Scrapy's own benchmark of this machine, whose server on loopback the project would refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands.bench import Command as ScrapyBench

from crawler.config.command import CopydeskCommand

if TYPE_CHECKING:
    import argparse


class Command(CopydeskCommand, ScrapyBench):
    """Measure how many pages a minute Scrapy fetches on this machine."""

    SETTINGS: ClassVar[dict[str, Any]] = {
        **ScrapyBench.default_settings,
        "COPYDESK_ALLOW_HOSTS": ["localhost:8998"],
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "DOWNLOAD_DELAY": 0,
        "EXTENSIONS": {"scrapy.extensions.logstats.LogStats": 0},
        "ROBOTSTXT_OBEY": False,
        "HTTPPROXY_ENABLED": False,
    }
    """Its server may be requested, without delay, and the pace is logged, as without this project."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Fetch for ten seconds, and log the pace once a second."""
        self.project_settings.setdict(self.SETTINGS, priority="spider")  # below those of -s
        super().run(args, opts)
