"""``scrapy crawl``: Scrapy's command with an exit status and with checks before anything is fetched."""

from __future__ import annotations

import gc
import logging
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError
from scrapy.settings import default_settings
from scrapy.spiderloader import get_spider_loader

from crawler.cli.base import CopydeskCommand
from crawler.config.argument_help import HELP

if TYPE_CHECKING:
    import argparse

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.settings import Settings

    from crawler.config.settings_values import SettingsValues
    from crawler.output.delivery.output_locks import OutputLocks


VERBOSE_LOGGERS = (
    "scrapy.utils.log",
    "scrapy.addons",
    "scrapy.middleware",
    "scrapy.crawler",
    "scrapy.extensions.telnet",
)
"""Loggers that list the components at INFO; only ``-L INFO`` or ``-L DEBUG`` shows them."""

FEED_LOGGER = "scrapy.extensions.feedexport"
"""Logger that says where each output was stored; shown only for an output with items."""

DOWNLOAD_LOGGER = "scrapy.core.downloader.handlers.http11"
"""Logger that warns of responses that are too large or truncated. Each of them is already a rejection with its reason,
and counted by host."""


FIRST_IMPORT = "scrapy.core.downloader.handlers.http11"
"""Module that is imported first. Its imports call ``inspect.stack()`` three times, which searches all loaded modules
for the source of each caller: with the modules of a running crawl that takes 0.2 s, here a tenth of that."""


ARGUMENTS = "Arguments of the spider “news”"


