"""What is told once: each change of the state of a site, and no state that lasts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec import structs

from crawler.alarms.after_run import messages
from crawler.alarms.changes import Alarm, State, alarms, troubles
from crawler.ledger.types import Run
from crawler.run_report.report_types import ReportedRun
from tests.unit.crawler.run_report.reports import run_report, site_account

SITE = "http://a.example/"
DAY = 86_400


def run(number: int, problems: Sequence[str] = (), *, failed: str = "", status: int = 0, day: int = 0) -> ReportedRun:
    account = structs.replace(
        site_account(),
        degraded=list(problems),
        rejected={"listing": 2, "walled": 1},
        examples={"rejected listing": ["http://a.example/1", "http://a.example/2", "http://a.example/3"]},
    )
    account = structs.replace(account, found=sum(account.by_outcome.values()))
    report = run_report(
        {SITE: account},
        started=f"2026-12-0{number}T08:00:00+00:00",
        exit_status=status,
        failed_sources={SITE: failed} if failed else {},
    )
    values = Run(id=number, pid=1, started=day * DAY + number, ended=day * DAY + number, status=status, report={})
    return ReportedRun(values, report)


YIELD = "yield 20%, usually 80%"


@pytest.mark.parametrize(
    ("problems", "expected"),
    [
        pytest.param([[], [YIELD]], [State.BROKEN], id="it broke"),
        pytest.param([[YIELD]], [State.BROKEN], id="broken from the start"),
        pytest.param([[YIELD], ["yield 10%, usually 80%"]], [], id="as before, with another figure"),
        pytest.param([[YIELD], [YIELD, "title 0%, usually 100%"]], [State.BROKEN], id="and something else broke"),
        pytest.param([[YIELD], []], [State.WELL], id="well again"),
        pytest.param([[YIELD, "title 0%, usually 100%"], [YIELD]], [], id="half well"),
        pytest.param([[], []], [], id="well, as before"),
        pytest.param([[YIELD], [], []], [], id="told before that it is well"),
    ],
)
def test_a_change_is_told_once(problems: list[list[str]], expected: list[State]) -> None:
    runs = [run(number, found) for number, found in enumerate(problems, 1)]
    assert [alarm.state for alarm in alarms(runs[-1], runs[-2::-1])] == expected


def test_an_alarm_says_since_when_with_examples_and_what_to_do() -> None:
    history = [run(4, [YIELD]), run(3, [YIELD]), run(2), run(1, [YIELD])]
    (alarm,) = alarms(run(5, [YIELD, "title 0%, usually 100%"]), history)
    assert alarm == Alarm(
        site=SITE,
        state=State.BROKEN,
        what=("degraded: yield 20%, usually 80%", "degraded: title 0%, usually 100%"),
        since="2026-12-03T08:00:00+00:00",
        examples=("http://a.example/1", "http://a.example/2"),
        command="scrapy inspect http://a.example/1",
    )


@pytest.mark.parametrize(
    ("now", "command"),
    [
        (run(2, failed="unknown host"), "scrapy sources http://a.example/ --why"),
        (
            run(2, ["walled: a bot challenge in place of 1 page; they stay due"]),
            "scrapy sources http://a.example/ --why",
        ),
    ],
)
def test_the_command_is_that_which_finds_out_more(now: ReportedRun, command: str) -> None:
    assert [alarm.command for alarm in alarms(now, [run(1)])] == [command]


def test_a_run_that_failed_is_told_of_the_run() -> None:
    (alarm,) = alarms(run(2, status=4), [run(1)])
    assert (alarm.site, alarm.what, alarm.command) == ("", ("an output could not be written",), "scrapy runs 2")
    assert alarms(run(3, status=4), [run(2, status=4)]) == []
    assert [one.state for one in alarms(run(3), [run(2, status=4)])] == [State.WELL]


def test_a_site_is_compared_with_the_last_run_that_had_it() -> None:
    other = structs.replace(run(2).report, sites={}, failed_sources={})
    assert alarms(run(3, [YIELD]), [ReportedRun(run(2).run, other), run(1, [YIELD])]) == []


def test_the_text_of_an_alarm() -> None:
    (message,) = messages(run(2, [YIELD], failed="unknown host"), [run(1)], has_digest=False)
    assert message.subject == "Copydesk: http://a.example/ broke"
    assert message.text == (
        "http://a.example/, since 2026-12-02T08:00:00+00:00:\n"
        "  failed: unknown host\n"
        "  degraded: yield 20%, usually 80%\n"
        "  for example http://a.example/1\n"
        "  for example http://a.example/2\n"
        "  scrapy sources http://a.example/ --why\n"
        "\n"
        "All of run 2: scrapy report 2\n"
    )
    assert message.data["alarms"][0]["state"] == "broken"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param([0, 0, 1], ["digest"], id="the first run of a day"),
        pytest.param([0, 1, 1], [], id="a later one"),
        pytest.param([0], [], id="the first run of all"),
        pytest.param([0, 3], ["digest"], id="after days without a run"),
    ],
)
def test_the_first_run_of_a_day_sends_the_digest_of_the_last(days: list[int], expected: list[str]) -> None:
    runs = [run(number, day=day) for number, day in enumerate(days, 1)]
    found = messages(runs[-1], runs[-2::-1], has_digest=True)
    assert [message.kind for message in found] == expected
    assert messages(runs[-1], runs[-2::-1], has_digest=False) == []
    for message in found:
        assert message.data["day"] == "1970-01-01"
        assert "No site needs a look." in message.text


def test_all_that_is_wrong_is_listed_whether_it_was_told_or_not() -> None:
    history = [run(4, [YIELD]), run(3, [YIELD]), run(2)]
    assert alarms(run(5, [YIELD]), history) == []
    (trouble,) = troubles(run(5, [YIELD]), history)
    assert (trouble.site, trouble.state, trouble.since) == (SITE, State.BROKEN, "2026-12-03T08:00:00+00:00")
    assert troubles(run(5), history) == []


def test_examples_are_of_the_field_that_fell() -> None:
    account = site_account(
        rejected={},
        missing={"description": 20, "authors": 15},
        examples={"missing description": ["http://a.example/d"], "missing authors": ["http://a.example/a"]},
        degraded=["authors 25%, usually 100%"],
    )
    account = structs.replace(account, found=sum(account.by_outcome.values()))
    reported = ReportedRun(run(5).run, run_report({SITE: account}, started="2026-12-05T08:00:00+00:00"))
    (trouble,) = troubles(reported, [])
    assert trouble.examples == ("http://a.example/a", "http://a.example/d")


def test_a_command_is_quoted_for_the_shell() -> None:
    evil = "https://evil.example/a;touch$IFS/tmp/pwned;b/$(id)&x"
    account = site_account(degraded=[YIELD], rejected={"listing": 4}, examples={"rejected listing": [evil]})
    reported = ReportedRun(run(5).run, run_report({"http://a.example/?a=1&b": account}, failed_sources={"a;b": "gone"}))
    commands = {trouble.site: trouble.command for trouble in troubles(reported, [])}
    assert commands == {
        "http://a.example/?a=1&b": f"scrapy inspect '{evil}'",
        "a;b": "scrapy sources 'a;b' --why",
    }
