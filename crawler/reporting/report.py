"""The run report: what each source gave, what it refused and what was missing, as ``run.json`` and for Prometheus."""

from __future__ import annotations

import json
import logging
import os
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals
from scrapy.http import Response

from cleaners.types import Article, Rejection
from crawler.ledger.recrawl import NOT_MODIFIED
from crawler.output.line_files import path_of
from crawler.reporting.outcome import RunOutcome
from crawler.reporting.prometheus import exposition
from crawler.reporting.regressions import Health, find_regressions
from crawler.scheduling.context import CrawlContext

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.ledger.types import Ledger

logger = logging.getLogger("copydesk")

FIELDS = ("title", "published", "authors", "language", "section", "description", "images")
"""Fields whose absence is counted."""

HISTORY = 30
"""Earlier runs that a site is compared with: a month of daily runs, a day and more of hourly ones."""

COUNTS = ("found", "requests", "bytes", "fetched", "not_modified", "new", "changed", "unchanged", "duplicates")
"""What is counted of a source, in the order it is told."""


ANSWERS = {200: "fetched", NOT_MODIFIED: "not_modified"}
"""What answers are counted as."""


class Report:
    """Counts by source while the crawl runs; tells it at the end."""

    def __init__(self, crawler: Crawler, path: str | None, prometheus: str | None) -> None:
        self.crawler = crawler
        self.path = path
        self.prometheus = prometheus
        self.started = time.time()
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._rejected: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._missing: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._times: dict[str, tuple[float, float]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the files from ``REPORT_PATH`` (``auto``: beside the first local output) and ``PROMETHEUS_PATH``."""
        settings = crawler.settings
        path = settings.get("REPORT_PATH")
        if path == "auto":
            outputs = (path_of(uri) for uri in settings.getdict("FEEDS"))
            first = next((one for one in outputs if one and not os.path.realpath(one).startswith("/dev/")), None)
            path = str(Path(first).with_name("run.json")) if first else None
        report = cls(crawler, path or None, settings.get("PROMETHEUS_PATH") or None)
        crawler.signals.connect(report.response_received, signals.response_received)
        return report

    def count(self, source: str, name: str, by: int = 1) -> None:
        """Count something of a source: one of ``COUNTS``."""
        self._counts[source][name] += by

    def response_received(self, response: Response, request: Request) -> None:
        """Count an answer, whatever it is."""
        visit = request.cb_kwargs.get("visit")
        if isinstance(visit, CrawlContext):
            source = visit.source.name
            self.count(source, "requests")
            self.count(source, "bytes", len(response.body))
            if response.status in ANSWERS:
                self.count(source, ANSWERS[response.status])
            first, _ = self._times.get(source, (time.time(), 0.0))
            self._times[source] = first, time.time()

    def item(self, source: str, item: Article | Rejection) -> None:
        """Count an item that a source gave."""
        if isinstance(item, Rejection):
            self._rejected[source][item.reason] += 1
            return
        self._missing[source].update(field for field in FIELDS if not getattr(item, field))

    def summary(self) -> dict[str, dict[str, Any]]:
        """What each source gave, by its name."""
        names = sorted({*self._counts, *self._rejected})
        return {name: self._of(name) for name in names}

    def _of(self, name: str) -> dict[str, Any]:
        counts = self._counts[name]
        first, last = self._times.get(name, (0.0, 0.0))
        return {
            **{key: counts[key] for key in COUNTS},
            "rejected": dict(sorted(self._rejected[name].items())),
            "missing": dict(sorted(self._missing[name].items())),
            "seconds": round(last - first, 3),
        }

    async def finish(self, ledger: Ledger) -> dict[str, Any]:
        """Compare with earlier runs, write the files, and give what the ledger is to keep."""
        sites = self.summary()
        outcome = RunOutcome.of(self.crawler)
        history = [Health.of(run.report.get("sites", {})) for run in await ledger.runs(HISTORY) if run.ended]
        found = find_regressions(Health.of(sites), history)
        for ailment in found:
            logger.warning("degraded: %s", ailment)
        if outcome is not None:
            outcome.degraded = found
        told = {
            "started": iso(self.started),
            "ended": iso(time.time()),
            "exit_status": outcome.exit_status if outcome else 0,
            "failed_sources": dict(outcome.failed_sources) if outcome else {},
            "degraded": found,
            "sites": sites,
        }
        self._write(self.path, json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        self._write(self.prometheus, exposition(told, time.time()))
        return told

    @staticmethod
    def _write(path: str | None, text: str) -> None:
        """Replace a file at once: readers see the old one or the new one."""
        if path is None:
            return
        part = Path(f"{path}.{os.getpid()}.part")
        try:
            part.write_text(text, "utf-8")
            part.replace(path)
        except OSError as error:
            logger.error("cannot write %s: %s", path, error.strerror)  # noqa: TRY400  one clear line


def iso(moment: float) -> str:
    """ISO 8601 in UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(moment))
