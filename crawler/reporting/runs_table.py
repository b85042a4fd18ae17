"""Runs as a table of text."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from crawler.ledger.types import Run
from crawler.log_sanitizer.escape import escape_controls
from crawler.reporting.tally import FOLLOWED, OUTCOMES, reasons_in_words

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
        rejected = sum(
            count for site in sites.values() for reason, count in site["rejected"].items() if reason != FOLLOWED
        )
        took = "–" if run.ended is None else f"{run.ended - run.started} s"
        status = "killed?" if run.ended is None else str(run.status)
        began = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(run.started))
        figures = f"{sums[0]:>7} {sums[1]:>8} {sums[2]:>7} {sums[3]:>7} {rejected:>9}"
        yield f"{run.id:>5}  {began:<20} {took:>8}  {status:<8} {len(sites):>5} {figures}"
        for site, reason in run.report.get("failed_sources", {}).items():
            yield escape_controls(f"       failed: {site}: {reason}")
        for ailment in run.report.get("degraded", []):
            yield escape_controls(f"       degraded: {ailment}")


SOURCE_HEAD = (
    f"{'run':>5}  {'began':<20} {'found':>7} {'written':>8} {'same':>7} {'dupl.':>6} {'rejected':>9} "
    f"{'not fetched':>12} {'pending':>8}"
)


def source_table(runs: Iterable[Run], source: str) -> Iterator[str]:
    """A header line, then the account of one source in each run, with the reasons of what gave no article."""
    yield SOURCE_HEAD
    for run in runs:
        account = run.report.get("sites", {}).get(source)
        failed = run.report.get("failed_sources", {}).get(source)
        if account is None or "written" not in account:
            continue
        sums = [_total(account[name]) for name in ("found", *OUTCOMES)]
        began = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(run.started))
        widths = (7, 8, 7, 6, 9, 12, 8)
        figures = " ".join(f"{value:>{width}}" for value, width in zip(sums, widths, strict=True))
        yield f"{run.id:>5}  {began:<20} {figures}"
        yield escape_controls(f"       {reasons_in_words(account)}")
        if failed:
            yield escape_controls(f"       failed: {failed}")
        for ailment in run.report.get("degraded", []):
            if ailment.startswith(f"{source}: "):
                yield escape_controls(f"       degraded: {ailment}")


def _total(value: int | dict[str, int]) -> int:
    return sum(value.values()) if isinstance(value, dict) else value


def why(runs: Iterable[Run], source: str) -> Iterator[str]:
    """Why a source gave nothing in its last run, and when it last gave an article."""
    of_source = [(run, run.report["sites"][source]) for run in runs if source in run.report.get("sites", {})]
    if not of_source:
        yield escape_controls(f"{source}: no run knows this source; sources are named by the URL they were given with")
        return
    last, account = of_source[0]
    yield from source_table([last], source)
    if listings := account.get("listings"):
        yield "       feeds and sitemaps: " + ", ".join(f"{count} {name}" for name, count in sorted(listings.items()))
    gave = next((run for run, values in of_source if values["new"] + values["changed"] + values["unchanged"]), None)
    when = time.strftime("%Y-%m-%d %H:%M", time.gmtime(gave.started)) if gave else None
    yield f"       last article: {f'run {gave.id}, {when}' if gave else f'none in the last {len(of_source)} runs'}"
