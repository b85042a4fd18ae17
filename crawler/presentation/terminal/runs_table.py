"""Runs as a table of text."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator

from crawler.ledger.types import Run
from crawler.presentation.terminal.lines import StyledLine
from crawler.run_report.account import reasons_in_words
from crawler.run_report.attention import concerns
from crawler.run_report.report_types import OUTCOMES, ReportedRun
from crawler.util import count_noun

HEAD = (
    f"{'run':>5}  {'began':<20} {'took':>8}  {'status':<8} {'sites':>5} "
    f"{'new':>7} {'changed':>8} {'same':>7} {'304':>7} {'rejected':>9}"
)


def table(runs: Iterable[ReportedRun]) -> Iterator[StyledLine]:
    """A header line, then one line per run, followed by its failed sources and its regressions."""
    yield StyledLine(HEAD, "bold")
    for run, report in runs:
        accounts = report.sites.values()
        new = sum(account.new for account in accounts)
        changed = sum(account.changed for account in accounts)
        unchanged = sum(account.unchanged for account in accounts)
        not_modified = sum(account.not_modified for account in accounts)
        rejected = sum(account.by_outcome["rejected"] for account in accounts)
        took = "–" if run.ended is None else f"{run.ended - run.started} s"
        status = "killed?" if run.ended is None else str(run.status)
        began = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(run.started))
        figures = f"{new:>7} {changed:>8} {unchanged:>7} {not_modified:>7} {rejected:>9}"
        line = f"{run.id:>5}  {began:<20} {took:>8}  {status:<8} {len(accounts):>5} {figures}"
        yield StyledLine(line, "" if status == "0" else "yellow")
        for site, reason in report.failed_sources.items():
            yield StyledLine(f"       failed: {site}: {reason}", "red")
        for ailment in report.degraded:
            yield StyledLine(f"       degraded: {ailment}", "red")


MOST_LINES = 10
"""Maximum number of lines about a run."""


def run_summary(reported: ReportedRun) -> Iterator[StyledLine]:
    """The sums of a run, then a line for each site to check, with the reason; ten lines at most."""
    run, report = reported
    began = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(run.started))
    took = "killed, or running" if run.ended is None else f"{run.ended - run.started} s, status {run.status}"
    yield StyledLine(f"run {run.id}, {began}: {took}; {count_noun(len(report.sites), 'site')}", "bold")
    totals: Counter[str] = Counter({"found": 0, **dict.fromkeys(OUTCOMES, 0)})
    for account in report.sites.values():
        totals.update({"found": account.found} | account.by_outcome)
    yield StyledLine("  ".join(f"{name.replace('_', ' ')} {count}" for name, count in totals.items()))
    site_concerns = concerns(report)
    if run.ended is None or not (report.sites or site_concerns):
        yield StyledLine("it left no account of its sites", "yellow")
        return
    shown = site_concerns if len(site_concerns) <= MOST_LINES - 2 else site_concerns[: MOST_LINES - 3]
    for concern in shown:
        yield StyledLine(f"{concern.site}: {concern.why}", "red" if concern.rank < 2 else "yellow")
    if len(shown) < len(site_concerns):
        yield StyledLine(f"and {len(site_concerns) - len(shown)} more; scrapy report {run.id} has all of them")
    if not site_concerns:
        yield StyledLine("no site needs a look", "green")


def as_json(runs: Iterable[Run], source: str | None = None) -> str:
    """Each run as one line of JSON: its number, start and end in seconds since 1970, exit status, and report.

    With a source: only runs that have an account of it, and that account instead of the report.
    """
    lines = []
    for run in runs:
        shown = {name: getattr(run, name) for name in ("id", "started", "ended", "status")}
        account = run.report.get("sites", {}).get(source)
        if source is None:
            lines.append({**shown, "report": run.report})
        elif account is not None:
            lines.append({**shown, "source": source, "account": account})
    return "".join(f"{json.dumps(line)}\n" for line in lines)


SOURCE_HEAD = (
    f"{'run':>5}  {'began':<20} {'found':>7} {'written':>8} {'same':>7} {'dupl.':>6} {'rejected':>9} {'followed':>9} "
    f"{'not fetched':>12} {'pending':>8}"
)


def source_table(runs: Iterable[ReportedRun], source: str) -> Iterator[StyledLine]:
    """A header line, then the account of one source in each run, with the reasons of the URLs that gave no article."""
    yield StyledLine(SOURCE_HEAD, "bold")
    has_account = False
    for run, report in runs:
        account = report.sites.get(source)
        if account is None:
            continue
        has_account = True
        began = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(run.started))
        widths = (7, 8, 7, 6, 9, 9, 12, 8)
        counts = (account.found, *account.by_outcome.values())
        figures = " ".join(f"{count:>{width}}" for count, width in zip(counts, widths, strict=True))
        yield StyledLine(f"{run.id:>5}  {began:<20} {figures}")
        yield StyledLine(f"       {reasons_in_words(account)}", "dim")
        if account.copies:
            yield StyledLine(f"       {account.copies:,} with nearly the text of another article", "dim")
        if account.confidence is not None:
            yield StyledLine(f"       confidence in the texts: {account.confidence:.0%}", "dim")
        if failed := report.failed_sources.get(source):
            yield StyledLine(f"       failed: {failed}", "red")
        for problem in account.degraded:
            yield StyledLine(f"       degraded: {problem}", "red")
    if not has_account:
        yield StyledLine(f"{source}: {UNKNOWN}", "red")


UNKNOWN = "no run knows this source; sources are named by the URL they were given with"


def source_diagnosis(runs: Iterable[ReportedRun], source: str) -> Iterator[StyledLine]:
    """The account of a source in its last run, with reasons, and the run that last had an article of it."""
    of_source = [reported for reported in runs if source in reported.report.sites]
    if not of_source:
        yield StyledLine(f"{source}: {UNKNOWN}", "red")
        return
    yield from source_table(of_source[:1], source)
    if listings := of_source[0].report.sites[source].listings:
        named = ", ".join(f"{count} {name}" for name, count in sorted(listings.items()))
        yield StyledLine(f"       feeds and sitemaps: {named}")
    accounts = ((run, report.sites[source]) for run, report in of_source)
    gave = next((run for run, account in accounts if account.written + account.unchanged), None)
    when = time.strftime("%Y-%m-%d %H:%M", time.gmtime(gave.started)) if gave else None
    last_one = f"run {gave.id}, {when}" if gave else f"none in the last {len(of_source)} runs"
    yield StyledLine(f"       last article: {last_one}")
