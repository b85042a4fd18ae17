"""An explanation on a terminal."""

from __future__ import annotations

from cleaners import Page
from cleaners.explain import Explanation, explain
from crawler.presentation.terminal.explanation import styled_lines
from tests.golden import cases
from tests.unit.cleaners.metadata.test_evidence import PAGE


def lines(explanation: Explanation) -> list[str]:
    return [line.text for line in styled_lines(explanation)]


def test_type_sources_and_every_block_are_shown() -> None:
    shown = lines(explain(PAGE))
    assert any(line.startswith("type: article, ") for line in shown)
    assert any(line.startswith("published") and "≠ meta article:published_time" in line for line in shown)
    assert sum(line.startswith("+ paragraph") for line in shown) == 4
    assert any(line.startswith("- title") for line in shown)


def test_a_rejection_has_its_stage_reason_and_detail() -> None:
    assert lines(explain(Page(url="https://news.example/a", body=b""))) == [
        "rejected: decode/empty_body: the body has no bytes to read"
    ]
    folder = next(folder for folder in cases.page_cases() if "stage" in cases.expected(folder))
    assert any(line.startswith("rejected: page_type/") for line in lines(explain(cases.load(folder))))
