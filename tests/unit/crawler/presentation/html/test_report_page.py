"""The report page of a run: sums, charts, examples, and no figure without its pages."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html as lxml_html

from crawler.ledger.types import Run
from crawler.presentation.html import charts
from crawler.presentation.html.report_page import MAX_SITES_WITH_CHARTS, report_page
from crawler.presentation.terminal.runs_table import run_summary
from crawler.run_report.attention import concerns
from crawler.run_report.report_types import EMPTY_REPORT, ReportedRun, RunReport, SiteAccount
from tests.unit.crawler.presentation.html.hostile import WORDS
from tests.unit.crawler.run_report.reports import SITE, run_report, site_account


def reported(number: int = 7, sites: dict[str, SiteAccount] | None = None, **report: Any) -> ReportedRun:
    run = Run(id=number, pid=1, started=1_795_000_000, ended=1_795_000_060, status=0, report={})
    return ReportedRun(run, run_report({SITE: site_account()} if sites is None else sites, **report))


def test_the_funnel_adds_up_and_each_reason_has_its_pages() -> None:
    tree = lxml_html.fromstring(report_page(reported(), [reported(6), reported(5)]))
    cells = [cell.text_content().strip() for cell in tree.cssselect("table.sites td")]
    assert cells == [SITE, "40", "35", "25", "20", "19", "1", "5", "1", "4", "5", "3", "2", "1.0", "12.5", "✓"]
    text = tree.text_content()
    assert "scrapy inspect http://a.example/list" in text
    assert "scrapy inspect http://a.example/nobody" in text
    assert "1.25 s" in text
    assert len(tree.cssselect("svg")) == 10  # two of the run, one of all runs, seven of the site


def test_sums_that_differ_are_said() -> None:
    assert "differ" in report_page(reported(sites={SITE: site_account(found=41)}), [])
    assert "sums do not add up" in concerns(run_report({SITE: site_account(found=41)}))[0].why


def test_coverage_is_compared_with_earlier_runs() -> None:
    tree = lxml_html.fromstring(
        report_page(
            reported(), [reported(6, {SITE: site_account(missing={})}), reported(5, {SITE: site_account(missing={})})]
        )
    )
    rows = {
        row[0].text_content(): [cell.text_content() for cell in row[1:3]]
        for row in tree.cssselect("section.site table tr")
    }
    assert rows["authors"] == ["25%", "100%"]
    assert rows["title"] == ["100%", "100%"]


@pytest.mark.parametrize(
    "report",
    [
        EMPTY_REPORT,
        run_report(
            {}, failed_sources={"http://gone.example/": "unknown host"}, degraded=["http://a.example/: yield 3%"]
        ),
    ],
)
def test_a_run_without_an_account_has_a_page(report: RunReport) -> None:
    run = Run(id=1, pid=1, started=0, ended=None, status=None, report={})
    assert "Run 1" in report_page(ReportedRun(run, report), [])
    assert list(run_summary(ReportedRun(run, report)))


def test_nothing_of_a_site_is_markup() -> None:
    evil = [f"http://a.example/{word}" for word in WORDS] + ["javascript:alert(1)", "data:text/html,x"]
    sites = {
        f"http://{word}/": site_account(
            rejected={word: 9},
            removed={word: 3},
            published={f"2026-11-26T{word}": 1},
            examples={f"rejected {word}": evil, "written": evil},
            slowest=[(1.0, url) for url in evil],
        )
        for word in WORDS
    }
    sites["http://degraded.example/"] = site_account(degraded=[WORDS[0]])
    text = report_page(reported(sites=sites, failed_sources={WORDS[0]: WORDS[1]}), [])
    tree = lxml_html.fromstring(text)
    assert len(tree.cssselect("script")) == 1
    assert all(not name.startswith("on") for element in tree.iter() for name in element.attrib)
    assert all(link.get("href").startswith(("#", "http://")) for link in tree.cssselect("a"))
    assert not tree.cssselect("img")


def test_many_sites_have_a_table_and_the_worst_have_charts() -> None:
    sites = {f"http://site-{number}.example/": site_account() for number in range(MAX_SITES_WITH_CHARTS + 40)}
    last = f"http://site-{MAX_SITES_WITH_CHARTS + 39}.example/"
    sites[last] = site_account(degraded=["yield 3%, usually 80%"])
    tree = lxml_html.fromstring(report_page(reported(sites=sites), []))
    assert len(tree.cssselect("table.sites tbody tr")) == MAX_SITES_WITH_CHARTS + 40
    parts = tree.cssselect("section.site h2")
    assert len(parts) == MAX_SITES_WITH_CHARTS
    assert parts[0].text_content() == last


def test_a_run_in_ten_lines_names_the_sites_that_need_a_look() -> None:
    sites = {f"http://site-{number}.example/": site_account() for number in range(30)}
    bad = site_account(
        rejected={"listing": 38},
        followed=1,
        written=0,
        new=0,
        changed=0,
        unchanged=0,
        duplicate=0,
        not_fetched={},
        pending={},
        found=39,
    )
    sites["http://odd.example/"] = bad
    failed = {f"http://gone-{number}.example/": "unknown host" for number in range(20)}
    lines = [line.text for line in run_summary(reported(sites=sites, failed_sources=failed))]
    assert len(lines) == 10
    assert lines[-1] == "and 14 more; scrapy report 7 has all of them"
    alone = [line.text for line in run_summary(reported(sites=sites))]
    assert alone[2:] == ["http://odd.example/: 38 of 39 fetched pages were rejected, mostly as listing"]
    assert [line.text for line in run_summary(reported())][-1] == "no site needs a look"


EMPTY = {
    "written": 0,
    "new": 0,
    "changed": 0,
    "unchanged": 0,
    "duplicate": 0,
    "rejected": {},
    "followed": 0,
    "not_fetched": {},
}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"found": 4, "pending": {"host_down": 4}}, "no article: not tried, as the host kept failing: 4"),
        ({"found": 3, "rejected": {"http_403": 3}, "pending": {}}, "no article: HTTP 403 Forbidden: 3"),
        ({"found": 9, "followed": 1, "not_fetched": {"not_due": 8}, "pending": {}}, None),  # nothing new
        ({"found": 1, "followed": 1, "pending": {}}, None),  # a front page without links fails as a source
        ({"found": 3, "duplicate": 2, "rejected": {"http_404": 1}, "pending": {}}, None),
    ],
)
def test_a_site_that_gives_nothing_needs_a_look(changes: dict[str, Any], why: str | None) -> None:
    report = run_report({SITE: site_account(**(EMPTY | changes))})
    assert [concern.why for concern in concerns(report)] == ([why] if why else [])


def test_a_degraded_site_needs_a_look() -> None:
    problem = "new layout since 2026-11-26"
    report = run_report({SITE: site_account(degraded=[problem])}, degraded=[f"{SITE}: {problem}"])
    assert [(concern.site, concern.why) for concern in concerns(report)] == [(SITE, f"degraded: {problem}")]


def test_charts_have_values_labels_and_no_script() -> None:
    svg = str(charts.bars("by <kind>", {"a & b": 3, "c": 1_500_000}))
    assert "by &lt;kind&gt;" in svg
    assert "a &amp; b" in svg
    assert "<title>1.5M</title>" in svg
    assert "<script" not in svg
    assert "style" not in svg
    assert charts.bars("x", {"a": 1}) == charts.bars("x", {"a": 1})
    assert charts.largest({"a": 1, "b": 5, "c": 2, "d": 1}, 2) == {"b": 5, "c": 2, "all others": 2}
    assert charts.column_sums([[1, 2], [1], [0, 0, 4]]) == [2, 2, 4]


@pytest.mark.parametrize(
    ("maximum", "ticks"),
    [(0, [0, 1]), (1, [0, 0.5, 1]), (3, [0, 1, 2, 3]), (4, [0, 1, 2, 3, 4]), (21, [0, 10, 20, 30]),
     (1200, [0, 500, 1000, 1500]), (999_999, [0, 500_000, 1_000_000]), (10**12, [0, 5 * 10**11, 10**12])],
)  # fmt: skip
def test_axes_have_round_numbers(maximum: float, ticks: list[float]) -> None:
    assert charts.axis_ticks(maximum) == ticks


def test_marks_stand_at_their_values() -> None:
    line = lxml_html.fromstring(str(charts.columns("x", ["a", "b", "c"], [0, 3, 1.5], is_line=True)))
    assert [dot.get("cy") for dot in line.iter("circle")] == ["150.0", "26.0", "88.0"]
    labels = [f"label {number}" for number in range(11)]
    columns = lxml_html.fromstring(str(charts.columns("x", labels, [0, 2, 4] + 8 * [1])))
    assert [column.get("height") for column in columns.iter("rect")][:3] == ["0.0", "62.0", "124.0"]
    assert [label.text for label in columns.cssselect("text.x")] == ["label 0", "label 3", "label 6", "label 9"]
    bars = lxml_html.fromstring(str(charts.bars("x", {"a\x1b": 4, "b" * 99: 1, "c": 0})))
    widths = [float(bar.get("width")) for bar in bars.iter("rect")]
    assert (widths[0] / widths[1], widths[2]) == (pytest.approx(4, rel=0.01), 0)
    assert [label.text for label in bars.cssselect("text.y")] == [r"a\x1b", "b" * 31 + "…", "c"]


def test_charts_without_values_have_axes() -> None:
    for chart in (charts.bars("x", {}), charts.columns("x", [], []), charts.columns("x", [], [], is_line=True)):
        assert chart.count('class="axis"') == 1
