"""Runs as a table of text."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from crawler.ledger.types import Run
from crawler.log_sanitizer.escape import escape_controls

COLUMNS = ("new", "changed", "unchanged", "not_modified")
HEAD = (
    f"{'run':>5}  {'began':<20} {'took':>8}  {'status':<8} {'sites':>5} "
    f"{'new':>7} {'changed':>8} {'same':>7} {'304':>7} {'rejected':>9}"
)


def table(runs: Iterable[Run]) -> Iterator[str]:
    """A header line, then one line per run, followed by its failed sources and its regressions."""
    yield HEAD
    for run in runs:
        sites = run.report.get("sites", {})
        sums = [sum(site[name] for site in sites.values()) for name in COLUMNS]
        rejected = sum(sum(site["rejected"].values()) for site in sites.values())
        took = "–" if run.ended is None else f"{run.ended - run.started} s"
        status = "killed?" if run.ended is None else str(run.status)
        began = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(run.started))
        figures = f"{sums[0]:>7} {sums[1]:>8} {sums[2]:>7} {sums[3]:>7} {rejected:>9}"
        yield f"{run.id:>5}  {began:<20} {took:>8}  {status:<8} {len(sites):>5} {figures}"
        for site, reason in run.report.get("failed_sources", {}).items():
            yield escape_controls(f"       failed: {site}: {reason}")
        for ailment in run.report.get("degraded", []):
            yield escape_controls(f"       degraded: {ailment}")
