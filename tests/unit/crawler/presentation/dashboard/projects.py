"""A project for the dashboard, without a ledger: invented runs, and pages that are kept in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from cleaners import Article, CleanContext, Page, clean
from cleaners.record.serialize import to_json
from cleaners.site import SiteKnowledge
from cleaners.site.rules.folder import read_folder
from crawler.ledger.types import Run
from crawler.output.search_index import FoundArticle, SearchIndex
from crawler.presentation.dashboard.project_data import NotThereError, ProjectData
from tests.golden import cases
from tests.unit.crawler.run_report.reports import run_report, site_account

RIVER = [cases.load(cases.PAGES / f"multipage-river-{number}") for number in (1, 2, 3)]
SITE = "https://uplandreview.example/"


def run(number: int, **changes: object) -> Run:
    """An hourly run of two sites, the second of which has an odd name."""
    accounts = {SITE: site_account(), "http://odd.example/?a=b&c=<d>": site_account()}
    report = run_report(accounts, started="2026-11-26T08:00:00+00:00", **changes)
    at = 1_795_000_000 + 3_600 * number
    return Run(id=number, pid=1, started=at, ended=at + 60, status=0, report=msgspec.to_builtins(report))


def project(folder: Path, runs: Sequence[Run] = (), *, has_pages: bool = True) -> ProjectData:
    """The project, with its output and its site rules in a folder."""
    output = folder / "articles.jsonl"
    records = [record for page in RIVER if isinstance(record := clean(page), Article)]
    output.write_text("".join(to_json(replace(record, source=record.url)) + "\n" for record in records), "utf-8")
    pages = {record.url: page for record, page in zip(records, RIVER, strict=True)}
    rules = folder / "sites"

    def find_page(found: FoundArticle) -> Page:
        if not has_pages:
            raise NotThereError(f"{found.url}: HTTP 410")
        return pages[found.url]

    def context(_page: Page) -> CleanContext:
        book = read_folder(rules).book if rules.is_dir() else None
        return CleanContext(site=SiteKnowledge(rules=book)) if book else CleanContext()

    return ProjectData(
        read_runs=lambda limit: [*runs][:limit],
        outputs=lambda: [str(output)],
        index=SearchIndex(str(folder / "search.sqlite")),
        find_page=find_page,
        kept_pages=lambda found: [find_page(one) for one in found],
        context=context,
        draw=lambda _page, _context, _explanation: None,
        rules_folder=rules,
    )
