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
    cells = [cell.text_content().strip() for cell in tree.cssselect("table.sites tbody")[0].iter("th", "td")]
    assert cells == ["a.example", "19", "1", "–", "89%", "12.5", "40", "4", "3", "2"]
    text = tree.text_content()
    assert "Found 40: written 20 (new 19, changed 1), unchanged 5, duplicate 1, rejected 4, followed 5" in text
    assert "scrapy inspect http://a.example/list" in text
    assert "scrapy inspect http://a.example/nobody" in text
    assert "1.25 s" in text
    assert len(tree.cssselect(".charts svg")) == 11  # two of the run, one of all runs, eight of the site
    assert len(tree.cssselect(".spark")) == 3  # no run has a confidence


def test_sums_that_differ_are_said() -> None:
    assert "The sums differ." in report_page(reported(sites={SITE: site_account(found=41)}), [])
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
    assert parts[0].text_content() == "site-99.example"
    assert last in lxml_html.tostring(tree, encoding="unicode")


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


@pytest.mark.parametrize(("maximum", "ticks"), [(0, [0, 1]), (1, [0, 1]), (2, [0, 1, 2]), (5, [0, 2, 4, 6])])
def test_axes_of_counts_have_whole_numbers(maximum: float, ticks: list[float]) -> None:
    assert charts.axis_ticks(maximum, is_whole=True) == ticks


def test_marks_stand_at_their_values() -> None:
    line = lxml_html.fromstring(str(charts.columns("x", ["a", "b", "c"], [0, 3, 1.5], is_line=True)))
    assert [dot.get("cy") for dot in line.iter("circle")] == ["162.0", "42.0", "102.0"]
    labels = [f"label {number}" for number in range(11)]
    columns = lxml_html.fromstring(str(charts.columns("x", labels, [0, 2, 4] + 8 * [1])))
    assert [column.get("height") for column in columns.iter("rect")][:3] == ["0.0", "60.0", "120.0"]
    assert [label.text for label in columns.cssselect("text.x")] == ["label 0", "label 3", "label 6", "label 9"]
    bars = lxml_html.fromstring(str(charts.bars("x", {"a\x1b": 4, "b" * 99: 1, "c": 0})))
    widths = [float(bar.get("width")) for bar in bars.iter("rect")]
    assert (widths[0] / widths[1], widths[2]) == (pytest.approx(4, rel=0.01), 0)
    # a name is never cut, and each value is said
    assert [label.text for label in bars.cssselect("text.start")] == [r"a\x1b", "4", "b" * 52, "b" * 47, "1", "c", "0"]


def test_charts_without_values_have_axes() -> None:
    for chart in (charts.bars("x", {}), charts.columns("x", [], []), charts.columns("x", [], [], is_line=True)):
        assert chart.count('class="axis"') == 1


def test_lines_stand_at_their_times() -> None:
    day = 86_400
    times = [0, day, 4 * day]
    chart = lxml_html.fromstring(str(charts.lines("x", times, {"new": [1, 2, 4], "changed": [None, 0, 2]})))
    places = [float(dot.get("cx")) for dot in chart.iter("circle")]
    assert places == [44, 119, 344, 119, 344]
    assert [label.text for label in chart.cssselect("text.x")] == ["1 Jan", "2 Jan", "3 Jan", "4 Jan", "5 Jan"]
    assert [path.get("stroke-dasharray") for path in chart.cssselect("path.line")] == [None, "6 3", None, "6 3"]
    assert [label.text for label in chart.cssselect("text.start")] == ["new", "changed"]


@pytest.mark.parametrize(
    ("last", "labels"),
    [
        (0, ["1 Jan 00:00"]),
        (3_600, ["1 Jan 00:00", "00:15", "00:30", "00:45", "01:00"]),
        (2 * 86_400, ["1 Jan 00:00", "12:00", "2 Jan 00:00", "12:00", "3 Jan 00:00"]),
        (400 * 86_400, ["1 Jan", "30 Jun", "27 Dec"]),
    ],
)
def test_a_time_scale_has_round_times(last: int, labels: list[str]) -> None:
    chart = lxml_html.fromstring(str(charts.lines("x", [0, last] if last else [0], {"new": [1, 2] if last else [1]})))
    assert [label.text for label in chart.cssselect("text.x")] == labels


def test_hours_without_an_article_have_their_place() -> None:
    chart = lxml_html.fromstring(str(charts.time_columns("x", {0: 2, 10 * 3_600: 1}, 3_600)))
    first, last = (float(bar.get("x")) for bar in chart.iter("rect"))
    assert last - first == pytest.approx(300 * 10 / 12)


def test_a_small_chart_says_what_it_shows() -> None:
    assert 'aria-label="seconds: 2 to 9 in 2 runs"' in charts.sparkline("seconds", [0, 5, 9], [2, None, 9])
    assert charts.sparkline("seconds", [0], [None]) == ""


def test_what_needs_a_look_comes_first_with_examples_and_the_next_command() -> None:
    wrong = site_account(degraded=["authors 25%, usually 100%"], titles={"http://a.example/nobody": "Nobody signed it"})
    tree = lxml_html.fromstring(report_page(reported(sites={SITE: wrong}), [reported(6)]))
    (trouble,) = tree.cssselect(".trouble")
    said = " ".join(trouble.text_content().split())
    assert "degraded: authors 25%, usually 100%" in said
    assert "For example /list; Nobody signed it." in said
    assert "Next: scrapy inspect http://a.example/list" in said
    assert tree.cssselect("main section")[0] is trouble.getparent()
    assert tree.cssselect("section.site details")[0].get("open") is not None


def test_quiet_sites_are_folded() -> None:
    nothing = site_account(**(EMPTY | {"found": 8, "followed": 1, "not_fetched": {"not_due": 7}, "pending": {}}))
    tree = lxml_html.fromstring(report_page(reported(sites={SITE: site_account(), "http://b.example/": nothing}), []))
    (folded,) = tree.cssselect("section details:not(section.site details)")
    assert "1 quiet site" in folded.text_content()
    assert [row.text_content() for row in folded.cssselect("tbody th")] == ["b.example"]


def test_lengths_are_ranges() -> None:
    text = report_page(reported(), [])
    assert "724 to 1,023" in text
    assert "1,024 to 1,447" in text
