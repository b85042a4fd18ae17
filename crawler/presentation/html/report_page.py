"""The report page: one run, site by site, with charts and the pages behind each figure."""

from __future__ import annotations

import shlex
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup

from crawler.presentation.html import charts
from crawler.presentation.html.page import render
from crawler.reasons import find_reason
from crawler.run_report.attention import Concern, concerns
from crawler.run_report.figures import merge_steps
from crawler.run_report.report_types import COUNTED_FIELDS, ReportedRun, SiteAccount, TimelineFigures

MAX_SITES_WITH_CHARTS = 60
"""Sites that have charts: first those that need a look, then the largest. All sites are in the table."""

MAX_BARS = 8
"""Kinds of removed blocks, and reasons, that have a bar of their own."""

MIN_CHART_STEPS = 3
"""Steps of a timeline from which it has a chart."""

MIN_COVERAGE_ARTICLES = 1
"""Fewest new or changed articles of an earlier run for which its coverage of fields counts as usual."""


class Example(NamedTuple):
    """A page behind a figure."""

    url: str
    is_link: bool
    """True for an http URL, which may be a link."""
    command: str
    """The command that inspects it."""


class Reason(NamedTuple):
    """How many URLs had an outcome for a reason, with examples."""

    outcome: str
    words: str
    """The reason for people."""
    reason: str
    urls: int
    """How many."""
    examples: list[Example]


class Coverage(NamedTuple):
    """The share of a site's new articles that have a field: in this run, and usually."""

    field: str
    now: float
    usual: float | None
    examples: list[Example]
    """Articles that lack it."""


class SitePart(NamedTuple):
    """A site's part of the page."""

    name: str
    anchor: str
    concerns: list[str]
    reasons: list[Reason]
    written: list[Example]
    coverage: list[Coverage]
    charts: list[Markup]
    slowest: list[tuple[float, Example]]


def report_page(reported: ReportedRun, history: Sequence[ReportedRun]) -> str:
    """The HTML of a run's report.

    Args:
        reported: the run, which has ended.
        history: runs before it, newest first.
    """
    run, report = reported
    sites, run_concerns = report.sites, concerns(report)
    by_size = sorted(sites, key=lambda name: -sites[name].found)
    names = list(dict.fromkeys([*(concern.site for concern in run_concerns if concern.site in sites), *by_size]))
    anchors = {name: f"site-{number}" for number, name in enumerate(sites)}
    funnels = {name: _funnel(account) for name, account in sites.items()}
    totals = Counter[str]()
    for funnel in funnels.values():
        totals.update(funnel)
    return render(
        "report.html",
        "tables.js",
        run=run,
        ended_by=report.ended_by,
        took=(run.ended or run.started) - run.started,
        began=time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(run.started)),
        concerns=run_concerns,
        anchors=anchors,
        sites=sites,
        funnels=funnels,
        totals=totals,
        charts=_run_charts(reported, history),
        parts=[
            _part(name, anchors[name], sites[name], run_concerns, history) for name in names[:MAX_SITES_WITH_CHARTS]
        ],
        left=max(0, len(names) - MAX_SITES_WITH_CHARTS),
    )


def _funnel(account: SiteAccount) -> dict[str, int]:
    """Numbers of URLs as a funnel: found, fetched, articles; then the new and the changed ones, and all outcomes."""
    return {
        "found": account.found,
        "fetched": account.fetched_count,
        "articles": account.written + account.unchanged,
        "new": account.new,
        "changed": account.changed,
        **account.by_outcome,
    }


def _run_charts(reported: ReportedRun, history: Sequence[ReportedRun]) -> list[Markup]:
    timelines = [account.timeline for account in reported.report.sites.values() if account.timeline.responses]
    run_charts = _timeline(timelines) if timelines else []
    if history:
        charted_runs = (*reversed(history), reported)
        labels = [f"run {run.id}" for run, _ in charted_runs]
        written = [sum(account.written for account in report.sites.values()) for _, report in charted_runs]
        run_charts.append(charts.columns("articles written, by run", labels, written, is_line=True))
    return run_charts