class Command(CopydeskCommand, ScrapyCrawl):
    """Crawl news sites and write their articles (spider: news)."""

    usage = "[options] <spider>"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Show the arguments of the spider news among the options."""
        super().add_options(parser)
        group = parser.add_argument_group(ARGUMENTS)
        for name, words in HELP.items():
            group.add_argument(f"-a {name}=…", action="store_true", dest="", help=words)

    crawler: Crawler | None = None

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Fork the workers' server before Scrapy installs its reactor, and after what both need is imported."""
        from cleaners.urls.resolve import public_suffixes  # noqa: PLC0415  see CopydeskCommand
        from cleaners.workers import forkserver  # noqa: PLC0415
        from crawler.config.settings_values import SettingsValues  # noqa: PLC0415
        from crawler.files.machine import check_machine  # noqa: PLC0415

        super().process_options(args, opts)
        import_module(FIRST_IMPORT)
        with suppress(OSError):  # run() says what is missing
            check_machine()
            if SettingsValues.of(self.project_settings).clean_workers > 0:
                get_spider_loader(self.project_settings)  # imports what a crawl needs
                public_suffixes()("")  # reads the list
                forkserver.start_forkserver()

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check, crawl, and set the exit status."""
        from cleaners.workers import forkserver  # noqa: PLC0415  see CopydeskCommand
        from crawler.config.replay import apply_replay_settings  # noqa: PLC0415
        from crawler.config.settings_values import SettingsValues  # noqa: PLC0415
        from crawler.files.line_files import OutputError  # noqa: PLC0415
        from crawler.files.machine import check_machine  # noqa: PLC0415
        from crawler.ledger.lock import LedgerBusyError  # noqa: PLC0415
        from crawler.ledger.types import LedgerError  # noqa: PLC0415
        from crawler.output.delivery.output_locks import OutputBusyError  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus, RunStatus  # noqa: PLC0415

        settings = self.project_settings
        apply_replay_settings(settings)
        values = SettingsValues.of(settings)
        try:
            check_machine()
        except OSError as error:
            self.fail(ExitStatus.OUTPUT, error)
            return
        _check_spider(args, self.crawler_process)
        if args[:1] == ["news"]:
            _check_arguments(opts.spargs, values)
        if not opts.loglevel:
            _quieten()
        _check_settings(settings)
        _check_numbers(settings)
        _check_archive(values)
        try:
            self._locks = _lock_outputs(settings, values, opts.spargs.get("rejections"))  # until the process ends
        except OutputError as error:
            self.fail(ExitStatus.LOCKED if isinstance(error, OutputBusyError) else ExitStatus.OUTPUT, error)
            return
        gc.set_threshold(*forkserver.GC_THRESHOLD)
        try:
            _check_ledger(settings)
        except (LedgerBusyError, LedgerError, OSError) as error:
            self.fail(ExitStatus.LOCKED if isinstance(error, LedgerBusyError) else ExitStatus.LEDGER, error)
            return
        super().run(args, opts)
        outcome = RunStatus.of(self.crawler) if self.crawler else None
        if outcome is not None and (status := outcome.exit_status):
            self.exitcode = int(status)
        elif outcome is not None and not outcome.ended_by and not self.exitcode:  # stopped before the spider began
            self.fail(ExitStatus.INTERRUPTED, "stopped before anything was fetched")

    def _create_crawler(self, spidercls: type[Spider] | str) -> Any:
        self.crawler = super()._create_crawler(spidercls)
        return self.crawler


def _lock_outputs(settings: Settings, values: SettingsValues, rejections: str | None) -> OutputLocks:
    """Accept outputs that can be written and that no other run writes, and lock them.

    Raises:
        OutputError: naming the output and the reason.
    """
    from crawler.files.companions import check_companions  # noqa: PLC0415
    from crawler.output.delivery.output_locks import OutputLocks  # noqa: PLC0415
    from crawler.output.feeds import storages  # noqa: PLC0415  see CopydeskCommand
    from crawler.run_report.report import report_path  # noqa: PLC0415

    feeds = settings.getdict("FEEDS")
    check_companions(report_path(values.report_path, feeds), feeds)
    routed = storages.route_feeds(feeds, rejections)
    storages.check_outputs(routed)
    return OutputLocks(routed)


def _check_ledger(settings: Settings) -> None:
    """Accept a ledger that can be used now; the crawl locks it when it begins.

    Raises:
        LedgerBusyError, LedgerError, OSError: when it cannot be used.
    """
    from crawler.ledger.lock import lock  # noqa: PLC0415  see CopydeskCommand
    from crawler.ledger.open import open_ledger  # noqa: PLC0415
    from crawler.ledger.project_ledger import ledger_url  # noqa: PLC0415

    if settings.getdict("FEEDS"):
        taken = lock(url := ledger_url(settings))
        open_ledger(url).close()
        if taken is not None:
            taken.release()


def _check_spider(args: list[str], process: Any) -> None:
    """Accept the name of a spider.

    Raises:
        UsageError: naming the nearest one.
    """
    from crawler.util import nearest  # noqa: PLC0415  see CopydeskCommand

    names = process.spider_loader.list() if process is not None else []
    if args and args[0] not in names:
        near = nearest(args[0], names)
        hint = f"did you mean '{near}'?" if near else "the project has none"
        raise UsageError(f"no spider is called '{args[0]}'; {hint}", print_help=False)


def _check_numbers(settings: Settings) -> None:
    """Accept the values of Scrapy's settings that are numbers.

    Raises:
        UsageError: naming the setting, its value and what was expected.
    """
    for name, default in vars(default_settings).items():
        if name.isupper() and isinstance(default, (int, float)) and not isinstance(default, bool):
            try:
                float(settings[name] or 0)
            except (TypeError, ValueError):
                raise UsageError(f"setting {name}={settings[name]}: expected a number", print_help=False) from None


def _check_arguments(spider_arguments: dict[str, str | None], values: SettingsValues) -> None:
    """Check the spider's arguments, and the browser where they or the settings require one.

    Raises:
        UsageError: naming the argument or the setting, and what was expected.
    """
    from crawler.config.arguments import Arguments  # noqa: PLC0415
    from crawler.config.sources import SourceError  # noqa: PLC0415
    from crawler.fetching.browser.choice import handlers  # noqa: PLC0415

    try:
        arguments = Arguments.of(spider_arguments)
    except SourceError as error:
        raise UsageError(str(error), print_help=False) from error
    handlers(values, arguments.sources)


def _check_settings(settings: Settings) -> None:
    """Accept the settings that are not checked as plain values: the URL policy, and the ``JOBDIR`` to resume.

    Raises:
        UsageError: naming the setting and the remedy.
    """
    from crawler.fetching.network.bounds import address_policy  # noqa: PLC0415
    from crawler.frontier.request_store import JobDirError, check_job_dir  # noqa: PLC0415

    address_policy(settings)
    try:
        if settings.get("JOBDIR"):
            check_job_dir(settings["JOBDIR"])
    except JobDirError as error:
        raise UsageError(str(error), print_help=False) from error


def _check_archive(values: SettingsValues) -> None:
    """Accept an archive that can be written, and one to replay that can be read.

    Raises:
        UsageError: naming the setting and what is wrong.
    """
    if values.archive and values.replay:
        raise UsageError(
            "COPYDESK_REPLAY answers from an archive and COPYDESK_ARCHIVE writes one: set one of them", print_help=False
        )
    if values.archive:
        from crawler.archive.recorder import open_store  # noqa: PLC0415  see CopydeskCommand

        open_store(values.archive)
    if values.replay:
        from crawler.files.location import ShardError, find_shards  # noqa: PLC0415

        try:
            list(find_shards([values.replay]))
        except ShardError as error:
            raise UsageError(f"setting COPYDESK_REPLAY={values.replay}: {error}", print_help=False) from error


def _quieten() -> None:
    for name in VERBOSE_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(DOWNLOAD_LOGGER).setLevel(logging.ERROR)
    logging.getLogger(FEED_LOGGER).addFilter(lambda record: "(0 items)" not in record.getMessage())
