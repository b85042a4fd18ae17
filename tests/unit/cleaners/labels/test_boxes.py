"""Boxes and lists are decided as one, and subheads as what they head."""

from __future__ import annotations

import pytest

from cleaners.labels.boxes import Group, agree, follow
from cleaners.labels.rules import registry
from cleaners.types import BlockKind, Label

BOX, LIST = (Group((0, 1, 2), is_list=False),), (Group((0, 1, 2), is_list=True),)
OPEN = [0.6, 0.7, 0.7]


@pytest.mark.parametrize(
    ("groups", "decisions", "probabilities", "required", "wanted"),
    [
        pytest.param(BOX, [False, True, True], [0.1, 0.6, 0.7], OPEN, [False, False, False], id="a heading is out"),
        pytest.param(BOX, [False, True, True], [0.1, 0.95, 0.97], OPEN, [False, True, True], id="text it is sure of"),
        pytest.param(BOX, [True, False, True], [0.9, 0.2, 0.8], OPEN, [True, False, True], id="a heading that is text"),
        pytest.param(BOX, [False, False, False], [0.1, 0.2, 0.3], OPEN, [False, False, False], id="all out"),
        pytest.param(LIST, [True, True, False], [0.9, 0.9, 0.4], OPEN, [True, True, True], id="most entries in"),
        pytest.param(LIST, [False, True, False], [0.1, 0.6, 0.4], OPEN, [False, False, False], id="most entries out"),
        pytest.param(LIST, [True, True, False], [0.9, 0.9, 0.4], [0.6, 0.6, 2.0], [True, True, False], id="a policy"),
        pytest.param(LIST, [True, True, False], [0.9, 0.9, 0.1], OPEN, [True, True, False], id="an entry unlike them"),
        pytest.param(LIST, [False, True, False], [0.1, 0.8, 0.4], OPEN, [False, True, False], id="a sure entry"),
        pytest.param((), [True, False, True], [0.9, 0.1, 0.9], OPEN, [True, False, True], id="no box"),
    ],
)
def test_agree(
    groups: tuple[Group, ...],
    decisions: list[bool],
    probabilities: list[float],
    required: list[float],
    wanted: list[bool],
) -> None:
    assert agree(decisions, probabilities, required, groups) == wanted


SUBHEAD, TEXT = registry.KEPT.label(BlockKind.SUBHEAD), registry.KEPT.label(BlockKind.PARAGRAPH)
AD = registry.UNCLAIMED.label(BlockKind.OTHER)


@pytest.mark.parametrize(
    ("labels", "decisions", "probabilities", "required", "wanted"),
    [
        pytest.param((SUBHEAD, TEXT), (False, True), (0.4, 0.95), (0.5, 0.5), [True, True], id="text stays"),
        pytest.param((SUBHEAD, TEXT), (False, True), (0.1, 0.95), (0.5, 0.5), [False, True], id="surely out"),
        pytest.param((SUBHEAD, TEXT), (False, True), (0.4, 0.95), (2.0, 0.5), [False, True], id="a policy"),
        pytest.param((SUBHEAD, TEXT), (True, False), (0.6, 0.3), (0.5, 0.5), [False, False], id="text removed"),
        pytest.param((SUBHEAD, TEXT), (True, False), (0.9, 0.3), (0.5, 0.5), [True, False], id="sure subhead"),
        pytest.param((SUBHEAD, AD), (True, False), (0.6, 0.1), (0.5, 0.7), [True, False], id="an ad"),
        pytest.param((TEXT, TEXT), (False, True), (0.4, 0.95), (0.5, 0.5), [False, True], id="no subhead"),
    ],
)
def test_follow(
    labels: tuple[Label, ...],
    decisions: tuple[bool, ...],
    probabilities: tuple[float, ...],
    required: tuple[float, ...],
    wanted: list[bool],
) -> None:
    assert follow(decisions, probabilities, required, labels, (4, 5)) == wanted


@pytest.mark.parametrize(("below", "stays"), [(5, True), (16, True), (17, False)])
def test_a_subhead_stays_above_text_that_a_box_of_links_parts_from_it(below: int, stays: bool) -> None:
    labels, decisions = (SUBHEAD, AD, TEXT), (False, False, True)
    assert follow(decisions, (0.4, 0.1, 0.95), (0.5, 0.7, 0.5), labels, (4, 5, below)) == [stays, False, True]


def test_a_subhead_stays_where_the_text_below_is_removed_behind_a_box() -> None:
    assert follow((True, False), (0.6, 0.3), (0.5, 0.5), (SUBHEAD, TEXT), (4, 6)) == [True, False]
