"""Lossless output: the ledger marks a URL as done only after its line is on disk."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.extensions.feedexport import FeedExporter
from twisted.python.failure import Failure

from cleaners.types import Article, Rejection
from crawler.config.plan import plan_of
from crawler.config.settings_values import SettingsValues
from crawler.files.line_files import LineFile, OutputError
from crawler.frontier.dupefilter import HashSet
from crawler.items import ItemKey, item_key
from crawler.ledger import minhash
from crawler.ledger.lock import LedgerBusyError, lock
from crawler.ledger.open import MEMORY, has_many_writers, ledger_exists, open_ledger
from crawler.ledger.project_ledger import ledger_url
from crawler.ledger.recrawl import DAY
from crawler.ledger.types import ArticleState, FetchRecord, LedgerError, Output, RefusedUrl, RelatedArticles
from crawler.ledger.variants import plainest_urls
from crawler.output.delivery.recovery import output_path, recover_records
from crawler.output.formats.feed_formats import LINE_FORMATS, REJECTIONS, WHOLE_FORMATS, is_stored_whole
from crawler.run_report.report import Report
from crawler.run_report.status import RunStatus
from crawler.signals import item_lost, item_written, lines_syncing
from crawler.types import DiscoveredUrl
from crawler.util import count_noun, now

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Sequence

    from filelock import FileLock
    from scrapy.crawler import Crawler

    from crawler.ledger.types import Ledger

logger = logging.getLogger("copydesk")

KEPT = (
    "%s: its %d articles are in the ledger and do not come again: -O keeps them and adds the new ones; "
    "-a refresh=all fetches them again and starts the file anew"
)

WHOLE = (
    "{path} holds {known} articles that the ledger has as delivered, and nothing can be appended to a {form} document; "
    "name another file, or fetch everything again with -a refresh=all"
)

GONE = (
    "%s: the %d articles that were written to it are in the ledger, but the file is gone or empty: they do not come "
    "again; -a refresh=all fetches them again"
)

NO_RECORD = "{count} articles went into the item pipelines and did not come out; they were not delivered and come again"

ALL_KNOWN = "no new article: the %s of these sites were written in earlier runs; %s"
AGAIN = "-a refresh=all writes them again"
AGAIN_ELSEWHERE = "to have them written again, remove the ledger %s"
"""In another project, whose spiders do not know that argument."""

NO_OUTPUT = "no output is named: the articles are counted and not kept; name one with -o articles.jsonl"

MAX_LOGGED_REFUSALS = 5
"""Maximum number of refused records that are logged for each commit."""

MAX_RECENT = 200
"""Most articles with a pending line that a new text is compared with. By default a group has fewer, so only an output
that is stored as a whole at the end reaches this limit."""


class Delivery:
    """Keeps the record of each URL until its line is on disk, then commits it together with others as a group."""

    def __init__(
        self,
        crawler: Crawler,
        ledger: str,
        *,
        most: int,
        seconds: float,
        threshold: float,
        is_deferred: bool,
        revisions_per_day: int = 0,
    ) -> None:
        self.crawler = crawler
        self._ledger_url = ledger
        self.most = most
        """Most records of a group."""
        self.seconds = seconds
        """Seconds after which a smaller group is committed."""
        self.threshold = threshold
        """Similarity from which texts are near-duplicates; 0 where they are not compared."""
        self.revisions_per_day = revisions_per_day
        self.is_deferred = is_deferred
        """True when an output is stored as a whole at the end; nothing is committed before."""
        self._files: list[LineFile] = []
        self._closing: list[LineFile] = []
        self._registered: set[str] = set()
        """Outputs that the ledger has as open; no line of an output is written before."""
        self._article_outputs: list[str] = []
        self._whole: list[str] = []
        """Outputs that are put in their places as a whole at the end."""
        self._killed: set[str] = set()
        """Outputs that a killed run left open."""
        self._line_counts: dict[str, int] = {}
        """Number of articles with a line in each output, at the start of the run."""
        self._is_refresh = False
        self._expected: dict[ItemKey, FetchRecord] = {}
        """Records whose item is on its way through the exporters."""
        self._pending: list[FetchRecord] = []
        self._recent: dict[str, ArticleState] = {}
        """Articles whose line is not on disk yet, by id."""
        self._met = HashSet(signals=crawler.signals)
        """Hashes of the ids of the articles that this run found; used when everything is fetched again."""
        self._run = 0
        """Number of the run in the ledger; 0 before it began."""
        self._lock: FileLock | None = None
        self._timer: asyncio.Task[None] | None = None
        self._flushing = asyncio.Lock()
        self.comparing = asyncio.Lock()
        """Locked from the comparison of an article with the known ones until it is registered as one of them."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it from the settings; a crawl without an output has its ledger only in main memory."""
        settings = crawler.settings
        values = SettingsValues.of(settings)
        feeds = settings.getdict("FEEDS")
        delivery = cls(
            crawler,
            ledger_url(settings) if feeds else MEMORY,
            most=values.output_sync_lines,
            seconds=values.output_sync_seconds,
            threshold=0.0 if values.duplicates == "off" else values.duplicates_threshold,
            revisions_per_day=values.revisions_per_day,
            is_deferred=any(is_stored_whole(uri, options, settings) for uri, options in feeds.items()),
        )
        crawler.signals.connect(delivery.item_written, item_written)
        crawler.signals.connect(delivery.item_lost, item_lost)
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
        return self.is_own or not self.is_deferred

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, opened when it is first needed: another project's spider may have no article.

        Raises:
            LedgerError: when it cannot be used.
        """
        return open_ledger(self._ledger_url, SettingsValues.of(self.crawler.settings).fleet_job)

    def register_output(self, file: LineFile, *, is_new: bool, is_for_articles: bool, form: str) -> None:
        """Register an output that was opened.

        Args:
            file: the output.
            is_new: True where it is to be overwritten. What the ledger holds as delivered is kept nevertheless, and so
                is what a killed run left, unless everything is fetched again.
            is_for_articles: False for rejections.
            form: its format, by Scrapy's name.
        """
        path = output_path(file.path)
        article_count = self._line_counts.get(path, 0) if self.is_own or not is_new else 0
        if article_count and form in WHOLE_FORMATS and not self._is_refresh:
            self._refuse_whole(path, form)
        elif article_count and not self._is_refresh and not file.tell():
            logger.warning(GONE, file.path, article_count)
        elif article_count and is_new and not self._is_refresh:
            logger.warning(KEPT, file.path, article_count)
        is_kept = article_count or (self.is_own and path in self._killed and form not in WHOLE_FORMATS)
        if is_new and (self._is_refresh or not is_kept):
            file.restart()
        if form in LINE_FORMATS:
            file.end_line()
        self._files.append(file)
        if self._timer is None:
            self._timer = asyncio.ensure_future(self._tick())
        if is_for_articles:
            self._article_outputs.append(path)

    def register_whole_output(self, path: str, form: str) -> None:
        """Register an output that is put in its place as a whole at the end."""
        path = output_path(path)
        self._article_outputs.append(path)
        self._whole.append(path)
        if self._line_counts.get(path, 0) and not self._is_refresh:
            self._refuse_whole(path, form)

    def _refuse_whole(self, path: str, form: str) -> None:
        if (outcome := RunStatus.of(self.crawler)) is not None:
            outcome.output_failed(WHOLE.format(path=path, known=self._line_counts[path], form=form))

    def close_with_next_commit(self, file: LineFile) -> None:
        """Close an output with the next commit: no further line follows."""
        self._closing.append(file)

    async def start_run(self, *, is_refresh: bool = False) -> None:
        """Lock the ledger, record the start of the run, and recover the lines of a killed run.

        Raises:
            LedgerBusyError: when another run uses the ledger.
            LedgerError, OSError: when it cannot be used.
        """
        self._is_refresh = is_refresh
        outcome = RunStatus.of(self.crawler)
        try:
            self._lock = lock(self._ledger_url)
        except LedgerBusyError as error:
            if outcome is not None:
                outcome.ledger_busy(str(error))
            raise
        has_feeds = bool(self.crawler.settings.getdict("FEEDS"))
        if outcome is not None and self.is_own and has_feeds and not self.crawler.get_extension(FeedExporter):
            outcome.output_failed("the outputs' settings are not valid: the log above says why")
        if self.is_own and not has_feeds:
            logger.warning(NO_OUTPUT)
        self._run = await self.ledger.start_run(os.getpid(), now())
        earlier = await self.ledger.outputs()
        self._line_counts = {output.path: await self.ledger.count_articles_in(output.path) for output in earlier}
        killed = [output for output in earlier if output.is_open]
        self._killed = {output.path for output in killed}
        is_shared, many = not self.is_own, has_many_writers(self._ledger_url)
        recovered = [
            record for output in killed for record in recover_records(output, is_shared=is_shared, is_cut=many)
        ]
        await self.ledger.commit(recovered, [replace(output, is_open=False) for output in killed])
        if recovered:
            self.crawler.stats.inc_value("delivery/recovered_count", len(recovered))
            logger.info("%d lines of a killed run were recovered", len(recovered))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self.seconds)
            await self.flush()

    def expect(self, item: Article | Rejection, record: FetchRecord) -> None:
        """Keep the record of an item that is on its way to the outputs."""
        self._expected[item_key(item)] = record
        if record.article is not None:
            self._recent[record.article.id] = record.article

    def enqueue(self, record: FetchRecord) -> None:
        """Add a record to the next group, from synchronous code."""
        self._pending.append(record)

    async def commit_soon(self, record: FetchRecord) -> None:
        """Add a record to the next group that is committed."""
        self.enqueue(record)
        if len(self._pending) >= self.most:
            await self.flush()

    async def item_written(self, item: Article | Rejection) -> None:
        """An item was written; its line is not synced to disk yet."""
        record = self._expected.pop(item_key(item), None)
        outcome = RunStatus.of(self.crawler)
        if record is None or (outcome is not None and outcome.failed_output):
            return
        output = next(iter(self._article_outputs[-1:]), None) if record.article is not None else None
        await self.commit_soon(replace(record, output=output))

    def item_lost(self, item: Article | Rejection) -> None:
        """An item was dropped or failed in a pipeline: it is not done, and the next run fetches it again."""
        record = self._expected.pop(item_key(item), None)
        if record is not None and record.article is not None:
            self._recent.pop(record.article.id, None)

    async def find_article(self, id_: str) -> ArticleState | None:
        """An article by its id, including one whose line is pending."""
        return self._recent.get(id_) or await self.ledger.find_article(id_)

    async def repeated_lines(self, lines: Collection[bytes]) -> frozenset[bytes]:
        """The lines among these, without their numbers, that several articles have."""
        return await self.ledger.repeated_lines(lines) if lines else frozenset()

    @staticmethod
    def now() -> int:
        """The time, seconds since 1970."""
        return now()

    async def has_article_among(self, candidates: list[DiscoveredUrl]) -> bool:
        """True when an earlier run found an article at one of the URLs, for any source."""
        return await self.ledger.has_article_among([candidate.url for candidate in candidates])

    async def related_articles(self, url: str, id_: str, fingerprint: str, signature: bytes) -> RelatedArticles:
        """Known articles with the URL, id, text or a similar text of an article, including those whose line is pending.

        Articles that are near-duplicates themselves are never in ``similar``, neither from the ledger nor pending ones.
        """
        bands = minhash.bands(signature) if self.threshold and signature else frozenset[bytes]()
        pending, recent = self._recent.get(id_), self._latest_recent()  # before they are written and no longer pending
        near = (article for article in recent if article.duplicate_of is None)
        near = (article for article in near if not bands.isdisjoint(minhash.bands(article.signature or b"")))
        matches = await self.ledger.related_articles(url, id_, fingerprint, bands)
        return replace(
            matches,
            article=pending or matches.article,
            with_text=(*(article for article in recent if article.fingerprint == fingerprint), *matches.with_text),
            similar=tuple({article.id: article for article in (*matches.similar, *near)}.values()),
        )

    def _latest_recent(self) -> list[ArticleState]:
        return list(islice(reversed(self._recent.values()), MAX_RECENT))

    async def select_due(self, candidates: list[DiscoveredUrl], *, everything: bool) -> list[DiscoveredUrl]:
        """The discovered URLs that are to be fetched now; all of them with ``everything``."""
        return plainest_urls(candidates) if everything else await self.ledger.select_due(candidates, now())

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
        outcome = RunStatus.of(self.crawler)
        if outcome is not None and outcome.failed_output:
            return  # outputs stay open in the ledger: the next run recovers the lines that were written
        try:
            await self._write()
        except (OutputError, LedgerError) as error:
            if outcome is None:
                raise
            outcome.output_failed(str(error))

    async def _write(self) -> None:
        while unknown := [file for file in self._files if self._run and file.path not in self._registered]:
            opened = [Output(path=output_path(file.path), offset=file.tell(), is_open=True) for file in unknown]
            await self.ledger.commit((), opened)
            self._registered |= {file.path for file in unknown}
        for _, result in self.crawler.signals.send_catch_log(lines_syncing):
            if isinstance(result, Failure):
                result.raiseException()
        report = self.crawler.get_extension(Report)
        unsynced = report.unsynced() if report is not None else ()
        pending, self._pending = self._pending, []
        closing, self._closing = self._closing, []
        outputs = [
            Output(path=output_path(file.path), offset=file.sync(), is_open=file not in closing) for file in self._files
        ]
        outputs += [Output(path=path, offset=0, is_open=False) for path in self._whole]
        if self._run and (pending or closing):
            self._tell_refused(await self.ledger.commit(pending, outputs))
        if report is not None:
            report.lines_synced(unsynced)
        for file in closing:
            file.close()
        self._files = [file for file in self._files if file not in closing]
        for record in pending:
            if record.article is not None and self._recent.get(record.article.id) is record.article:
                del self._recent[record.article.id]

    def _tell_refused(self, refused: Sequence[RefusedUrl]) -> None:
        """Log the records that the ledger refused, and report their sources as failed: the next run may meet them."""
        outcome = RunStatus.of(self.crawler)
        for refusal in refused[:MAX_LOGGED_REFUSALS]:
            logger.error("%s: the ledger does not take what its server sent: %s", refusal.url, refusal.error)
        if refused:
            self.crawler.stats.inc_value("delivery/refused_count", len(refused))
        for source in dict.fromkeys(refusal.source for refusal in refused):
            if outcome is not None and source not in outcome.failed_sources:
                outcome.source_failed(source, "its server sent what the ledger does not take")

    async def finish(self) -> None:
        """Commit the remaining records, write the report, and close the ledger."""
        if self._timer is not None:
            async with self._flushing:  # not in the midst of a commit
                self._timer.cancel()
            with suppress(asyncio.CancelledError):
                await self._timer
        outcome = RunStatus.of(self.crawler)
        if self.is_deferred and not self._is_stored() and outcome is not None:
            outcome.output_failed("an output could not be stored; its articles will come again")
        async with self._flushing:
            await self._commit()
        changed = sum(record.article is not None for record in self._expected.values())
        if changed and outcome is not None:
            outcome.output_failed(NO_RECORD.format(count=changed))
        report = self.crawler.get_extension(Report)
        if self._run and report is not None and outcome is not None and outcome.is_quiet:
            await self._tell_known(report)
        if self._run and report is not None:
            if outcome is not None and outcome.failed_output:
                report.output_failed()
            try:
                summary = await report.finish(self.ledger)
                status = outcome.exit_status if outcome else 0
                await self.ledger.finish_run(self._run, now(), status, summary)
            except LedgerError as error:
                logger.error("%s", error)  # noqa: TRY400  one clear line
        if "ledger" in vars(self):  # it was opened
            self.ledger.close()
        if self._lock is not None:
            self._lock.release()

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
