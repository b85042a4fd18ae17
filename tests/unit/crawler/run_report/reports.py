"""Run reports for tests."""

from __future__ import annotations

from typing import Any

from crawler.run_report.report_types import EMPTY_REPORT, RunReport, SiteAccount, TextFigures, TimelineFigures

SITE = "http://a.example/"


def site_account(**changed: Any) -> SiteAccount:
    """An account of 40 URLs that balances."""
    values: dict[str, Any] = {
        "found": 40,
        "written": 20,
        "new": 19,
        "changed": 1,
        "unchanged": 5,
        "duplicate": 1,
        "rejected": {"listing": 4},
        "followed": 5,
        "not_fetched": {"service": 3},
        "pending": {"max_pages": 2},
        "requests": 40,
        "bytes": 1_000_000,
        "fetched": 30,
        "not_modified": 1,
        "paywalled": 0,
        "listings": {},
        "missing": {"authors": 15},
        "seconds": 12.5,
        "text": TextFigures(chars=20_000, lengths={"1024": 12, "724": 8}),
        "removed": {"related": 900, "share": 50},
        "published": {"2026-11-26T08": 11, "2026-11-26T09": 9},
        "timeline": TimelineFigures(step=10, responses=[5, 20, 15], bytes=[1, 2, 3]),
        "slowest": [(1.25, "http://a.example/slow")],
        "examples": {"rejected listing": ["http://a.example/list"], "missing authors": ["http://a.example/nobody"]},
        "degraded": [],
    }
    return SiteAccount(**(values | changed))


def run_report(sites: dict[str, SiteAccount], **changed: Any) -> RunReport:
    """The report of a run on some sites."""
    values = {name: getattr(EMPTY_REPORT, name) for name in RunReport.__struct_fields__}
    return RunReport(**(values | {"sites": sites} | changed))
