"""FOCUS and EVIDENCE as the cleaner's options."""

from __future__ import annotations

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler.config import settings_values
from crawler.listings.parse import Limits
from crawler.scheduling.context import bounds


@pytest.mark.parametrize("focus", ["precision", "balanced", "recall"])
def test_settings_become_options(focus: str) -> None:
    found = settings_values.options(Settings({"FOCUS": focus, "EVIDENCE": "1"}))
    assert found.focus == focus
    assert found.with_evidence


def test_settings_become_limits_of_listings() -> None:
    found = settings_values.limits(Settings({"FEED_MAX_ENTRIES": "7", "SITEMAP_MAX_URLS": "8", "SITEMAP_MAX_SITEMAPS": "9"}))
    assert found == Limits(feed_entries=7, sitemap_urls=8, index_sitemaps=9)


@pytest.mark.parametrize(("role", "expected"), [("section", 10), ("article", 10), ("next", 10), ("feed", 10), ("start", 60), ("sitemap", 60)])
def test_only_what_may_be_a_sitemap_may_be_as_large(role: str, expected: int) -> None:
    assert bounds(role, Settings({"PAGE_MAXSIZE": 10, "DOWNLOAD_MAXSIZE": 60})) == {"download_maxsize": expected}


def test_unknown_focus_names_the_setting_and_the_values() -> None:
    with pytest.raises(UsageError, match="setting FOCUS 'fast': expected one of precision, balanced, recall"):
        settings_values.options(Settings({"FOCUS": "fast"}))


@pytest.mark.parametrize(("name", "value", "ways"), [("DUPLICATES", "marks", "mark, drop, off"), ("RIGHTS", "", "record, obey, off")])
def test_a_way_that_is_none_is_named(name: str, value: str, ways: str) -> None:
    settings = Settings({"DUPLICATES": "mark", "RIGHTS": "record", name: value})
    with pytest.raises(UsageError, match=f"setting {name}={value}: expected one of {ways}"):
        settings_values.check(settings)
