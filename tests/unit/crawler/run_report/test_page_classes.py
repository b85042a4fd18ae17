"""What the pages of a site were: one class each, and the sums add up."""

from __future__ import annotations

import pytest
from msgspec import structs

from crawler.reasons import PageClass
from crawler.run_report.page_classes import describe_walls, page_classes
from tests.unit.crawler.run_report.reports import site_account

ACCOUNT = structs.replace(
    site_account(),
    found=40,
    written=9,
    new=9,
    changed=0,
    unchanged=3,
    duplicate=1,
    followed=4,
    rejected={"listing": 2, "http_404": 5, "walled": 3, "no_text": 1, "http_503": 2},
    not_fetched={"old": 8},
    pending={"host_down": 2},
)


def test_the_classes_add_up_to_the_pages_that_were_fetched() -> None:
    special = {PageClass.LIVE_BLOG: 1, PageClass.PAYWALLED: 2, PageClass.VIDEO: 0}
    classes = page_classes(ACCOUNT, special=special, followed={PageClass.SCRIPTED: 1, PageClass.LISTING: 2})
    assert classes == {
        "article": 10, "listing": 5, "gone": 5, "walled": 3, "paywalled": 2, "failed": 2, "live_blog": 1, "scripted": 1,
        "empty": 1,
    }  # fmt: skip
    assert sum(classes.values()) == ACCOUNT.fetched_count


def test_more_counts_than_pages_change_no_sum() -> None:
    classes = page_classes(ACCOUNT, special={PageClass.LIVE_BLOG: 99}, followed={PageClass.EMPTY: 99})
    assert sum(classes.values()) == ACCOUNT.fetched_count


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, ""),
        (1, "walled: 1 bot challenge; what was asked for stays due"),
        (12, "walled: 12 bot challenges; what was asked for stays due"),
    ],
)
def test_walls_in_words(count: int, expected: str) -> None:
    assert describe_walls(structs.replace(ACCOUNT, walled=count)) == expected
