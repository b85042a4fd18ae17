"""Runs a spider, with checks before anything is fetched and an exit status."""

from __future__ import annotations

import gc
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress

import scrapy.core.downloader.handlers.http11  # noqa: F401  first: see below
from scrapy.settings import Settings, default_settings
from scrapy.spiderloader import get_spider_loader

from cleaners.urls.resolve import public_suffixes
from cleaners.workers import forkserver
from crawler.alarms.configure import senders_of
from crawler.archive.recorder import open_store
from crawler.cli.base import Project
from crawler.cli.commands.crawl import CrawlRequest
from crawler.cli.errors import CommandError, InvalidUsage, exit_on, usage_errors
from crawler.config.arguments import Arguments
from crawler.config.replay import apply_replay_settings
from crawler.config.settings_values import SettingsValues
from crawler.config.sources import SourceError
from crawler.fetching.browser.choice import handlers
from crawler.fetching.network.bounds import address_policy
from crawler.files.line_files import OutputError
from crawler.files.location import ShardError, find_shards
from crawler.files.machine import check_machine
from crawler.files.paths import check_companions
from crawler.ledger.lock import LedgerBusyError, lock
from crawler.ledger.open import ledger_url, open_ledger
from crawler.ledger.types import LedgerError
from crawler.output.delivery.output_locks import OutputBusyError, OutputLocks
from crawler.output.feeds import storages
from crawler.run_report.report import report_path
from crawler.run_report.status import ExitStatus, RunStatus
from crawler.util import nearest

# http11 is imported first: its imports call inspect.stack() three times, which searches all loaded modules for the
# source of each caller. With the modules of a running crawl that takes 0.2 s, here a tenth of that.

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


def prepare(settings: Settings) -> None:
    """Fork the workers' server before Scrapy installs its reactor, and after what both need is imported."""
    with suppress(OSError):  # run() says what is missing
        check_machine()
        if SettingsValues.of(settings).clean_workers > 0:
            get_spider_loader(settings)  # imports what a crawl needs
            public_suffixes()("")  # reads the list
            forkserver.start_forkserver()


def run(request: CrawlRequest, project: Project) -> ExitStatus | None:
    """Check, crawl, and give the exit status."""
    settings = project.settings
    apply_replay_settings(settings)
    values = SettingsValues.of(settings)
    with exit_on(ExitStatus.OUTPUT, OSError):
        check_machine()
    _check_spider(request.spider, project.process.spider_loader.list())
    if request.spider == "news":
        _check_arguments(request.arguments, values)
    if request.is_brief:
        _quieten()
    address_policy(settings)  # not checked as plain values
    _check_numbers(settings)
    _check_archive(values)
    senders_of(values)  # a setting that is wrong is told now, not when something broke
    with exit_on(ExitStatus.OUTPUT, OutputError), exit_on(ExitStatus.LOCKED, OutputBusyError):
        _lock_outputs(settings, values, request.arguments.get("rejections"))
    gc.set_threshold(*forkserver.GC_THRESHOLD)
    with exit_on(ExitStatus.LEDGER, LedgerError, OSError), exit_on(ExitStatus.LOCKED, LedgerBusyError):
        _check_ledger(settings)
    crawler = request.crawl()
    outcome = RunStatus.of(crawler) if crawler else None
    if outcome is not None and outcome.exit_status:
        return outcome.exit_status
    if project.process.bootstrap_failed:
        return ExitStatus.FAILED
    if outcome is not None and not outcome.ended_by:  # stopped before the spider began
        raise CommandError(ExitStatus.INTERRUPTED, "stopped before anything was fetched")
    return None


def _lock_outputs(settings: Settings, values: SettingsValues, rejections: str | None) -> None:
    """Accept outputs that can be written and that no other run writes; lock them until the process ends.

    Raises:
        OutputError: naming the output and the reason.
    """
    feeds = settings.getdict("FEEDS")
    check_companions(report_path(values.report_path, feeds), feeds)
    if fields := settings.get("FEED_EXPORT_FIELDS"):
        feeds = {uri: {"fields": fields, **options} for uri, options in feeds.items()}
    routed = storages.route_feeds(feeds, rejections)
    storages.check_outputs(routed)
    OutputLocks(routed)


def _check_ledger(settings: Settings) -> None:
    """Accept a ledger that can be used now; the crawl locks it when it begins.

    Raises:
        LedgerBusyError, LedgerError, OSError: when it cannot be used.
    """
    if settings.getdict("FEEDS"):
        taken = lock(url := ledger_url(settings))
        open_ledger(url).close()
        if taken is not None:
            taken.release()


def _check_spider(spider: str | None, names: Sequence[str]) -> None:
    """Accept the name of a spider.

    Raises:
        InvalidUsage: naming the nearest one.
    """
    if spider is not None and spider not in names:
        near = nearest(spider, names)
        hint = f"did you mean '{near}'?" if near else "the project has none"
        raise InvalidUsage(f"no spider is called '{spider}'; {hint}")


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
                raise InvalidUsage(f"setting {name}={settings[name]}: expected a number") from None


def _check_arguments(spider_arguments: Mapping[str, str | None], values: SettingsValues) -> None:
    """Check the spider's arguments, and the browser where they or the settings require one.

    Raises:
        UsageError: naming the argument or the setting, and what was expected.
    """
    with usage_errors(SourceError):
        arguments = Arguments.of(dict(spider_arguments))
    handlers(values, arguments.plan.sources)


def _check_archive(values: SettingsValues) -> None:
    """Accept an archive that can be written, and one to replay that can be read.

    Raises:
        UsageError: naming the setting and what is wrong.
    """
    if values.archive and values.replay:
        raise InvalidUsage("COPYDESK_REPLAY answers from an archive and COPYDESK_ARCHIVE writes one: set one of them")
    if values.archive:
        open_store(values.archive)
    if values.replay:
        with usage_errors(ShardError, prefix=f"setting COPYDESK_REPLAY={values.replay}: "):
            list(find_shards([values.replay]))


def _quieten() -> None:
    for name in VERBOSE_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(DOWNLOAD_LOGGER).setLevel(logging.ERROR)
    logging.getLogger(FEED_LOGGER).addFilter(lambda record: "(0 items)" not in record.getMessage())
