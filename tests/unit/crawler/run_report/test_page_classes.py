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
    classes = page_classes(ACCOUNT, {PageClass.LIVE_BLOG: 1, PageClass.PAYWALLED: 2, PageClass.VIDEO: 0})
    assert classes == {
        "article": 10, "listing": 6, "gone": 5, "walled": 3, "paywalled": 2, "failed": 2, "live_blog": 1, "empty": 1,
    }  # fmt: skip
    assert sum(classes.values()) == ACCOUNT.fetched_count


@pytest.mark.parametrize(
    ("pages", "listings", "expected"),
    [
        (0, 0, ""),
        (1, 0, "walled: a bot challenge in place of 1 page; they stay due"),
        (2, 1, "walled: a bot challenge in place of 2 pages and 1 feed or sitemap; they stay due"),
        (0, 2, "walled: a bot challenge in place of 2 feeds and sitemaps; they stay due"),
    ],
)
def test_walls_in_words(pages: int, listings: int, expected: str) -> None:
    account = structs.replace(ACCOUNT, rejected={"walled": pages}, listings={"walled": listings, "read": 3})
    assert describe_walls(account) == expected
