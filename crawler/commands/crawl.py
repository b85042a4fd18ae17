"""``scrapy crawl``: Scrapy's own, with arguments checked before anything is fetched and an exit status that tells how it went."""

from __future__ import annotations

import gc
import logging
import sys
from typing import TYPE_CHECKING, Any

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

if TYPE_CHECKING:
    import argparse

    from filelock import FileLock
    from scrapy import Spider
    from scrapy.crawler import Crawler


CHATTY = ("scrapy.utils.log", "scrapy.addons", "scrapy.middleware", "scrapy.crawler", "scrapy.extensions.telnet")
"""Loggers that list the machinery at INFO; ``-L INFO`` or ``-L DEBUG`` shows them."""


TOLD_TWICE = "scrapy.core.downloader.handlers.http11"
"""Warns of answers that are too large or cut, each of which is a rejection with its reason, and counted by host."""


def _quieten() -> None:
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(TOLD_TWICE).setLevel(logging.ERROR)


class Command(ScrapyCrawl):
    """Run a spider and exit with a status that says how it went: see :mod:`crawler.reporting.outcome`."""

    crawler: Crawler | None = None
    lock: FileLock | None = None

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Crawl news sites and write their articles (spider: news)"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check, crawl, and set the exit status."""
        from cleaners.workers import forkserver  # noqa: PLC0415  Scrapy imports every command at every call
        from crawler.config import settings_values  # noqa: PLC0415
        from crawler.ledger.lock import LedgerBusyError  # noqa: PLC0415
        from crawler.ledger.types import LedgerError  # noqa: PLC0415
        from crawler.output import storages  # noqa: PLC0415
        from crawler.output.line_files import OutputError  # noqa: PLC0415
        from crawler.reporting.outcome import LEDGER, LOCKED, OUTPUT, RunOutcome  # noqa: PLC0415

        if args[:1] == ["news"]:
            self._check(opts)
        if not opts.loglevel:
            _quieten()
        assert self.settings is not None  # noqa: S101  set by Scrapy
        settings_values.check(self.settings)
        if self.settings.getint("CLEAN_WORKERS") > 0:
            forkserver.start_forkserver()
        gc.set_threshold(*forkserver.GC_THRESHOLD)
        try:
            storages.check(storages.route(self.settings.getdict("FEEDS"), opts.spargs.get("rejections")))
        except OutputError as error:
            sys.stderr.write(f"copydesk: {error}\n")
            self.exitcode = OUTPUT
            return
        try:
            self._lock()
        except (LedgerBusyError, LedgerError, OSError) as error:
            sys.stderr.write(f"copydesk: {error}\n")
            self.exitcode = LOCKED if isinstance(error, LedgerBusyError) else LEDGER
            return
        super().run(args, opts)
        outcome = RunOutcome.of(self.crawler) if self.crawler else None
        if outcome is not None and outcome.exit_status:
            self.exitcode = outcome.exit_status

    def _check(self, opts: argparse.Namespace) -> None:
        from crawler.config.sources import SourceError  # noqa: PLC0415
        from crawler.spiders.news import NewsSpider  # noqa: PLC0415

        try:
            NewsSpider(**opts.spargs)
        except SourceError as error:
            raise UsageError(str(error), print_help=False) from error

    def _lock(self) -> None:
        """Hold the ledger for this process, and see that it can be used."""
        from crawler.ledger.file import open_ledger  # noqa: PLC0415
        from crawler.ledger.lock import lock  # noqa: PLC0415
        from crawler.output.delivery import ledger_path  # noqa: PLC0415

        assert self.settings is not None  # noqa: S101  set by Scrapy
        if self.settings.getdict("FEEDS"):
            path = ledger_path(self.settings)
            self.lock = lock(path)
            open_ledger(path).close()
            self.settings.set("LEDGER_CHECKED", True, priority="cmdline")

    def _create_crawler(self, spidercls: type[Spider] | str) -> Any:
        self.crawler = super()._create_crawler(spidercls)
        return self.crawler
