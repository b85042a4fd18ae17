"""The report page: what needs a look first, then one line a site over its runs, then the sites one by one."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from crawler.alarms.changes import troubles
from crawler.presentation.html import charts
from crawler.presentation.html.page import Link, render
from crawler.presentation.html.site_parts import (
    SiteLine,
    funnel,
    site_line,
    site_part,
    site_runs,
    timeline_charts,
    to_trouble,
)
from crawler.run_report.report_types import ReportedRun

MAX_SITES_WITH_CHARTS = 60
"""Sites that have a part of their own: first those that need a look, then the largest. All sites have a line."""

MAX_SPARK_SITES = 1_000
"""Sites whose lines have charts; more would take longer to open than two seconds."""


def report_page(reported: ReportedRun, history: Sequence[ReportedRun], links: Sequence[Link] = ()) -> str:
    """The HTML of a run's report.

    Args:
        reported: the run, which has ended.
        history: runs before it, newest first.
        links: to pages around it.
    """
    run, report = reported
    sites, wrong = report.sites, troubles(reported, history)
    by_size = sorted(sites, key=lambda name: -sites[name].found)
    names = list(dict.fromkeys([*(trouble.site for trouble in wrong if trouble.site in sites), *by_size]))
    anchors = {name: f"site-{number}" for number, name in enumerate(names)}
    parts = names[:MAX_SITES_WITH_CHARTS]
    runs = [*reversed(history), reported]
    by_site = {name: site_runs(name, runs) for name in names}
    lines = [
        site_line(name, f"#{anchors[name]}" if name in parts else "", by_site[name], has_sparks=place < MAX_SPARK_SITES)
        for place, name in enumerate(names)
    ]
    totals = Counter[str]()
    for account in sites.values():
        totals.update(funnel(account))
    loud, quiet = split_quiet(lines, {trouble.site for trouble in wrong})
    return render(
        "report.html",
        "tables.js",
        links=links,
        run=run,
        ended_by=report.ended_by,
        took=(run.ended or run.started) - run.started,
        began=time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(run.started)),
        troubles=[to_trouble(one, sites) for one in wrong],
        hrefs={name: f"#{anchor}" for name, anchor in anchors.items()},
        sites=sites,
        lines=loud,
        quiet=quiet,
        totals=totals,
        charts=_run_charts(reported, runs),
        parts=[site_part(name, anchors[name], by_site[name], wrong) for name in parts],
        left=max(0, len(names) - MAX_SITES_WITH_CHARTS),
    )


def split_quiet(lines: Sequence[SiteLine], troubled: set[str]) -> tuple[list[SiteLine], list[SiteLine]]:
    """The lines of sites with something new or something wrong, and those of the others."""
    is_quiet = [not line.account.written and line.name not in troubled for line in lines]
    pairs = [*zip(lines, is_quiet, strict=True)]
    return [line for line, quiet in pairs if not quiet], [line for line, quiet in pairs if quiet]


def _run_charts(reported: ReportedRun, runs: Sequence[ReportedRun]) -> list[Markup]:
    timelines = [account.timeline for account in reported.report.sites.values() if account.timeline.responses]
    run_charts = timeline_charts(timelines) if timelines else []
    if len(runs) > 1:
        sums = [Counter[str]() for _ in runs]
        for total, (_, report) in zip(sums, runs, strict=True):
            for account in report.sites.values():
                total.update(new=account.new, changed=account.changed, rejected=sum(account.rejected.values()))
        series = {name: [total[name] for total in sums] for name in ("new", "changed", "rejected")}
        run_charts.append(charts.lines("articles and rejections, by run", [run.started for run, _ in runs], series))
    return run_charts
