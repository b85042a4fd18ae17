"""The run report: articles, rejections and missing fields of each source, as ``run.json`` and for Prometheus."""

from __future__ import annotations

import json
import logging
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self

import msgspec
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from cleaners.types import Article, Rejection
from cleaners.urls.resolve import bare_host
from crawler.config.settings_values import SettingsValues
from crawler.context import CrawlContext
from crawler.files.atomic import replace_file
from crawler.files.paths import REPORT, companion, local_path, outputs_of
from crawler.items import ItemKey, item_key
from crawler.ledger.recrawl import NOT_MODIFIED
from crawler.ledger.types import Ledger
from crawler.reasons import PageClass, PendingReason, class_of
from crawler.run_report.account import SettledUrl, Tally, UrlOutcome
from crawler.run_report.figures import SiteFigures
from crawler.run_report.page_classes import SPECIAL_ARTICLES, describe_walls, page_classes
from crawler.run_report.redesigns import find_redesign
from crawler.run_report.regressions import SiteShares, find_regressions
from crawler.run_report.report_types import COUNTED_FIELDS, RunReport, SiteAccount, read_report
from crawler.run_report.status import RunStatus
from crawler.signals import item_lost, item_written, walled

logger = logging.getLogger("copydesk")

MAX_HISTORY_RUNS = 30
"""Maximum number of earlier runs that a site is compared with: a month of daily runs, 30 hours of hourly ones."""

STATUS_COUNTS = {200: "fetched", NOT_MODIFIED: "not_modified"}
"""The count of a :class:`SiteAccount` in which a response is, by its status."""

CountedOutcome = tuple[str, tuple[UrlOutcome, str]]
"""The source and the outcome under which an item is counted."""


