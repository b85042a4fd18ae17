"""Where a newsroom lists what it publishes, and what of it is wanted."""

from __future__ import annotations

import pytest

from crawler.discovery import is_in, is_old, is_wanted, usual
from crawler.ledger import Found
from crawler.sources import Source

FRONT = "https://news.example/"


def test_what_is_announced_is_believed_before_the_usual_places() -> None:
    found = list(usual(FRONT, ["https://news.example/world.rss", "https://ads.example/feed"], ["https://news.example/map.xml"]))
    assert [(one.role, one.url) for one in found] == [("feed", "https://news.example/world.rss"), ("sitemap", "https://news.example/map.xml")]


def test_usual_places_where_nothing_is_announced() -> None:
    found = {one.url for one in usual(FRONT, [], [])}
    assert {"https://news.example/feed/", "https://news.example/sitemap.xml"} <= found


@pytest.mark.parametrize(
    ("found", "role", "expected"),
    [
        (Found(url=FRONT + "world/a-story", role="article"), "sitemap", True),
        (Found(url=FRONT + "sport/a-story", role="article"), "sitemap", False),
        (Found(url=FRONT + "2026/a-story", role="article"), "section", True),  # linked from the section's own page
        (Found(url=FRONT + "sport/", role="section"), "start", False),
        (Found(url=FRONT + "world/africa/", role="section"), "section", True),
        (Found(url=FRONT + "map-2.xml", role="sitemap"), "sitemap", True),
        (Found(url=FRONT + "world/a-story", role="article", lastmod=99), "sitemap", False),
        (Found(url=FRONT + "world/a-story", role="article", lastmod=100), "sitemap", True),
        (Found(url=FRONT + "map-1.xml", role="sitemap", lastmod=50), "sitemap", False),
    ],
)
def test_is_wanted(found: Found, role: str, expected: bool) -> None:
    assert is_wanted(found, Source(url=FRONT, sections=("world",), since=100), role) is expected


def test_sections_are_whole_segments() -> None:
    assert is_in(FRONT + "world", ["world"])
    assert not is_in(FRONT + "worldly/a-story", ["world"])


@pytest.mark.parametrize(("published", "since", "expected"), [("2026-11-01", 1793577600, True), ("2026-11-03", 1793577600, False), (None, 1, False), ("2026-11-01", None, False)])
def test_is_old(published: str | None, since: int | None, expected: bool) -> None:
    assert is_old(published, since) is expected
