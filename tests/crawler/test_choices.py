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
