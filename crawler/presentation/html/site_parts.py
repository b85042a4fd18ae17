"""What the pages show of a site: its line with small charts, its part with all figures, and what is wrong with it."""

from __future__ import annotations

import calendar
import shlex
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean, median
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from markupsafe import Markup

from crawler.alarms.changes import Alarm
from crawler.log_sanitizer import escape_controls
from crawler.presentation.html import charts
from crawler.reasons import find_reason
from crawler.run_report.figures import merge_steps, next_length_class
from crawler.run_report.report_types import COUNTED_FIELDS, ReportedRun, SiteAccount, TimelineFigures

MAX_BARS = 8
"""Kinds of removed blocks, and reasons, that have a bar of their own."""

MIN_CHART_STEPS = 3
"""Steps of a timeline from which it has a chart."""

MIN_COVERAGE_ARTICLES = 1
"""Fewest new or changed articles of an earlier run for which its coverage of fields counts as usual."""

MAX_HOURS_SHOWN = 72
"""Hours of publication that have a column each; a longer time has one for each day."""

HOUR, DAY = 3_600, 86_400


class Example(NamedTuple):
    """A page behind a figure."""

    url: str
    words: str
    """Its title, or the path of its URL."""
    is_link: bool
    """True for an http URL, which may be a link."""
    command: str
    """The command that inspects it."""
    article: str = ""
    """Where the dashboard shows the article; empty where it does not."""
    teach: str = ""
    """Where the dashboard teaches its site."""


class Trouble(NamedTuple):
    """A site that needs a look."""

    site: str
    words: str
    """Its name without scheme; empty for the run itself."""
    what: tuple[str, ...]
    since: str
    examples: list[Example]
    command: str


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


class SiteLine(NamedTuple):
    """A site's line: its figures in this run, and small charts of them over its runs."""

    name: str
    words: str
    """Its name without scheme."""
    href: str
    """Where it leads to; empty for nowhere."""
    account: SiteAccount
    articles: int
    fields: float | None
    """Mean share of the written articles that have a field; None without any."""
    sparks: dict[str, Markup]
    """By the name of the column."""


class SitePart(NamedTuple):
    """A site's part of the page."""

    name: str
    words: str
    """Its name without scheme."""
    anchor: str
    concerns: list[str]
    funnel: dict[str, int]
    reasons: list[Reason]
    written: list[Example]
    coverage: list[Coverage]
    charts: list[Markup]
    slowest: list[tuple[float, Example]]


SiteRuns = Sequence[tuple[int, SiteAccount]]
"""The start of each run that has an account of a site, in seconds since 1970, ascending, and that account."""


def site_runs(name: str, runs: Sequence[ReportedRun]) -> SiteRuns:
    """The runs of a site, of some runs in ascending order."""
    return [(run.started, report.sites[name]) for run, report in runs if name in report.sites]


def to_trouble(alarm: Alarm, sites: Mapping[str, SiteAccount]) -> Trouble:
    """What is wrong with a site, for the page."""
    account = sites.get(alarm.site)
    titles = account.titles if account else {}
    examples = [_example(url, titles) for url in alarm.examples]
    return Trouble(
        alarm.site, site_words(alarm.site), alarm.what, alarm.since[:16].replace("T", " "), examples, alarm.command
    )


def site_line(name: str, href: str, runs: SiteRuns, *, has_sparks: bool = True) -> SiteLine:
    """The line of a site, of its runs."""
    account = runs[-1][1]
    return SiteLine(
        name=name,
        words=site_words(name),
        href=href,
        account=account,
        articles=account.written + account.unchanged,
        fields=_fields_share(account),
        sparks=sparks(runs) if has_sparks else {},
    )


def sparks(runs: SiteRuns) -> dict[str, Markup]:
    """The small charts of a site, by column; none for a single run."""
    if len(runs) < 2:
        return {}
    times, accounts = [at for at, _ in runs], [account for _, account in runs]
    return {
        "articles": charts.sparkline("articles", times, [one.written for one in accounts]),
        "confidence": charts.sparkline("confidence", times, [one.confidence for one in accounts], top=1),
        "fields": charts.sparkline("fields", times, [_fields_share(one) for one in accounts], top=1),
        "seconds": charts.sparkline("seconds", times, [one.seconds for one in accounts]),
    }


def _fields_share(account: SiteAccount) -> float | None:
    return fmean(_share_with(field, account) for field in COUNTED_FIELDS) if account.written else None


def funnel(account: SiteAccount) -> dict[str, int]:
    """Numbers of URLs as a funnel: found, fetched, articles; then the new and the changed ones, and all outcomes."""
    return {
        "found": account.found,
        "fetched": account.fetched_count,
        "articles": account.written + account.unchanged,
        "new": account.new,
        "changed": account.changed,
        **account.by_outcome,
    }


