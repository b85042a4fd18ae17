"""Copydesk's crawler: the Scrapy project that passes pages to :mod:`cleaners` and writes its records to disk."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder

__version__ = "0.2.0"

MOVED = {
    "crawler.archive.archive": "crawler.archive.recorder",
    "crawler.bulk": "crawler.archive.reprocess",
    "crawler.commands": "crawler.cli.commands",
    "crawler.crawl": "crawler.output.publishing",
    "crawler.demo": "crawler.fetching.demo",
    "crawler.discovery": "crawler.frontier",
    "crawler.embedding": "crawler.addon",
    "crawler.evaluation": "crawler.quality",
    "crawler.fetching.demo.route": "crawler.fetching.demo.site",
    "crawler.fetching.network.basic_auth": "crawler.fetching.network.sessions",
    "crawler.formats": "crawler.output.formats",
    "crawler.inputs": "crawler.archive.inputs",
    "crawler.listening": "crawler.spiders.listen",
    "crawler.listings": "crawler.frontier.listings",
    "crawler.network": "crawler.fetching.network",
    "crawler.output.exporters": "crawler.output.formats.exporters",
    "crawler.output.parquet_exporter": "crawler.output.formats.parquet_exporter",
    "crawler.output.storages": "crawler.output.feeds.storages",
    "crawler.poet": "crawler.addon.poet",
    "crawler.politeness": "crawler.fetching.politeness",
    "crawler.rendering": "crawler.fetching.browser",
    "crawler.reporting": "crawler.run_report",
    "crawler.scheduling": "crawler.frontier",
    "crawler.single_page": "crawler.cli",
    "crawler.teaching": "crawler.presentation.labelling",
    "crawler.views": "crawler.presentation.html",
    "crawler.warc": "crawler.files.warc",
    "crawler.workers": "crawler.cleaning",
}
"""Packages and modules that users' settings and programs may name, and where they are now."""


class MovedPackages(MetaPathFinder):
    """Says where a package that is not found has moved."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """Find nothing.

        Raises:
            ModuleNotFoundError: for a package that has moved, naming the new one.
        """
        if new := MOVED.get(fullname):
            raise ModuleNotFoundError(f"No module named {fullname!r}: it is now {new!r}", name=fullname)


sys.meta_path.append(MovedPackages())  # asked after all others
