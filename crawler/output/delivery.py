"""Lossless output: an address is done in the ledger only after its line is on the disk."""

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
from crawler.ledger import minhash
from crawler.ledger.file import MEMORY, open_ledger
from crawler.ledger.recrawl import DAY
from crawler.ledger.types import DiscoveredUrl, ArticleState, Known, LedgerError, Output, FetchRecord
from crawler.output.line_files import LineFile, OutputError
from crawler.output.recovery import absolute, left
from crawler.reporting.outcome import RunOutcome
from crawler.reporting.report import Report
from crawler.scheduling.dupefilter import Seen
from crawler.util.clock import now

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.crawler import Crawler

    from crawler.ledger.types import Ledger

logger = logging.getLogger("copydesk")

STARTS_ANEW = "%s starts anew: %d articles that were in it are in the ledger and do not come again; -o appends, -a refresh=all fetches them again"


def ledger_path(settings: BaseSettings) -> str:
    """The ledger's file: ``LEDGER_PATH``, beside the project's other data where it is relative; in memory where it is empty."""
    path = str(settings.get("LEDGER_PATH") or "")
    return data_path(path, createdir=False) if path and path != MEMORY else MEMORY


class Delivery:
    """Holds what came of each address until its line is on the disk, then commits it, a group at a time."""

    def __init__(
        self, crawler: Crawler, ledger: Ledger, *, most: int, seconds: float, threshold: float, is_deferred: bool
    ) -> None:
        self.crawler = crawler
        self.ledger = ledger
        self.most = most
        self.seconds = seconds
        self.threshold = threshold
        """Similarity from which texts are near-duplicates; 0 where nobody asks."""
        self.is_deferred = is_deferred
        """True when an output is stored as a whole at the end: nothing is done before that."""
        self._files: list[LineFile] = []
        self._closing: list[LineFile] = []
        self._registered: set[str] = set()
        """Outputs that the ledger knows to be open: no line is written before."""
        self._article_outputs: list[str] = []
        self._killed: set[str] = set()
        """Outputs that a killed run left open."""
        self._held: dict[str, int] = {}
        """Articles whose line is in an output, at the begin of the run."""
        self._is_refresh = False
        self._expected: dict[tuple[type, str], FetchRecord] = {}
        self._pending: list[FetchRecord] = []
        self._recent: dict[str, ArticleState] = {}
        self._met = Seen()
        """Articles of a run that fetches everything again."""
        self._run = 0
        self._timer: asyncio.Task[None] | None = None
        self._flushing = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the ledger; a crawl without an output keeps nothing beyond its end."""
        settings = crawler.settings
        feeds = settings.getdict("FEEDS")
        delivery = cls(
            crawler,
            open_ledger(ledger_path(settings) if feeds else MEMORY, is_checked=settings.getbool("LEDGER_CHECKED")),
            most=settings.getint("OUTPUT_SYNC_LINES"),
            seconds=settings.getfloat("OUTPUT_SYNC_SECONDS"),
            threshold=0.0 if settings["DUPLICATES"] == "off" else settings.getfloat("DUPLICATES_THRESHOLD"),
            is_deferred=any("://" in str(uri) and not str(uri).startswith(("file:", "stdout:")) for uri in feeds),
        )
        crawler.signals.connect(delivery.item_scraped, signals.item_scraped)
        crawler.signals.connect(delivery.item_lost, signals.item_dropped)
        crawler.signals.connect(delivery.item_lost, signals.item_error)
        crawler.signals.connect(delivery.finish, signals.feed_exporter_closed if feeds else signals.spider_closed)
        return delivery

    def opened(self, file: LineFile, *, is_new: bool, is_for_articles: bool) -> None:
        """An output was opened, to go on at its end or to start anew.

        One that is to start anew goes on where a killed run began it, unless everything is fetched again.
        """
        path = absolute(file.path)
        if is_new and (self._is_refresh or path not in self._killed):
            file.restart()
            if self._held.get(path) and not self._is_refresh:
                logger.warning(STARTS_ANEW, file.path, self._held[path])
        file.end_line()
        self._files.append(file)
        if is_for_articles:
            self._article_outputs.append(path)

    def closing(self, file: LineFile) -> None:
        """Nothing more comes for an output: the next commit closes it."""
        self._closing.append(file)

    async def begin(self, *, is_refresh: bool = False) -> None:
        """Note the run, and take in what a run that was killed left in its outputs, before anything is asked."""
        self._is_refresh = is_refresh
        outcome = RunOutcome.of(self.crawler)
        if (
            outcome is not None
            and self.crawler.settings.getdict("FEEDS")
            and not self.crawler.get_extension(FeedExporter)
        ):
            outcome.output_failed("the outputs' settings are not valid: the log above says why")
        self._run = await self.ledger.begin(os.getpid(), now())
        earlier = await self.ledger.outputs()
        self._held = {output.path: await self.ledger.articles_in(output.path) for output in earlier}
        killed = [output for output in earlier if output.is_open]
        self._killed = {output.path for output in killed}
        adopted = [visited for output in killed for visited in left(output)]
        await self.ledger.commit(adopted, [replace(output, is_open=False) for output in killed])
        if adopted:
            self.crawler.stats.inc_value("delivery/recovered_count", len(adopted))
            logger.info("%d lines of a run that was killed are taken over", len(adopted))
        self._timer = asyncio.ensure_future(self._tick())

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self.seconds)
            await self.flush()

    def expect(self, item: Article | Rejection, visited: FetchRecord) -> None:
        """An item is on its way to the outputs; what came of its address waits for it."""
        self._expected[name(item)] = visited
        if visited.article is not None:
            self._recent[visited.article.id] = visited.article

    async def note(self, visited: FetchRecord) -> None:
        """What came of an address that gives no line."""
        self._pending.append(visited)
        if len(self._pending) >= self.most:
            await self.flush()

    async def item_scraped(self, item: object) -> None:
        """An item was written; by now its line is in the file, if not on the disk."""
        visited = self._expected.pop(name(item), None)
        outcome = RunOutcome.of(self.crawler)
        if visited is None or (outcome is not None and outcome.failed_output):
            return
        output = next(iter(self._article_outputs[-1:]), None) if isinstance(item, Article) else None
        await self.note(replace(visited, output=output))

    def item_lost(self, item: object) -> None:
        """An item that a pipeline dropped is not done: it comes again."""
        visited = self._expected.pop(name(item), None)
        if visited is not None and visited.article is not None:
            self._recent.pop(visited.article.id, None)

    async def article(self, id_: str) -> ArticleState | None:
        """An article by its id, also one whose line is still on its way."""
        return self._recent.get(id_) or await self.ledger.article(id_)

    async def same(self, fingerprint: str) -> list[ArticleState]:
        """Articles with exactly this text, also those whose line is still on its way."""
        return [
            *(one for one in self._on_their_way() if one.fingerprint == fingerprint),
            *await self.ledger.same(fingerprint),
        ]

    async def alike(self, signature: bytes) -> tuple[ArticleState, float] | None:
        """The known article that is most like a text, when it is alike enough."""
        if not self.threshold or not signature:
            return None
        mine = minhash.bands(signature)
        near = (one for one in self._on_their_way() if not mine.isdisjoint(minhash.bands(one.signature or b"")))
        candidates = [*near, *await self.ledger.alike(mine)]
        scored = [(minhash.similarity(signature, one.signature or b""), one) for one in candidates]
        score, found = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return (found, score) if found is not None and score >= self.threshold else None

    def _on_their_way(self) -> list[ArticleState]:
        return list(islice(reversed(self._recent.values()), MAX_RECENT))

    async def fresh(self, found: list[DiscoveredUrl], *, everything: bool) -> list[Known]:
        """Those of the addresses found that are to be asked now."""
        if everything:
            return [Known(url=one.url, role=one.role, depth=one.depth) for one in found]
        return await self.ledger.fresh(found, now())

    def due(self, source: str, *, everything: bool) -> AsyncIterator[Known]:
        """Addresses that earlier runs left to ask, or that are to be asked again."""
        return self.ledger.due(source, now(), everything=everything)

    def is_on_its_way(self, id_: str) -> bool:
        """True for an article whose line is not on the disk yet."""
        return id_ in self._recent

    def is_first(self, id_: str) -> bool:
        """True the first time that an article is met in this run."""
        return self._met.add(blake2b(id_.encode(), digest_size=8).digest())

    @staticmethod
    def latest() -> int:
        """The latest date of a listing that is believed: tomorrow, since sites give local dates."""
        return now() + DAY

    async def flush(self) -> None:
        """Put the lines on the disk, then tell the ledger."""
        if self.is_deferred:
            return
        async with self._flushing:
            await self._commit()

    async def _commit(self) -> None:
        """Register outputs, write their lines, then tell the ledger what is done: in this order a crash loses and doubles nothing."""
        outcome = RunOutcome.of(self.crawler)
        if outcome is not None and outcome.failed_output:
            return  # outputs stay open in the ledger: the next run takes over the lines that are there
        try:
            await self._write()
        except (OutputError, LedgerError) as error:
            if outcome is None:
                raise
            outcome.output_failed(str(error))

    async def _write(self) -> None:
        unknown = [file for file in self._files if file.path not in self._registered]
        if unknown:
            await self.ledger.commit(
                (), [Output(path=absolute(f.path), offset=f.tell(), is_open=True) for f in unknown]
            )
            self._registered |= {file.path for file in unknown}
        pending, self._pending = self._pending, []
        closing, self._closing = self._closing, []
        outputs = [
            Output(path=absolute(file.path), offset=file.sync(), is_open=file not in closing) for file in self._files
        ]
        if pending or closing:
            await self.ledger.commit(pending, outputs)
        for file in closing:
            file.close()
        self._files = [file for file in self._files if file not in closing]
        for visited in pending:
            if visited.article is not None and self._recent.get(visited.article.id) is visited.article:
                del self._recent[visited.article.id]

    async def finish(self) -> None:
        """Commit what is left, write the report, and let the ledger go."""
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
                told = await report.finish(self.ledger)
                await self.ledger.end(self._run, now(), outcome.exit_status if outcome else 0, told)
            except LedgerError as error:
                logger.error("%s", error)  # noqa: TRY400  one clear line
        self.ledger.close()

    def _is_stored(self) -> bool:
        stats = self.crawler.stats.get_stats()
        return not any(name.startswith("feedexport/failed_count") for name in stats)


MAX_RECENT = 200
"""Texts on their way to the disk that a new one is compared with: more than a group, so that only whole uploads reach it."""


def name(item: object) -> tuple[type, str]:
    """What an item is waited for by."""
    return type(item), item.id if isinstance(item, Article) else str(getattr(item, "url", ""))