def timeline_charts(timelines: Sequence[TimelineFigures]) -> list[Markup]:
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


def site_part(name: str, anchor: str, runs: SiteRuns, wrong: Sequence[Alarm]) -> SitePart:
    """The part of a site, of its runs and of what is wrong."""
    account, earlier = runs[-1][1], [one for _, one in runs[:-1]]
    return SitePart(
        name=name,
        words=site_words(name),
        anchor=anchor,
        concerns=[why for trouble in wrong if trouble.site == name for why in trouble.what],
        funnel=funnel(account),
        reasons=list(_reasons(account)),
        written=_examples(account, "written"),
        coverage=list(_coverage(account, earlier)),
        charts=list(site_charts(runs)),
        slowest=[(seconds, _example(url, account.titles)) for seconds, url in account.slowest],
    )


def _reasons(account: SiteAccount) -> Iterator[Reason]:
    for outcome, counts in account.by_reason.items():
        for reason, count in sorted(counts.items(), key=lambda pair: -pair[1]):
            examples = _examples(account, f"{outcome} {reason}")
            yield Reason(outcome.replace("_", " "), find_reason(reason).words, reason, count, examples)
    if account.duplicate:
        yield Reason("duplicate", "", "", account.duplicate, _examples(account, "duplicate"))


def _coverage(account: SiteAccount, earlier: Sequence[SiteAccount]) -> Iterator[Coverage]:
    if not account.written:
        return
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


def site_charts(runs: SiteRuns) -> Iterator[Markup]:
    """The charts of a site: all of its runs, then the last one."""
    account = runs[-1][1]
    if len(runs) > 1:
        series = {
            "new": [one.new for _, one in runs],
            "changed": [one.changed for _, one in runs],
            "rejected": [sum(one.rejected.values()) for _, one in runs],
        }
        yield charts.lines("articles and rejections, by run", [at for at, _ in runs], series)
    yield charts.bars("URLs by outcome", {name.replace("_", " "): count for name, count in account.by_outcome.items()})
    reasons = Counter[str]()
    for counts in account.by_reason.values():
        for reason, count in counts.items():
            reasons[find_reason(reason).words] += count
    if reasons:
        yield charts.bars("URLs without an article, by reason", charts.largest(reasons, MAX_BARS))
    if account.removed:
        removed = {kind.replace("_", " "): count for kind, count in account.removed.items()}
        yield charts.bars("characters removed, by kind", charts.largest(removed, MAX_BARS))
    if account.text.lengths:
        yield charts.bars("articles by length, in characters", _ranges(account.text.lengths))
    if hours := _published(account.published):
        yield _hours_chart(hours)
    if account.timeline.responses:
        yield from timeline_charts([account.timeline])


def _ranges(lengths: Mapping[str, int]) -> dict[str, float]:
    """Numbers of texts by the range of their lengths, such as ``1,024 to 1,447``."""
    starts = sorted(map(int, lengths))
    return {f"{start:,} to {next_length_class(start) - 1:,}": lengths[str(start)] for start in starts}


def _published(hours: Mapping[str, int]) -> dict[int, float]:
    """Numbers of articles by hour of publication in seconds since 1970; what is no time is left out."""
    found = {}
    for hour, count in hours.items():
        try:
            found[calendar.timegm(time.strptime(hour, "%Y-%m-%dT%H"))] = float(count)
        except ValueError:
            continue
    return found


def _hours_chart(hours: Mapping[int, float]) -> Markup:
    if max(hours) - min(hours) < MAX_HOURS_SHOWN * HOUR:
        return charts.time_columns("articles by hour of publication", {at: int(n) for at, n in hours.items()}, HOUR)
    days = Counter[int]()
    for at, count in hours.items():
        days[at - at % DAY] += int(count)
    return charts.time_columns("articles by day of publication", days, DAY)


def site_words(name: str) -> str:
    """The name of a source without scheme and last slash: ``news.example/world``."""
    return escape_controls(name.removeprefix("https://").removeprefix("http://").removesuffix("/"))


def _examples(account: SiteAccount, category: str) -> list[Example]:
    return [_example(url, account.titles) for url in account.examples.get(category, ())]


def _example(url: str, titles: Mapping[str, str]) -> Example:
    try:
        parts = urlsplit(url)
        is_link = parts.scheme in ("http", "https")
        path = unquote(parts.path) + (f"?{parts.query}" if parts.query else "")
    except ValueError:
        is_link, path = False, ""
    words = titles.get(url) or (path if is_link and path else url)
    return Example(url, escape_controls(words), is_link, f"scrapy inspect {shlex.quote(url)}")
