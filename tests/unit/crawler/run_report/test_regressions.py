"""A site that gives far less than it gave before is named, with the figure."""

from __future__ import annotations

import pytest
from msgspec import structs
from prometheus_client import generate_latest

from crawler.run_report.prometheus import metrics
from crawler.run_report.regressions import SiteShares, find_regressions
from crawler.run_report.report_types import SiteAccount, TextFigures
from tests.unit.crawler.run_report.reports import run_report, site_account


def site(new: int = 40, rejected: int = 10, **missing: int) -> SiteAccount:
    return site_account(
        written=new,
        new=new,
        changed=0,
        unchanged=0,
        rejected={"listing": rejected},
        missing=missing,
        text=TextFigures(chars=0, lengths={}),
        removed={},
    )


def shares(account: SiteAccount) -> dict[str, SiteShares]:
    return SiteShares.of_sites({"a": account})


def told(now: dict[str, SiteShares], history: list[dict[str, SiteShares]]) -> list[str]:
    return [f"{site}: {what}" for site, what in find_regressions(now, history)]


HISTORY = [shares(site())] * 5


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (site(), []),
        (site(new=25), []),
        (site(new=10, rejected=40), ["a: yield 20%, usually 80%"]),
        (site(new=0, rejected=50), ["a: yield 0%, usually 80%"]),
        (site(new=2, rejected=3), []),  # too few pages to say
        (site(new=0, rejected=6), ["a: yield 0%, usually 80%"]),  # but a fall to nothing counts
        (site(new=0, rejected=2), []),
        (site(published=10), []),
        (site(published=38), ["a: published 5%, usually 100%"]),
        (site(authors=40, title=30), ["a: authors 0%, usually 100%", "a: title 25%, usually 100%"]),
    ],
)
def test_ailments(now: SiteAccount, expected: list[str]) -> None:
    assert told(shares(now), HISTORY) == expected


def test_a_site_that_went_behind_a_paywall_is_ill() -> None:
    now = structs.replace(site(), paywalled=40)
    assert told(shares(now), HISTORY) == ["a: whole 0%, usually 100%"]


@pytest.mark.parametrize(
    ("chars", "removed", "expected"),
    [
        (80_000, 20_000, []),
        (50_000, 20_000, []),
        (30_000, 7_500, ["a: text length 750 characters, usually 2000 characters"]),
        (80_000, 300_000, ["a: kept 21%, usually 80%"]),  # text that is removed is a change of template, too
        (0, 0, []),
    ],
)
def test_shorter_texts_and_more_that_is_removed(chars: int, removed: int, expected: list[str]) -> None:
    def figures(chars: int, removed: int) -> dict[str, SiteShares]:
        text = TextFigures(chars=chars, lengths={})
        return shares(structs.replace(site(), text=text, removed={"promo": removed}))

    assert told(figures(chars, removed), [figures(80_000, 20_000)] * 5) == expected


def test_a_site_without_a_history_is_not_ill() -> None:
    assert told(shares(site(new=1, rejected=60)), HISTORY[:2]) == []


def test_exposition_is_what_prometheus_reads() -> None:
    problems = ["yield 0%, usually 80%", "new layout since 2026-11-26"]
    account = site_account(new=2, bytes=99, rejected={"listing": 1}, missing={"authors": 2}, degraded=problems)
    failed = {"http://b.example/": "HTTP 404"}
    report = run_report({'http://a.example/"x"\n': account}, exit_status=5, failed_sources=failed)
    text = generate_latest(metrics(report, 1_793_520_000.4)).decode()
    assert "copydesk_run_end_seconds 1.79352e+09\n" in text
    assert "copydesk_run_exit_status 5.0\n" in text
    assert 'copydesk_site_pages{site="http://a.example/\\"x\\"\\n",what="new"} 2.0\n' in text
    assert 'copydesk_site_rejected{reason="listing",site="http://a.example/\\"x\\"\\n"} 1.0\n' in text
    assert 'copydesk_site_bytes{site="http://a.example/\\"x\\"\\n"} 99.0\n' in text
    assert 'what="bytes"' not in text
    assert 'what="seconds"' not in text
    assert 'copydesk_site_failed{site="http://b.example/"} 1.0\n' in text
    assert 'copydesk_site_degraded{site="http://a.example/\\"x\\"\\n"} 2.0\n' in text
    assert text.count("# TYPE") == text.count("# HELP") == 10


@pytest.mark.parametrize(
    ("confidence", "expected"), [(0.7, []), (0.61, []), (0.59, ["a: confidence 59%, usually 80%"])]
)
def test_a_fall_of_the_confidence_in_texts(confidence: float, expected: list[str]) -> None:
    history = [shares(structs.replace(site(), confidence=0.8))] * 5
    assert told(shares(structs.replace(site(), confidence=confidence)), history) == expected


def test_a_history_without_confidence_says_nothing_of_it() -> None:
    assert told(shares(structs.replace(site(), confidence=0.1)), HISTORY) == []


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (1, 40, ["a: different titles 3%, usually 100%"]),
        (1, 15, []),
        (40, 40, []),  # a site whose titles were always alike
        (0, 40, []),  # reports of earlier versions do not count titles
    ],
)
def test_a_site_whose_articles_begin_to_have_one_title_is_ill(before: int, now: int, expected: list[str]) -> None:
    history = [shares(structs.replace(site(), same_title=before))] * 5
    assert told(shares(structs.replace(site(), same_title=now)), history) == expected
