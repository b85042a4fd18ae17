"""Lossless output: the ledger marks a URL as done only after its line is on disk."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from functools import cached_property
from typing import Self

from filelock import FileLock
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.extensions.feedexport import FeedExporter

from cleaners.types import Article, Rejection
from crawler.config.plan import plan_of
from crawler.config.settings_values import SettingsValues
from crawler.frontier.dupefilter import HashSet
from crawler.items import ItemKey, item_key
from crawler.ledger.lock import LedgerBusyError, lock
from crawler.ledger.open import MEMORY, crawl_ledger_url, has_many_writers, ledger_exists, open_ledger
from crawler.ledger.types import FetchRecord, Ledger, LedgerError, Run
from crawler.output.delivery.commit_group import CommitGroup
from crawler.output.delivery.output_registry import OutputRegistry
from crawler.output.delivery.recovery import recover_records
from crawler.output.formats.feed_formats import REJECTIONS, is_stored_whole
from crawler.output.publishing.known_articles import KnownArticles
from crawler.reasons import class_of
from crawler.run_report.report import Report
from crawler.run_report.status import RunStatus
from crawler.signals import item_lost, item_settled, item_written
from crawler.util import count_noun, now

logger = logging.getLogger("copydesk")

NO_RECORD = "{count} articles went into the item pipelines and did not come out; they were not delivered and come again"

ALL_KNOWN = "no new article: the %s of these sites were written in earlier runs; %s"
AGAIN = "-a refresh=all writes them again"
AGAIN_ELSEWHERE = "to have them written again, remove the ledger %s"
"""In another project, whose spiders do not know that argument."""

NO_OUTPUT = "no output is named: the articles are counted and not kept; name one with -o articles.jsonl"


NO_LEDGER = "no ledger is kept (COPYDESK_LEDGER is empty): a crawl that is stopped begins anew"


class Delivery:
    """Keeps the record of each URL until its line is on disk, then commits it together with others as a group.

    The life of a run in the ledger: it is locked, begun, recovered from a killed one, and finished.
    """

    def __init__(self, crawler: Crawler, ledger: str) -> None:
        settings = crawler.settings
        values, feeds = SettingsValues.of(settings), settings.getdict("FEEDS")
        self.crawler = crawler
        self._ledger_url = ledger
        self._is_deferred = any(is_stored_whole(uri, options, settings) for uri, options in feeds.items())
        self.outputs = OutputRegistry(crawler, is_own=self.is_own)
        self.articles = KnownArticles(
            lambda: self.ledger,
            HashSet(signals=crawler.signals),
            threshold=0.0 if values.duplicates == "off" else values.duplicates_threshold,
            revisions_per_day=values.revisions_per_day,
        )
        self.group = CommitGroup(
            crawler,
            lambda: self.ledger,
            self.outputs,
            self.articles,
            max_records=values.output_sync_lines,
            seconds=values.output_sync_seconds,
            is_deferred=self._is_deferred,
        )
        self._started = 0
        """When the run began, seconds since 1970."""
        self._expected: dict[ItemKey, FetchRecord] = {}
        """Records whose item is on its way through the exporters."""
        self._lock: FileLock | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it from the settings."""
        delivery, feeds = cls(crawler, crawl_ledger_url(crawler.settings)), crawler.settings.getdict("FEEDS")
        crawler.signals.connect(delivery.item_written, item_written)
        crawler.signals.connect(delivery.item_lost, item_lost)
        crawler.signals.connect(delivery.group.flush_if_full, item_settled)
        crawler.signals.connect(delivery.finish, signals.feed_exporter_closed if feeds else signals.spider_closed)
        return delivery

    @property
    def is_own(self) -> bool:
        """True in a crawl of Copydesk's own spiders, whose outputs hold articles alone."""
        return plan_of(self.crawler).writes_articles_only

    @property
    def is_overwriting(self) -> bool:
        """True where another project's outputs are written anew in each run: each run then writes all articles."""
        feeds = self.crawler.settings.getdict("FEEDS").values()
        return not self.is_own and any(
            feed.get("overwrite") for feed in feeds if feed.get("item_classes") != [REJECTIONS]
        )

    @property
    def has_ledger(self) -> bool:
        """True where there is a ledger to read: its file, or a database."""
        return ledger_exists(self._ledger_url)

    @property
    def is_grouping(self) -> bool:
        """True when lines wait for the ledger's next commit; other spiders' items never wait for the end of a crawl."""
        return self.is_own or not self._is_deferred

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, opened when it is first needed: another project's spider may have no article.

        Raises:
            LedgerError: when it cannot be used.
        """
        return open_ledger(self._ledger_url, SettingsValues.of(self.crawler.settings).fleet_job)

    async def start_run(self, *, is_refresh: bool = False) -> None:
        """Lock the ledger, record the start of the run, and recover the lines of a killed run.

        Raises:
            LedgerBusyError: when another run uses the ledger.
            LedgerError, OSError: when it cannot be used.
        """
        status = RunStatus.of(self.crawler)
        try:
            self._lock = lock(self._ledger_url)
        except LedgerBusyError as error:
            if status is not None:
                status.ledger_busy(str(error))
            raise
        has_feeds = bool(self.crawler.settings.getdict("FEEDS"))
        if status is not None and self.is_own and has_feeds and not self.crawler.get_extension(FeedExporter):
            status.output_failed("the outputs' settings are not valid: the log above says why")
        if self.is_own and not has_feeds:
            logger.warning(NO_OUTPUT)
        elif self._ledger_url == MEMORY:
            logger.info(NO_LEDGER)
        self._started = now()
        self.group.run = await self.ledger.start_run(os.getpid(), self._started)
        earlier = await self.ledger.outputs()
        line_counts = {output.path: await self.ledger.count_articles_in(output.path) for output in earlier}
        killed = [output for output in earlier if output.is_open]
        self.outputs.begin(line_counts, {output.path for output in killed}, is_refresh=is_refresh)
        is_shared, many = not self.is_own, has_many_writers(self._ledger_url)
        recovered = [
            record for output in killed for record in recover_records(output, is_shared=is_shared, is_cut=many)
        ]
        await self.ledger.commit(recovered, [replace(output, is_open=False) for output in killed])
        if recovered:
            self.crawler.stats.inc_value("delivery/recovered_count", len(recovered))
            logger.info("%d lines of a killed run were recovered", len(recovered))

    def expect(self, item: Article | Rejection, record: FetchRecord) -> None:
        """Keep the record of an item that is on its way to the outputs."""
        self._expected[item_key(item)] = replace(record, page_class=class_of(item))

    def item_written(self, item: Article | Rejection) -> None:
        """An item was written; its line is not synced to disk yet."""
        record = self._expected.pop(item_key(item), None)
        status = RunStatus.of(self.crawler)
        if record is None or (status is not None and status.failed_output):
            return
        output = self.outputs.article_output if record.article is not None else None
        self.group.add_soon(replace(record, output=output))

    def item_lost(self, item: Article | Rejection) -> None:
        """An item was dropped or failed in a pipeline: it is not done, and the next run fetches it again."""
        record = self._expected.pop(item_key(item), None)
        if record is not None and record.article is not None:
            self.articles.forget(record.article)

    async def finish(self) -> None:
        """Commit the remaining records, write the report, and close the ledger."""
        await self.group.stop_timer()
        status = RunStatus.of(self.crawler)
        if self._is_deferred and not self._is_stored() and status is not None:
            status.output_failed("an output could not be stored; its articles will come again")
        await self.group.commit_rest()
        changed = sum(record.article is not None for record in self._expected.values())
        if changed and status is not None:
            status.output_failed(NO_RECORD.format(count=changed))
        report = self.crawler.get_extension(Report)
        if self.group.run and report is not None:
            await self._report(report, status)
        if "ledger" in vars(self):  # it was opened
            self.ledger.close()
        if self._lock is not None:
            self._lock.release()

    async def _report(self, report: Report, status: RunStatus | None) -> None:
        if status is not None and status.is_quiet:
            await self._tell_known(report)
        if status is not None and status.failed_output:
            report.output_failed()
        try:
            summary = await report.finish(self.ledger)
            exit_status = int(status.exit_status) if status else 0
            await self.ledger.finish_run(self.group.run, now(), exit_status, summary)
            await self._send_alarms(exit_status, summary)
        except (LedgerError, UsageError) as error:
            logger.error("%s", error)  # noqa: TRY400  one clear line

    async def _send_alarms(self, exit_status: int, summary: dict[str, object]) -> None:
        """Send the alarms of the run: the crawl is over, so a slow server delays nothing but its end."""
        values = SettingsValues.of(self.crawler.settings)
        if not (values.alarm_mail or values.alarm_webhook):
            return
        from crawler.alarms.after_run import send_alarms  # noqa: PLC0415  few crawls need mail and TLS

        ended = now()
        run = Run(
            id=self.group.run, pid=os.getpid(), started=self._started, ended=ended, status=exit_status, report=summary
        )
        await send_alarms(values, self.ledger, run)

    async def _tell_known(self, report: Report) -> None:
        """Log why a run without an error has no article: earlier runs wrote those of its sites."""
        try:
            article_count = await self.ledger.count_articles(list(report.tally.url_counts))
        except LedgerError:  # finish_run says so
            return
        if article_count:
            again = AGAIN if self.is_own else AGAIN_ELSEWHERE % self._ledger_url
            logger.info(ALL_KNOWN, count_noun(article_count, "article"), again)

    def _is_stored(self) -> bool:
        stats = self.crawler.stats.get_stats()
        return not any(name.startswith("feedexport/failed_count") for name in stats)
