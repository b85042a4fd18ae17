"""FOCUS and EVIDENCE as the cleaner's options."""

from __future__ import annotations

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler import choices


@pytest.mark.parametrize("focus", ["precision", "balanced", "recall"])
def test_settings_become_options(focus: str) -> None:
    found = choices.options(Settings({"FOCUS": focus, "EVIDENCE": "1"}))
    assert found.focus == focus
    assert found.with_evidence


def test_unknown_focus_names_the_setting_and_the_values() -> None:
    with pytest.raises(UsageError, match="setting FOCUS 'fast': expected one of precision, balanced, recall"):
        choices.options(Settings({"FOCUS": "fast"}))


@pytest.mark.parametrize(("name", "value", "ways"), [("DUPLICATES", "marks", "mark, drop, off"), ("RIGHTS", "", "record, obey, off")])
def test_a_way_that_is_none_is_named(name: str, value: str, ways: str) -> None:
    settings = Settings({"DUPLICATES": "mark", "RIGHTS": "record", name: value})
    with pytest.raises(UsageError, match=f"setting {name}={value}: expected one of {ways}"):
        choices.check(settings)
