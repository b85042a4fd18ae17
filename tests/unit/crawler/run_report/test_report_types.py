"""Stored reports are read as typed values; those of other versions are not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawler.ledger.types import Run
from crawler.run_report.report_types import EMPTY_REPORT, ReportedRun, read_report
from tests.unit.crawler.run_report.reports import site_account

STORED = Path(__file__).with_name("run.json").read_text("utf-8")
"""A ``run.json`` of version 0.2."""

OF_0_1 = {"new": 1, "changed": 0, "unchanged": 0, "rejected": {}, "missing": {}}


def test_a_stored_report_is_read_whole_and_written_the_same() -> None:
    report = read_report(json.loads(STORED))
    assert report is not None
    assert json.dumps(msgspec.to_builtins(report), ensure_ascii=False, indent=2) + "\n" == STORED
    assert all(account.is_balanced for account in report.sites.values())
    assert report.sites["http://sized-30.example/"].written == 30


def test_a_key_of_a_later_version_is_passed_over() -> None:
    assert read_report(json.loads(STORED) | {"later": 1}) == read_report(json.loads(STORED))


@pytest.mark.parametrize("values", [{}, {"sites": {}}, {"sites": {"http://a.example/": OF_0_1}}, [], None])
def test_a_run_without_a_report_of_this_version_has_an_empty_one(values: Any) -> None:
    assert read_report(values) is None
    run = Run(id=1, pid=1, started=0, ended=None, status=None, report=values)
    assert ReportedRun.of(run) == (run, EMPTY_REPORT)


def test_the_outcomes_of_an_account_add_up() -> None:
    account = site_account()
    assert list(account.by_outcome.values()) == [20, 5, 1, 4, 5, 3, 2]
    assert (account.is_balanced, account.fetched_count) == (True, 35)
    assert list(account.by_reason) == ["rejected", "not_fetched", "pending"]
    assert not site_account(found=41).is_balanced
