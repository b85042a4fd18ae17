"""The run report as typed values: the content of ``run.json``, which the ledger keeps of each run.

The order of the fields is the order of the keys. A field that a later version adds needs a default, so that the reports
before it are still read.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import msgspec

from crawler.ledger.types import Run

COUNTED_FIELDS = ("title", "published", "authors", "language", "section", "description", "images")
"""Fields of a record whose absence is counted."""

OUTCOMES = ("written", "unchanged", "duplicate", "rejected", "followed", "not_fetched", "pending")
"""Fields of an account whose sum is ``found``."""


class UrlAccount(msgspec.Struct, frozen=True, kw_only=True):
    """The URLs that one run found of a source: each is counted once, with one outcome."""

    found: int
    written: int
    """New and changed articles."""
    new: int
    changed: int
    unchanged: int
    duplicate: int
    rejected: dict[str, int]
    """By reason, as ``not_fetched`` and ``pending`` are."""
    followed: int
    """Pages that list others, which were followed."""
    not_fetched: dict[str, int]
    pending: dict[str, int]

    @property
    def by_outcome(self) -> dict[str, int]:
        """Number of URLs by outcome, in the order of ``OUTCOMES``."""
        counts = {name: getattr(self, name) for name in OUTCOMES}
        return {name: sum(count.values()) if isinstance(count, dict) else count for name, count in counts.items()}

    @property
    def by_reason(self) -> dict[str, dict[str, int]]:
        """Number of URLs by outcome and reason, for the outcomes that have reasons."""
        return {"rejected": self.rejected, "not_fetched": self.not_fetched, "pending": self.pending}

    @property
    def is_balanced(self) -> bool:
        """True where the outcomes add up to the URLs that were found."""
        return self.found == sum(self.by_outcome.values())

    @property
    def fetched_count(self) -> int:
        """Number of pages that were fetched, without the further pages of articles."""
        return self.found - sum(self.not_fetched.values()) - sum(self.pending.values())


class TextFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of the written articles."""

    chars: int
    lengths: dict[str, int]
    """Number of texts by the least length of their class, in characters."""


class TimelineFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Responses and bytes by time since the start of the run."""

    step: int
    """Seconds of a step."""
    responses: list[int]
    bytes: list[int]


class SiteAccount(UrlAccount, frozen=True, kw_only=True):
    """What one run has of a source."""

    requests: int
    bytes: int
    fetched: int
    """Responses with status 200."""
    not_modified: int
    paywalled: int
    listings: dict[str, int]
    """Feeds and sitemaps by result."""
    missing: dict[str, int]
    """Number of written articles that lack a field, by field."""
    seconds: float
    """Between the first response and the last."""
    text: TextFigures
    removed: dict[str, int]
    """Characters removed of the written articles, by kind."""
    published: dict[str, int]
    """Number of written articles by hour of publication."""
    timeline: TimelineFigures
    slowest: list[tuple[float, str]]
    """Seconds and URLs of the slowest responses, the slowest first."""
    examples: dict[str, list[str]]
    """URLs by outcome and reason."""
    degraded: list[str]
    """Figures that are far below those of earlier runs, changes of layout, and bot challenges, in words."""
    pages: dict[str, int] = {}
    """Pages that were fetched, by what they are (:class:`crawler.reasons.PageClass`)."""
    confidence: float | None = None
    """Mean ``text_confidence`` of the written articles; None without any."""
    copies: int = 0
    """Written articles with nearly the text of another, found before."""
    same_title: int = 0
    """Written articles that have the commonest title."""
    titles: dict[str, str] = {}
    """Titles of the articles among the examples, by URL."""
    walled: int = 0
    """Responses that are bot challenges: of pages, further pages, feeds and sitemaps."""


class RunReport(msgspec.Struct, frozen=True, kw_only=True):
    """The report of a run."""

    started: str
    ended: str
    exit_status: int
    outputs: list[str]
    """Names of the local outputs."""
    ended_by: str
    """Why the crawl ended, in Scrapy's words."""
    failed_sources: dict[str, str]
    """The sources that could not be read or never gave an article, with the reason."""
    degraded: list[str]
    """``degraded`` of all sites; each begins with the name of its source."""
    sites: dict[str, SiteAccount]
    """By the name of the source."""


EMPTY_REPORT = RunReport(
    started="", ended="", exit_status=0, outputs=[], ended_by="", failed_sources={}, degraded=[], sites={}
)


def read_report(values: object) -> RunReport | None:
    """A report as the ledger has it; None for a run without one, and for a report of another version."""
    try:
        return msgspec.convert(values, RunReport)
    except msgspec.ValidationError:
        return None


class ReportedRun(NamedTuple):
    """A run of the ledger, and its report: an empty one where :func:`read_report` reads none."""

    run: Run
    report: RunReport

    @classmethod
    def of(cls, run: Run) -> Self:
        """The run with its report."""
        return cls(run, read_report(run.report) or EMPTY_REPORT)
