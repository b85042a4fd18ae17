"""The report page: one run, site by site, with charts and the pages behind each figure."""

from __future__ import annotations

import shlex
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup

from crawler.ledger.types import Run
from crawler.presentation.html import charts
from crawler.presentation.html.page import render
from crawler.reasons import find_reason
from crawler.run_report.account import OUTCOMES, WITH_REASON, accounts, is_balanced, urls_of
from crawler.run_report.attention import Concern, concerns, fetched_count
from crawler.run_report.report import FIELDS

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
    account: dict[str, Any]
    concerns: list[str]
    reasons: list[Reason]
    written: list[Example]
    coverage: list[Coverage]
    charts: list[Markup]
    slowest: list[tuple[float, Example]]


def report_page(run: Run, history: Sequence[Run]) -> str:
    """The HTML of a run's report.

    Args:
        run: the run, which has ended.
        history: runs before it, newest first.
    """
    report = run.report
    sites = accounts(report)
    run_concerns = concerns(report)
    names = list(
        dict.fromkeys([*(concern.site for concern in run_concerns if concern.site in sites), *_by_size(sites)])
    )
    anchors = {name: f"site-{number}" for number, name in enumerate(sites)}
    return render(
        "report.html",
        "tables.js",
        run=run,
        report=report,
        took=(run.ended or run.started) - run.started,
        began=time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(run.started)),
        concerns=run_concerns,
        anchors=anchors,
        rows=[_row(name, sites[name]) for name in sites],
        totals=_totals(sites),
        charts=_run_charts(run, sites, history),
        parts=[
            _part(name, anchors[name], sites[name], run_concerns, history) for name in names[:MAX_SITES_WITH_CHARTS]
        ],
        left=max(0, len(names) - MAX_SITES_WITH_CHARTS),
    )


def _by_size(sites: Mapping[str, dict[str, Any]]) -> list[str]:
    return sorted(sites, key=lambda name: -sites[name]["found"])


def _row(name: str, account: dict[str, Any]) -> dict[str, Any]:
    """A site's row of the table, which begins as a funnel: found, fetched, articles."""
    got = fetched_count(account)
    articles = account["written"] + account["unchanged"]
    return {
        "site": name,
        "found": account["found"],
        "fetched": got,
        "articles": articles,
        "new": account["new"],
        "changed": account["changed"],
        "unchanged": account["unchanged"],
        "duplicate": account["duplicate"],
        "rejected": sum(account["rejected"].values()),
        "followed": account["followed"],
        "not_fetched": sum(account["not_fetched"].values()),
        "pending": sum(account["pending"].values()),
        "written": account["written"],
        "bytes": account["bytes"],
        "seconds": account["seconds"],
        "is_sound": is_balanced(account),
    }


def _totals(sites: Mapping[str, dict[str, Any]]) -> dict[str, int]:
    rows = [_row(name, account) for name, account in sites.items()]
    keys = ("found", "fetched", "articles", "new", "changed", *OUTCOMES, "bytes")
    return {key: sum(row[key] for row in rows) for key in keys}


def _run_charts(run: Run, sites: Mapping[str, dict[str, Any]], history: Sequence[Run]) -> list[Markup]:
    run_charts = []
    lines = [account["timeline"] for account in sites.values() if account.get("timeline", {}).get("responses")]
    if lines:
        run_charts += _timeline(lines)
    if history:
        labels = [f"run {charted_run.id}" for charted_run in (*reversed(history), run)]
        written = [_written_count(charted_run) for charted_run in (*reversed(history), run)]
        run_charts.append(charts.line("articles written, by run", labels, written))
    return run_charts


def _written_count(run: Run) -> int:
    return sum(account["new"] + account["changed"] for account in run.report.get("sites", {}).values())


