"""Boxes and lists are decided as one."""

from __future__ import annotations

import pytest

from cleaners.labels.boxes import Group, agree

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
