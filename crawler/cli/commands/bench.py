"""``scrapy bench``: Scrapy's own benchmark. Its server is on loopback, which Copydesk's settings do not allow."""

from __future__ import annotations

import argparse
from typing import Any, ClassVar

from scrapy.commands.bench import Command as ScrapyBench

from crawler.cli.base import CopydeskCommand


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
    """They allow requests to its server without delay, and log the pace, as in plain Scrapy."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Fetch for ten seconds, and log the pace once a second."""
        self.project_settings.setdict(self.SETTINGS, priority="spider")  # below those of -s
        super().run(args, opts)
