"""Text from strangers in the log and on terminals."""

from __future__ import annotations

import logging

import pytest

from crawler.ledger.types import Run
from crawler.log_sanitizer import LogSanitizer, escape_controls
from crawler.presentation.terminal.lines import StyledLine, write_lines
from crawler.presentation.terminal.runs_table import run_summary, table
from crawler.run_report.report_types import ReportedRun
from crawler.spiders.survey import ListingSummary, Survey, lines
from tests.unit.crawler.run_report.reports import run_report, site_account


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("café 東京\tok", "café 東京\tok"),
        ("a\nb\r\nc", r"a\nb\r\nc"),
        ("\x1b[31mred\x1b]0;title\x07", r"\x1b[31mred\x1b]0;title\x07"),
        ("\x9b2J\x7f", r"\x9b2J\x7f"),
        ("a\u2028b\u202ec\u2066", r"a\u2028b\u202ec\u2066"),
        ("\u200ea\u200fb\u061c", r"\u200ea\u200fb\u061c"),
        ("\ud800", r"\ud800"),
    ],
)
def test_printable(text: str, expected: str) -> None:
    assert escape_controls(text) == expected


def test_no_message_begins_a_line_or_commands_a_terminal(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    log = LogSanitizer([caplog.handler])
    try:
        logging.getLogger("copydesk").warning("%s failed: %s", "a.example", "\x1b[2J\n04:00:00 INFO all is well")
        forged = ValueError("\x1b[31m\n04:00:00 CRITICAL forged")
        logging.getLogger("scrapy.core").error("broken", exc_info=forged)
        logging.getLogger("scrapy.utils").info("settings:\n{'A': 1}\x1b")
    finally:
        log.engine_stopped()
    first, second, third = caplog.records
    assert first.getMessage() == r"a.example failed: \x1b[2J\n04:00:00 INFO all is well"
    assert "\x1b" not in str(second.exc_text)
    assert str(second.exc_text).splitlines()[-2:] == [r"  ValueError: \x1b[31m", "  04:00:00 CRITICAL forged"]
    assert third.getMessage() == "settings:\n{'A': 1}\\x1b"


EVIL = "\x1b[2J\n04:00:00 INFO all is well\u202e"


def test_no_table_commands_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    run = ReportedRun(
        Run(id=1, pid=2, started=3, ended=4, status=3, report={}),
        run_report(
            {"http://b.example/": site_account(degraded=[EVIL])},
            failed_sources={"http://a.example/": EVIL},
            degraded=[EVIL],
        ),
    )
    found = Survey(
        url=f"http://a.example/{EVIL}", feeds={EVIL: ListingSummary(articles=1, newest=None)}, sections=[EVIL]
    )
    write_lines([*table([run]), *run_summary(run), *(StyledLine(line) for line in lines(found))])
    shown = capsys.readouterr().out.splitlines()
    assert len([line for line in shown if r"\x1b[2J\n04:00:00 INFO all is well\u202e" in line]) == 7
    assert all(line == escape_controls(line) for line in shown)


def test_it_leaves_the_handlers_as_they_were() -> None:
    handler = logging.StreamHandler()
    LogSanitizer([handler]).engine_stopped()
    assert handler.filters == []