def _timeline(lines: Sequence[dict[str, Any]]) -> list[Markup]:
    """Charts of responses and bytes over time, summed over timelines whose steps may differ in length."""
    step = max(timeline["step"] for timeline in lines)
    summed: dict[str, list[float]] = {}
    for series in ("responses", "bytes"):
        rows = []
        for timeline in lines:
            ratio = step // timeline["step"]
            rows.append([sum(timeline[series][at : at + ratio]) for at in range(0, len(timeline[series]), ratio)])
        summed[series] = charts.column_sums(rows)
    labels = [_minutes(step * number) for number in range(len(summed["responses"]))]
    if len(labels) < MIN_CHART_STEPS:
        return []
    return [
        charts.line("responses a second", labels, [value / step for value in summed["responses"]]),
        charts.line("bytes a second", labels, [value / step for value in summed["bytes"]]),
    ]


def _minutes(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _part(
    name: str, anchor: str, account: dict[str, Any], run_concerns: Sequence[Concern], history: Sequence[Run]
) -> SitePart:
    examples = account.get("examples", {})
    return SitePart(
        name=name,
        anchor=anchor,
        account=_row(name, account),
        concerns=[concern.why for concern in run_concerns if concern.site == name],
        reasons=list(_reasons(account)),
        written=[_example(url) for url in examples.get("written", ())],
        coverage=list(_coverage(name, account, history)),
        charts=list(_site_charts(account)),
        slowest=[(seconds, _example(url)) for seconds, url in account.get("slowest", ())],
    )


def _reasons(account: dict[str, Any]) -> Iterator[Reason]:
    examples = account.get("examples", {})
    for outcome in WITH_REASON:
        for reason, count in sorted(account[outcome].items(), key=lambda pair: -pair[1]):
            urls = examples.get(f"{outcome} {reason}", ())
            yield Reason(
                outcome.replace("_", " "), find_reason(reason).words, reason, count, [_example(url) for url in urls]
            )
    if account["duplicate"]:
        urls = examples.get("duplicate", ())
        yield Reason("duplicate", "", "", account["duplicate"], [_example(url) for url in urls])


def _coverage(name: str, account: dict[str, Any], history: Sequence[Run]) -> Iterator[Coverage]:
    written = account["written"]
    if not written:
        return
    earlier = [run.report.get("sites", {}).get(name) for run in history]
    baseline = [
        previous for previous in earlier if previous and previous["new"] + previous["changed"] >= MIN_COVERAGE_ARTICLES
    ]
    for field in FIELDS:
        usual = [
            1 - previous["missing"].get(field, 0) / (previous["new"] + previous["changed"]) for previous in baseline
        ]
        urls = account.get("examples", {}).get(f"missing {field}", ())
        share = 1 - account["missing"].get(field, 0) / written
        yield Coverage(field, share, median(usual) if usual else None, [_example(url) for url in urls])


def _site_charts(account: dict[str, Any]) -> Iterator[Markup]:
    outcomes = {name.replace("_", " "): urls_of(account[name]) for name in OUTCOMES}
    yield charts.bars("URLs by outcome", outcomes)
    reasons = Counter[str]()
    for outcome in WITH_REASON:
        for reason, count in account[outcome].items():
            reasons[find_reason(reason).words] += count
    if reasons:
        yield charts.bars("URLs without an article, by reason", charts.largest(reasons, MAX_BARS))
    if removed := account.get("removed"):
        yield charts.bars("characters removed, by kind", charts.largest(removed, MAX_BARS))
    if lengths := account.get("text", {}).get("lengths"):
        yield charts.histogram("articles by length, characters", *_columns(lengths))
    if hours := account.get("published"):
        yield charts.histogram(
            "articles by hour of publication", [hour[5:].replace("T", " ") for hour in hours], [*hours.values()]
        )
    if account.get("timeline", {}).get("responses"):
        yield from _timeline([account["timeline"]])


def _columns(lengths: Mapping[str, int]) -> tuple[list[str], list[float]]:
    ordered = sorted(lengths, key=int)
    return ordered, [lengths[length] for length in ordered]


def _example(url: str) -> Example:
    try:
        is_link = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        is_link = False
    return Example(url, is_link, f"scrapy inspect {shlex.quote(url)}")
