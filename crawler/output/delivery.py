"""Lossless output: the ledger marks a URL as done only after its line is on disk."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress
from dataclasses import replace
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.extensions.feedexport import FeedExporter
from scrapy.settings import BaseSettings
from scrapy.utils.project import data_path

from cleaners.types import Article, Rejection
from crawler.config.settings_values import SettingsValues
from crawler.ledger import minhash
from crawler.ledger.open import MEMORY, SQLITE, open_ledger
from crawler.ledger.recrawl import DAY
from crawler.ledger.types import ArticleState, FetchRecord, LedgerError, Output
from crawler.output.line_files import LineFile, OutputError
from crawler.output.recovery import output_path, recover_records
from crawler.reporting.outcome import RunOutcome
from crawler.reporting.report import Report, item_key
from crawler.scheduling.dupefilter import HashSet
from crawler.types import Announcement, DiscoveredUrl
from crawler.util.clock import now

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.crawler import Crawler

    from crawler.ledger.types import Ledger

logger = logging.getLogger("copydesk")

STARTS_ANEW = (
    "%s starts anew: %d articles that were in it are in the ledger and do not come again; "
    "-o appends, -a refresh=all fetches them again"
)

MAX_RECENT = 200
"""Most articles with a pending line that a new text is compared with. By default a group has fewer, so only an output
that is stored as a whole at the end reaches this limit."""


def ledger_url(settings: BaseSettings) -> str:
    """The ledger of ``COPYDESK_LEDGER``: a relative path is in the project's data folder, an empty one in memory.

    Raises:
        UsageError: naming a setting that is not valid.
    """
    url = SettingsValues.of(settings).ledger
    if not url or url == MEMORY:
        return MEMORY
    if "://" in url and not url.startswith(SQLITE):
        return url
    return data_path(url.removeprefix(SQLITE), createdir=False)


class Delivery:
    """Keeps the record of each URL until its line is on disk, then commits it together with others as a group."""

    def __init__(
        self, crawler: Crawler, ledger: Ledger, *, most: int, seconds: float, threshold: float, is_deferred: bool
    ) -> None:
        self.crawler = crawler
        self.ledger = ledger
        self.most = most
        """Most records of a group."""
        self.seconds = seconds
        """Seconds after which a smaller group is committed."""
        self.threshold = threshold
        """Similarity from which texts are near-duplicates; 0 where they are not compared."""
        self.is_deferred = is_deferred
        """True when an output is stored as a whole at the end; nothing is committed before."""
        self._files: list[LineFile] = []
        self._closing: list[LineFile] = []
        self._registered: set[str] = set()
        """Outputs that the ledger has as open; no line of an output is written before."""
        self._article_outputs: list[str] = []
        self._killed: set[str] = set()
        """Outputs that a killed run left open."""
        self._line_counts: dict[str, int] = {}
        """Number of articles with a line in each output, at the start of the run."""
        self._is_refresh = False
        self._expected: dict[tuple[type, str], FetchRecord] = {}
        """Records whose item is on its way through the exporters."""
        self._pending: list[FetchRecord] = []
        self._recent: dict[str, ArticleState] = {}
        """Articles whose line is not on disk yet, by id."""
        self._met = HashSet()
        """Articles that this run met; used where everything is fetched again."""
        self._run = 0
        self._timer: asyncio.Task[None] | None = None
        self._flushing = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the ledger; a crawl without an output keeps nothing after its end."""
        settings = crawler.settings
        values = SettingsValues.of(settings)
        feeds = settings.getdict("FEEDS")
        delivery = cls(
            crawler,
            open_ledger(ledger_url(settings) if feeds else MEMORY),
            most=values.output_sync_lines,
            seconds=values.output_sync_seconds,
            threshold=0.0 if values.duplicates == "off" else values.duplicates_threshold,
            is_deferred=any("://" in str(uri) and not str(uri).startswith(("file:", "stdout:")) for uri in feeds),
        )
        crawler.signals.connect(delivery.item_scraped, signals.item_scraped)
        crawler.signals.connect(delivery.item_lost, signals.item_dropped)
        crawler.signals.connect(delivery.item_lost, signals.item_error)
        crawler.signals.connect(delivery.finish, signals.feed_exporter_closed if feeds else signals.spider_closed)
        return delivery

    def opened(self, file: LineFile, *, is_new: bool, is_for_articles: bool) -> None:
        """Register an output that was opened.

        Args:
            file: the output.
            is_new: True where it is to be overwritten. It is continued nevertheless where a killed run left it open,
                unless everything is fetched again.
            is_for_articles: False for rejections.
        """
        path = output_path(file.path)
        if is_new and (self._is_refresh or path not in self._killed):
            file.restart()
            if self._line_counts.get(path) and not self._is_refresh:
                logger.warning(STARTS_ANEW, file.path, self._line_counts[path])
        file.end_line()
        self._files.append(file)
        if is_for_articles:
            self._article_outputs.append(path)

    def closing(self, file: LineFile) -> None:
        """Close an output with the next commit: no further line follows."""
        self._closing.append(file)

    async def start_run(self, *, is_refresh: bool = False) -> None:
        """Record the start of the run, and recover the lines of a killed run, before anything is fetched."""
        self._is_refresh = is_refresh
        outcome = RunOutcome.of(self.crawler)
        has_feeds = bool(self.crawler.settings.getdict("FEEDS"))
        if outcome is not None and has_feeds and not self.crawler.get_extension(FeedExporter):
            outcome.output_failed("the outputs' settings are not valid: the log above says why")
        self._run = await self.ledger.start_run(os.getpid(), now())
        earlier = await self.ledger.outputs()
        self._line_counts = {output.path: await self.ledger.count_articles_in(output.path) for output in earlier}
        killed = [output for output in earlier if output.is_open]
        self._killed = {output.path for output in killed}
        recovered = [record for output in killed for record in recover_records(output)]
        await self.ledger.commit(recovered, [replace(output, is_open=False) for output in killed])
        if recovered:
            self.crawler.stats.inc_value("delivery/recovered_count", len(recovered))
            logger.info("%d lines of a killed run were recovered", len(recovered))
        self._timer = asyncio.ensure_future(self._tick())

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self.seconds)
            await self.flush()

    def expect(self, item: Article | Rejection, record: FetchRecord) -> None:
        """Keep the record of an item that is on its way to the outputs."""
        self._expected[item_key(item)] = record
        if record.article is not None:
            self._recent[record.article.id] = record.article

    def keep(self, record: FetchRecord) -> None:
        """Add a record to the next group, from where nothing can be awaited."""
        self._pending.append(record)

    async def note(self, record: FetchRecord) -> None:
        """Add a record to the next group that is committed."""
        self._pending.append(record)
        if len(self._pending) >= self.most:
            await self.flush()

    async def item_scraped(self, item: object) -> None:
        """An item was written; its line is not synced to disk yet."""
        record = self._expected.pop(item_key(item), None)
        outcome = RunOutcome.of(self.crawler)
        if record is None or (outcome is not None and outcome.failed_output):
            return
        output = next(iter(self._article_outputs[-1:]), None) if isinstance(item, Article) else None
        await self.note(replace(record, output=output))

    def item_lost(self, item: object) -> None:
        """An item was dropped or failed in a pipeline: it is not done, and the next run fetches it again."""
        record = self._expected.pop(item_key(item), None)
        if record is not None and record.article is not None:
            self._recent.pop(record.article.id, None)

    async def find_article(self, id_: str) -> ArticleState | None:
        """An article by its id, including one whose line is pending."""
        return self._recent.get(id_) or await self.ledger.find_article(id_)

    async def announcement(self, url: str) -> Announcement | None:
        """What a feed or sitemap announced of an article, in this run or an earlier one."""
        known = await self.ledger.lookup([url])
        return known[url].announced if url in known else None

    async def articles_with_text(self, fingerprint: str) -> list[ArticleState]:
        """Articles with exactly this text, including those whose line is pending."""
        return [
            *(one for one in self._latest_recent() if one.fingerprint == fingerprint),
            *await self.ledger.articles_with_text(fingerprint),
        ]

    async def most_similar(self, signature: bytes) -> tuple[ArticleState, float] | None:
        """The known article that is most similar to a text, and the similarity; None below the threshold."""
        if not self.threshold or not signature:
            return None
        bands = minhash.bands(signature)
        near = (one for one in self._latest_recent() if not bands.isdisjoint(minhash.bands(one.signature or b"")))
        candidates = [*near, *await self.ledger.similar_articles(bands)]
        scored = [(minhash.similarity(signature, one.signature or b""), one) for one in candidates]
        score, found = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return (found, score) if found is not None and score >= self.threshold else None

    def _latest_recent(self) -> list[ArticleState]:
        return list(islice(reversed(self._recent.values()), MAX_RECENT))

    async def select_due(self, found: list[DiscoveredUrl], *, everything: bool) -> list[DiscoveredUrl]:
        """The discovered URLs that are to be fetched now; all of them with ``everything``."""
        return found if everything else await self.ledger.select_due(found, now())

    def due_urls(self, source: str, *, everything: bool) -> AsyncIterator[DiscoveredUrl]:
        """URLs that earlier runs left pending, or that are due again."""
        return self.ledger.due_urls(source, now(), everything=everything)

    def is_pending(self, id_: str) -> bool:
        """True for an article whose line is not on disk yet."""
        return id_ in self._recent

    def is_first(self, id_: str) -> bool:
        """True the first time that an article is met in this run."""
        return self._met.add(blake2b(id_.encode(), digest_size=8).digest())

    @staticmethod
    def latest_date() -> int:
        """The latest date of a listing that is accepted: one day from now, since sites publish local dates."""
        return now() + DAY

    async def flush(self) -> None:
        """Sync the lines to disk, then commit their records."""
        if self.is_deferred:
            return
        async with self._flushing:
            await self._commit()

    async def _commit(self) -> None:
        """Register outputs, write lines, commit records. In this order a crash neither loses nor duplicates a line."""
        outcome = RunOutcome.of(self.crawler)
        if outcome is not None and outcome.failed_output:
            return  # outputs stay open in the ledger: the next run recovers the lines that were written
        try:
            await self._write()
        except (OutputError, LedgerError) as error:
            if outcome is None:
                raise
            outcome.output_failed(str(error))

    async def _write(self) -> None:
        unknown = [file for file in self._files if file.path not in self._registered]
        if unknown:
            opened = [Output(path=output_path(one.path), offset=one.tell(), is_open=True) for one in unknown]
            await self.ledger.commit((), opened)
            self._registered |= {file.path for file in unknown}
        pending, self._pending = self._pending, []
        closing, self._closing = self._closing, []
        outputs = [
            Output(path=output_path(file.path), offset=file.sync(), is_open=file not in closing) for file in self._files
        ]
        if pending or closing:
            await self.ledger.commit(pending, outputs)
        for file in closing:
            file.close()
        self._files = [file for file in self._files if file not in closing]
        for record in pending:
            if record.article is not None and self._recent.get(record.article.id) is record.article:
                del self._recent[record.article.id]

    async def finish(self) -> None:
        """Commit the remaining records, write the report, and close the ledger."""
        if self._timer is not None:
            self._timer.cancel()
            with suppress(asyncio.CancelledError):
                await self._timer
        outcome = RunOutcome.of(self.crawler)
        if self.is_deferred and not self._is_stored() and outcome is not None:
            outcome.output_failed("an output could not be stored; its articles will come again")
        async with self._flushing:
            await self._commit()
        report = self.crawler.get_extension(Report)
        if self._run and report is not None:
            try:
                summary = await report.finish(self.ledger)
                status = outcome.exit_status if outcome else 0
                await self.ledger.finish_run(self._run, now(), status, summary)
            except LedgerError as error:
                logger.error("%s", error)  # noqa: TRY400  one clear line
        self.ledger.close()

    def _is_stored(self) -> bool:
        stats = self.crawler.stats.get_stats()
        return not any(name.startswith("feedexport/failed_count") for name in stats)