class Report:
    """Counts by source during the crawl; writes the report at the end."""

    def __init__(self, crawler: Crawler, path: str | None, prometheus: str | None) -> None:
        self.crawler = crawler
        self.path = path
        self.prometheus = prometheus
        self.started = time.time()
        self._sources: dict[str, str] = {}
        """The source of the articles of each host, without ``www.``, that had one in this run."""
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._listings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._figures: defaultdict[str, SiteFigures] = defaultdict(SiteFigures)
        self.tally = Tally(crawler.signals)
        self._items: dict[ItemKey, CountedOutcome] = {}
        """Items that are in the pipelines."""
        self._unsynced: dict[ItemKey, CountedOutcome] = {}
        """Items whose lines are not synced to disk."""
        self._missing: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._times: dict[str, tuple[float, float]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the files from ``COPYDESK_REPORT_PATH`` and ``COPYDESK_PROMETHEUS_PATH``.

        The report path ``auto`` means a file beside the first local output.
        """
        values = SettingsValues.of(crawler.settings)
        path = report_path(values.report_path, crawler.settings.getdict("FEEDS"))
        report = cls(crawler, path, values.prometheus_path or None)
        crawler.signals.connect(report.response_received, signals.response_received)
        crawler.signals.connect(report.item_written, item_written)
        crawler.signals.connect(report.item_lost, item_lost)
        crawler.signals.connect(report.count_walled, walled)
        return report

    def count(self, source: str, name: str, by: int = 1) -> None:
        """Increase a count of a source's :class:`SiteAccount`."""
        self._counts[source][name] += by

    def response_received(self, response: Response, request: Request) -> None:
        """Count a response of any status."""
        context = request.cb_kwargs.get("context")
        if isinstance(context, CrawlContext):
            source = context.source.name
            self.count(source, "requests")
            self.count(source, "bytes", len(response.body))
            if response.status in STATUS_COUNTS:
                self.count(source, STATUS_COUNTS[response.status])
            now = time.time()
            self._times[source] = self._times.get(source, (now, now))[0], now
            latency = float(request.meta.get("download_latency") or 0.0)
            self._figures[source].add_response(now - self.started, len(response.body), latency, response.url)

    def count_listing(self, source: str, result: str) -> None:
        """Count a feed or sitemap of a source: ``read``, ``not_modified``, or why it could not be read."""
        self._listings[source][result] += 1

    def count_followed(self, source: str, page_class: PageClass | None) -> None:
        """Count a page that was followed, by what it is."""
        self.count(source, f"followed {page_class or PageClass.LISTING}")

    def count_walled(self, source: str) -> None:
        """Count a response of a source that is a bot challenge."""
        self.count(source, "walled")

    def count_item(self, source: str, item: Article | Rejection, settled: tuple[SettledUrl, ...]) -> None:
        """Count an item that the pipelines will process, with the outcomes of its URLs."""
        for outcome in settled:
            self._items[item_key(item)] = self.tally.owner(source, outcome.url), (outcome.result, outcome.reason)
        if isinstance(item, Article):
            self._sources.setdefault(bare_host(item.url), source)
            lacking = [field for field in COUNTED_FIELDS if not getattr(item, field)]
            self._missing[source].update(lacking)
            self._figures[source].add_article(item)
            for category in ("written", *(f"missing {field}" for field in lacking)):
                self.tally.examples.add(source, category, item.url, item.title)
            self.count(source, class_of(item))
            self.count(source, "copies", item.duplicate_of is not None)

    def item_written(self, item: Article | Rejection) -> None:
        """An item has passed the pipelines and exporters; its line is not synced to disk yet."""
        key = item_key(item)
        if key in self._items:
            self._unsynced[key] = self._items.pop(key)

    def unsynced(self) -> tuple[ItemKey, ...]:
        """Keys of the items whose lines are not synced."""
        return tuple(self._unsynced)

    def lines_synced(self, keys: tuple[ItemKey, ...]) -> None:
        """The lines of items are on disk."""
        for key in keys:
            self._unsynced.pop(key, None)

    def output_failed(self) -> None:
        """Count items without a synced line as pending: the next run takes over existing lines, fetches the rest."""
        for source, result in self._unsynced.values():
            self.tally.correct(source, result, UrlOutcome.PENDING, PendingReason.OUTPUT)
        self._unsynced.clear()

    def item_lost(self, item: Article | Rejection) -> None:
        """Count an item that a pipeline dropped or failed on as pending: the next run fetches it again."""
        entry = self._items.pop(item_key(item), None)
        if entry is not None:
            source, result = entry
            self.tally.correct(source, result, UrlOutcome.PENDING, PendingReason.PIPELINE)

    def summary(self) -> dict[str, SiteAccount]:
        """The account of each source, by its name."""
        return {name: self._account(name) for name in sorted({*self._counts, *self.tally.url_counts})}

    def _account(self, name: str) -> SiteAccount:
        first, last = self._times.get(name, (0.0, 0.0))
        counts, figures, sums = self._counts[name], self._figures[name], self.tally.sums(name)
        return SiteAccount(
            **msgspec.structs.asdict(sums),
            requests=counts["requests"],
            bytes=counts["bytes"],
            fetched=counts["fetched"],
            not_modified=counts["not_modified"],
            paywalled=counts[PageClass.PAYWALLED],
            listings=dict(sorted(self._listings[name].items())),
            missing=dict(sorted(self._missing[name].items())),
            seconds=round(last - first, 3),
            text=figures.text,
            removed=figures.removed,
            published=figures.published,
            timeline=figures.timeline.figures,
            slowest=figures.slowest,
            examples=self.tally.examples.of(name),
            titles=self.tally.examples.titles(name),
            degraded=[],
            pages=page_classes(
                sums,
                special={kind: counts[kind] for kind in SPECIAL_ARTICLES},
                followed={kind: counts[f"followed {kind}"] for kind in PageClass},
            ),
            walled=counts["walled"],
            confidence=figures.confidence,
            same_title=figures.same_title,
            copies=counts["copies"],
        )

    def close_account(self, waiting: Mapping[str, int], *, is_finished: bool) -> None:
        """Count URLs without an outcome as pending, and check the sums.

        Args:
            waiting: number of requests of each source that wait for the article quota.
            is_finished: False where the run ended early.
        """
        for source in self.tally.url_counts:
            if not is_finished:
                self.tally.set_pending(source, PendingReason.ENDED)
            elif self.tally.open_count(source) <= waiting.get(source, 0):
                self.tally.set_pending(source, PendingReason.MAX_ARTICLES)
        for source, count in self.tally.imbalances():
            self.crawler.stats.inc_value("report/without_outcome_count", count)
            logger.error("%s: %d URLs have no outcome; please report this", source, count)

    async def finish(self, ledger: Ledger) -> dict[str, object]:
        """Compare with earlier runs and write the files.

        Returns:
            The content of ``run.json``, for the ledger.
        """
        sites, outcome = self.summary(), RunStatus.of(self.crawler)
        problems = await self._find_problems(sites, ledger)
        lines = [f"{source}: {problem}" for source, problem in problems]
        for line in lines:
            logger.warning("degraded: %s", line)
        if outcome is not None:
            outcome.degraded = lines
        ended = time.time()
        report = RunReport(
            started=format_time(self.started),
            ended=format_time(ended),
            exit_status=int(outcome.exit_status) if outcome else 0,
            outputs=outputs_of(self.crawler.settings.getdict("FEEDS")),
            ended_by=outcome.ended_by if outcome else "",
            failed_sources=dict(outcome.failed_sources) if outcome else {},
            degraded=lines,
            sites={
                name: msgspec.structs.replace(account, degraded=[problem for site, problem in problems if site == name])
                for name, account in sites.items()
            },
        )
        values: dict[str, object] = msgspec.to_builtins(report)
        if self.path is not None:
            text = json.dumps(values, ensure_ascii=False, indent=2) + "\n"
            _write(self.path, lambda path: replace_file(Path(path), text.encode()))
        if self.prometheus is not None:
            from prometheus_client import write_to_textfile  # noqa: PLC0415  80 ms that only few crawls need

            from crawler.run_report.prometheus import metrics  # noqa: PLC0415

            _write(self.prometheus, lambda path: write_to_textfile(path, metrics(report, ended)))
        return values

    async def _find_problems(self, sites: Mapping[str, SiteAccount], ledger: Ledger) -> list[tuple[str, str]]:
        """The regressions and redesigns of the sites: pairs of source and description."""
        reports = [read_report(run.report) for run in await ledger.runs(MAX_HISTORY_RUNS)]
        history = [SiteShares.of_sites(report.sites) for report in reports if report is not None]
        problems = find_regressions(SiteShares.of_sites(sites), history)
        problems += [(name, problem) for name, account in sites.items() if (problem := describe_walls(account))]
        for host, layouts in (await ledger.layouts(int(self.started))).items():
            source = self._sources.get(host)
            if source is not None and (redesign := find_redesign(layouts, int(time.time()))):  # else of another run
                problems.append((source, str(redesign)))
        return problems


def report_path(named: str, feeds: Iterable[str]) -> str | None:
    """The path of the report, or None.

    Args:
        named: the setting ``COPYDESK_REPORT_PATH``; ``auto`` for a file beside the first local output.
        feeds: Scrapy's ``FEEDS``, or its URIs.
    """
    if named != "auto":
        return named or None
    outputs = map(local_path, feeds)
    first = next((path for path in outputs if path and not os.path.realpath(path).startswith("/dev/")), None)
    return companion(first, REPORT) if first else None


def _write(path: str, write: Callable[[str], None]) -> None:
    """Write a file; log the reason where it cannot be written."""
    try:
        write(path)
    except OSError as error:
        logger.error("cannot write %s: %s", path, error.strerror)  # noqa: TRY400  one clear line


def format_time(moment: float) -> str:
    """Seconds since 1970 as ISO 8601 in UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(moment))
