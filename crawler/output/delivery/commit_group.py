"""Records that are committed together: first their lines are synced to disk, then the ledger has them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from crawler.files.line_files import OutputError
from crawler.ledger.types import FetchRecord, Ledger, LedgerError, RefusedUrl
from crawler.output.delivery.output_registry import OutputRegistry
from crawler.output.publishing.known_articles import KnownArticles
from crawler.run_report.report import Report
from crawler.run_report.status import RunStatus
from crawler.signals import lines_syncing

logger = logging.getLogger("copydesk")

MAX_LOGGED_REFUSALS = 5
"""Maximum number of refused records that are logged for each commit."""


class CommitGroup:
    """Collects the records of URLs, and commits them as a group.

    Args:
        crawler: the crawl.
        ledger: gives the ledger.
        outputs: the outputs, whose lines are synced first.
        articles: the known articles, which hear of those that are committed.
        max_records: most records of a group.
        seconds: after which a smaller group is committed.
        is_deferred: True when an output is stored as a whole at the end; nothing is committed before.
    """

    def __init__(
        self,
        crawler: Crawler,
        ledger: Callable[[], Ledger],
        outputs: OutputRegistry,
        articles: KnownArticles,
        *,
        max_records: int,
        seconds: float,
        is_deferred: bool,
    ) -> None:
        self._crawler = crawler
        self._ledger = ledger
        self._outputs = outputs
        self._articles = articles
        self._max_records = max_records
        self._seconds = seconds
        self._is_deferred = is_deferred
        self._records: list[FetchRecord] = []
        self._timer: asyncio.Task[None] | None = None
        self._flushing = asyncio.Lock()
        self.run = 0
        """Number of the run in the ledger; 0 before it began, when the ledger takes no record."""

    def add_soon(self, record: FetchRecord) -> None:
        """Add a record to the next group, from synchronous code."""
        self._records.append(record)

    async def add(self, record: FetchRecord) -> None:
        """Add a record to the next group that is committed."""
        self._records.append(record)
        await self.flush_if_full()

    async def flush_if_full(self) -> None:
        """Commit a group that has its most records."""
        if len(self._records) >= self._max_records:
            await self.flush()

    async def flush(self) -> None:
        """Sync the lines to disk, then commit their records."""
        if self._is_deferred:
            return
        async with self._flushing:
            await self._commit()

    def start_timer(self) -> None:
        """Commit small groups, too, in intervals."""
        if self._timer is None:
            self._timer = asyncio.ensure_future(self._tick())

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            await self.flush()

    async def stop_timer(self) -> None:
        """End the intervals, not in the midst of a commit."""
        if self._timer is not None:
            async with self._flushing:
                self._timer.cancel()
            with suppress(asyncio.CancelledError):
                await self._timer

    async def commit_rest(self) -> None:
        """Commit all records that are left, at the end."""
        async with self._flushing:
            await self._commit()

    async def _commit(self) -> None:
        """Register outputs, write lines, commit records. In this order a crash neither loses nor duplicates a line."""
        status = RunStatus.of(self._crawler)
        if status is not None and status.failed_output:
            return  # outputs stay open in the ledger: the next run recovers the lines that were written
        try:
            await self._write()
        except (OutputError, LedgerError) as error:
            if status is None:
                raise
            status.output_failed(str(error))

    async def _write(self) -> None:
        while self.run and (opened := self._outputs.unregistered()):
            await self._ledger().commit((), opened)
            self._outputs.add_registered(opened)
        for _, result in self._crawler.signals.send_catch_log(lines_syncing):
            if isinstance(result, Failure):
                result.raiseException()
        report = self._crawler.get_extension(Report)
        unsynced = report.unsynced() if report is not None else ()
        records, self._records = self._records, []
        closing = self._outputs.take_closing()
        outputs = self._outputs.sync(closing)
        if self.run and (records or closing):
            self._report_refused(await self._ledger().commit(records, outputs))
        if report is not None:
            report.lines_synced(unsynced)
        self._outputs.close(closing)
        self._articles.committed(records)

    def _report_refused(self, refused: Sequence[RefusedUrl]) -> None:
        """Log the records that the ledger refused, and report their sources as failed: the next run may meet them."""
        status = RunStatus.of(self._crawler)
        for refusal in refused[:MAX_LOGGED_REFUSALS]:
            logger.error("%s: the ledger does not take what its server sent: %s", refusal.url, refusal.error)
        if refused:
            self._crawler.stats.inc_value("delivery/refused_count", len(refused))
        for source in dict.fromkeys(refusal.source for refusal in refused):
            if status is not None and source not in status.failed_sources:
                status.source_failed(source, "its server sent what the ledger does not take")
