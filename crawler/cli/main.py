"""The command ``copydesk`` of an installed package: Scrapy's command line with Copydesk as its project."""

from __future__ import annotations

import os

from scrapy.cmdline import execute


def main() -> None:
    """Run ``copydesk crawl news …`` in any folder, as ``scrapy crawl news …`` runs in a checkout."""
    os.environ["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
    execute()
