"""Passages of a text found again, sought one by one or noted at once."""

from __future__ import annotations

import random
import time

import pytest

from cleaners.extraction.alignment import MAX_SEARCHED, WINDOW, Passages, hashed, hashed_window

DICE = random.Random(7)
TEXT = "".join(DICE.choices("abcdefé東\n", k=5_000))
TWICE = TEXT[100:120]
HA = "ha" * 13


@pytest.fixture(params=[False, True], ids=["sought", "noted"])
def passages(request: pytest.FixtureRequest) -> Passages:
    found = Passages(TEXT + TWICE + "x" + HA)
    for _ in range(MAX_SEARCHED * request.param):
        assert TWICE in found
    return found


@pytest.mark.parametrize(
    ("window", "is_there", "is_repeated"),
    [
        (TWICE, True, True),
        (TEXT[:WINDOW], True, False),
        (TEXT[-WINDOW:], True, False),
        (TEXT[3_000 : 3_000 + WINDOW][::-1], False, False),
        (HA[:WINDOW], True, False),  # it overlaps itself, and stands once
        ("\ud800" * WINDOW, False, False),
    ],
)
def test_both_ways_find_the_same(passages: Passages, window: str, is_there: bool, is_repeated: bool) -> None:
    assert (window in passages) is is_there
    assert passages.is_repeated(window) is is_repeated


@pytest.mark.parametrize(
    ("passage", "count"),
    [
        (TWICE, 2),
        (TEXT[1_000:1_400], 1),
        (TEXT[1_000:1_400] + "z", 0),
        ("z" + TEXT[1_000:1_400], 0),
        (TEXT[-30:] + TWICE, 1),
        (HA[:22], 1),  # it overlaps itself
    ],
)
def test_long_passages_are_counted_both_ways(passages: Passages, passage: str, count: int) -> None:
    assert passages.count(passage) == count
    assert (passage in passages) is bool(count)


@pytest.mark.parametrize("window", [TWICE, "\ud800" * WINDOW, "東é" * 10])
def test_a_single_window_has_the_same_hash(window: str) -> None:
    assert hashed_window(window) == int(hashed(window)[0])


def test_a_text_shorter_than_a_window_has_none() -> None:
    assert hashed("short").size == hashed("").size == 0
    found = Passages("short")
    assert not any(TWICE in found for _ in range(MAX_SEARCHED + 5))


def test_many_windows_of_a_long_text_cost_little() -> None:
    long = TEXT * 200
    found = Passages(long)
    begun = time.process_time()
    for start in range(0, 400_000, 10):
        assert not found.is_repeated(long[start : start + WINDOW][::-1] + "")
    assert time.process_time() - begun < 8.0
