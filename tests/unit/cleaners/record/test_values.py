"""The values of a record are those of its line."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from cleaners import Article, clean
from cleaners.record.serialize import to_json, to_values
from tests.unit.cleaners.pages import page, story

CHANGES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "line breaks of some readers": {"title": "a\u2028b\u2029c\x85d"},
    "a lone surrogate": {"text": "a\ud800b"},
    "numbers that a pipeline added": {"extra": {"big": 2**80, "much": float("inf"), "third": 1 / 3}},
}


@pytest.mark.parametrize("name", CHANGES)
def test_values_are_those_of_the_line(name: str) -> None:
    article = clean(page(story()))
    assert isinstance(article, Article)
    changed = replace(article, **CHANGES[name])
    assert repr(to_values(changed)) == repr(json.loads(to_json(changed)))