def _timeline(timelines: Sequence[TimelineFigures]) -> list[Markup]:
    """Charts of responses and bytes over time, summed over timelines whose steps may differ in length."""
    step = max(timeline.step for timeline in timelines)
    responses = charts.column_sums(merge_steps(timeline.responses, step // timeline.step) for timeline in timelines)
    sizes = charts.column_sums(merge_steps(timeline.bytes, step // timeline.step) for timeline in timelines)
    labels = [_minutes(step * number) for number in range(len(responses))]
    if len(labels) < MIN_CHART_STEPS:
        return []
    return [
        charts.columns("responses a second", labels, [count / step for count in responses], is_line=True),
        charts.columns("bytes a second", labels, [size / step for size in sizes], is_line=True),
    ]


def _minutes(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _part(
    name: str, anchor: str, account: SiteAccount, run_concerns: Sequence[Concern], history: Sequence[ReportedRun]
) -> SitePart:
    return SitePart(
        name=name,
        anchor=anchor,
        concerns=[concern.why for concern in run_concerns if concern.site == name],
        reasons=list(_reasons(account)),
        written=_examples(account, "written"),
        coverage=list(_coverage(name, account, history)),
        charts=list(_site_charts(account)),
        slowest=[(seconds, _example(url)) for seconds, url in account.slowest],
    )


def _reasons(account: SiteAccount) -> Iterator[Reason]:
    for outcome, counts in account.by_reason.items():
        for reason, count in sorted(counts.items(), key=lambda pair: -pair[1]):
            examples = _examples(account, f"{outcome} {reason}")
            yield Reason(outcome.replace("_", " "), find_reason(reason).words, reason, count, examples)
    if account.duplicate:
        yield Reason("duplicate", "", "", account.duplicate, _examples(account, "duplicate"))


def _coverage(name: str, account: SiteAccount, history: Sequence[ReportedRun]) -> Iterator[Coverage]:
    if not account.written:
        return
    earlier = [report.sites[name] for _, report in history if name in report.sites]
    baseline = [previous for previous in earlier if previous.written >= MIN_COVERAGE_ARTICLES]
    for field in COUNTED_FIELDS:
        usual = [_share_with(field, previous) for previous in baseline]
        examples = _examples(account, f"missing {field}")
        yield Coverage(field, _share_with(field, account), median(usual) if usual else None, examples)
    if account.confidence is not None:
        known = [previous.confidence for previous in baseline if previous.confidence is not None]
        yield Coverage("confidence in the texts", account.confidence, median(known) if known else None, [])


def _share_with(field: str, account: SiteAccount) -> float:
    """The share of the written articles that have a field."""
    return 1 - account.missing.get(field, 0) / account.written


def _site_charts(account: SiteAccount) -> Iterator[Markup]:
    yield charts.bars("URLs by outcome", {name.replace("_", " "): count for name, count in account.by_outcome.items()})
    reasons = Counter[str]()
    for counts in account.by_reason.values():
        for reason, count in counts.items():
            reasons[find_reason(reason).words] += count
    if reasons:
        yield charts.bars("URLs without an article, by reason", charts.largest(reasons, MAX_BARS))
    if account.removed:
        yield charts.bars("characters removed, by kind", charts.largest(account.removed, MAX_BARS))
    if account.text.lengths:
        yield charts.columns("articles by length, characters", *_columns(account.text.lengths))
    if hours := account.published:
        yield charts.columns(
            "articles by hour of publication", [hour[5:].replace("T", " ") for hour in hours], [*hours.values()]
        )
    if account.timeline.responses:
        yield from _timeline([account.timeline])


def _columns(lengths: Mapping[str, int]) -> tuple[list[str], list[float]]:
    ordered = sorted(lengths, key=int)
    return ordered, [lengths[length] for length in ordered]


def _examples(account: SiteAccount, category: str) -> list[Example]:
    return [_example(url) for url in account.examples.get(category, ())]


def _example(url: str) -> Example:
    try:
        is_link = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        is_link = False
    return Example(url, is_link, f"scrapy inspect {shlex.quote(url)}")
