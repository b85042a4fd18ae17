"""Versions of an article: sentences, headlines, and changes that the page does not own up to."""

from __future__ import annotations

import time
from typing import Any

import pytest

from crawler.quality.versions import Change, changes_between, sentences, versions

CLOSING = "The lock closes on Monday. It opens in May."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("He said: “No.” Then he left.\nA line", ["He said: “No.", "Then he left.", "A line"]),
        ("It cost 2.4 million.", ["It cost 2.4 million."]),
        ("水位上升了。船只停航。", ["水位上升了。", "船只停航。"]),
        ("बाँध टूटा। लोग निकले।", ["बाँध टूटा।", "लोग निकले।"]),
        ("Вода прибыла. Суда стоят.", ["Вода прибыла.", "Суда стоят."]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    found = sentences(text)
    assert [one.rstrip("”") for one in found] == [one.rstrip("”") for one in expected]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (CLOSING, CLOSING, []),
        (CLOSING, "the lock  closes on Monday. It opens in May.", []),
        ("He said “no”.", 'He said "no".', []),
        (
            "Losses were 2.4 million.",
            "Losses were 24 million.",
            [("Losses were 2.4 million.", "Losses were 24 million.")],
        ),
        ("-5% at $5", "5% at €5", [("-5% at $5", "5% at €5")]),
        (CLOSING, f"{CLOSING} Boats wait.", [("", "Boats wait.")]),
        (CLOSING, "It opens in May.", [("The lock closes on Monday.", "")]),
        (CLOSING, "The lock closes on Monday. It opens in June.", [("It opens in May.", "It opens in June.")]),
        (CLOSING, "", [("The lock closes on Monday.", ""), ("It opens in May.", "")]),
    ],
)
def test_changes(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert changes_between(old, new) == tuple(Change(old=gone, new=come) for gone, come in expected)


def record(revision: int, text: str = CLOSING, **values: Any) -> dict[str, Any]:
    return {
        "id": "1", "url": "http://a.example/1", "revision": revision, "text": text, "title": "Lock to close",
        "modified": None, "fetched_at": f"2026-10-0{revision}T08:00:00Z", **values,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("later", "fields", "is_stealthy"),
    [
        pytest.param(record(2, "The lock stays open."), (), True, id="no date of change"),
        pytest.param(record(2, "The lock stays open.", modified="2026-10-02"), (), False, id="a new date"),
        pytest.param(record(2, title="Lock stays open"), ("title",), True, id="the headline alone"),
        pytest.param(record(2, tags=["lock"]), ("tags",), False, id="no text, no headline"),
    ],
)
def test_a_change_is_told_or_not(later: dict[str, Any], fields: tuple[str, ...], is_stealthy: bool) -> None:
    first, second = versions([later, record(1)])
    assert (first.revision, first.changes, first.is_stealthy) == (1, (), False)
    assert (second.fields, second.is_stealthy) == (fields, is_stealthy)


def test_a_date_of_change_that_stays_tells_nothing() -> None:
    dated = {"modified": "2026-10-01T07:00:00Z"}
    assert versions([record(1, **dated), record(2, "The lock stays open.", **dated)])[1].is_stealthy


def test_what_other_rules_changed_is_not_laid_on_the_page() -> None:
    old = record(1, cleaner="copydesk-rules/2")
    version = versions([old, record(2, "The lock closes on Monday.", cleaner="copydesk-rules/3")])[1]
    assert version.is_recleaned
    assert not version.is_stealthy


def test_the_old_headline_is_kept() -> None:
    assert versions([record(1), record(2, title="Lock stays open")])[1].old_title == "Lock to close"


def test_a_long_live_blog_is_compared_soon() -> None:
    lines = [f"Share this post. Entry {n} says what happened then." for n in range(1_500)]
    started = time.process_time()
    assert changes_between(" ".join(lines), " ".join(lines[::-1]))
    assert time.process_time() - started < 20  # a test of growth


def test_of_several_lines_of_a_revision_the_last_counts() -> None:
    again = record(1, "The lock closes on Tuesday.", fetched_at="2026-10-01T09:00:00Z")
    assert [version.record["text"] for version in versions([again, record(1)])] == ["The lock closes on Tuesday."]
