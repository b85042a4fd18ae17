"""What is known of a site's URLs changes their role, and never what feeds and sitemaps list."""

from __future__ import annotations

import pytest

from crawler.frontier.learned_patterns import LearnedPatterns
from crawler.reasons import NotFetched
from crawler.types import DiscoveredUrl, PatternYield, Role

KNOWN = LearnedPatterns(
    patterns={
        "news.example/n/0": PatternYield(12, 11),
        "news.example/shop/*": PatternYield(25, 0),
        "news.example/mixed/*": PatternYield(25, 9),
        "news.example/few/*": PatternYield(9, 9),
    }
)


@pytest.mark.parametrize(
    ("path", "role", "skipped", "beyond", "expected"),
    [
        ("n/12", Role.SECTION, None, False, (Role.ARTICLE, None)),
        ("n/12", Role.PAGE, NotFetched.DEPTH, True, (Role.ARTICLE, None)),
        ("n/12", Role.PAGE, NotFetched.SERVICE, False, (Role.PAGE, NotFetched.SERVICE)),
        ("shop/a-green-boat", Role.ARTICLE, None, False, (Role.PAGE, None)),
        ("shop/a-green-boat", Role.ARTICLE, None, True, (Role.PAGE, NotFetched.DEPTH)),
        ("shop/a-green-boat", Role.SECTION, None, True, (Role.SECTION, None)),
        ("mixed/a-green-boat", Role.ARTICLE, None, True, (Role.ARTICLE, None)),
        ("few/a-green-boat", Role.PAGE, None, False, (Role.PAGE, None)),
        ("other/a-green-boat", Role.ARTICLE, None, True, (Role.ARTICLE, None)),
    ],
)
def test_roles_of_links(
    path: str, role: Role, skipped: NotFetched | None, beyond: bool, expected: tuple[Role, NotFetched | None]
) -> None:
    found = DiscoveredUrl(url=f"https://news.example/{path}", role=role, skipped=skipped)
    told = KNOWN.with_known_role(found, is_listed=False, is_beyond=beyond)
    assert (told.role, told.skipped) == expected
    assert KNOWN.with_known_role(found, is_listed=True, is_beyond=beyond) == found
