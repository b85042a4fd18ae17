"""Where a newsroom lists what it publishes, and what of it is wanted."""

from __future__ import annotations

import pytest

from crawler.discovery.select import is_in, is_old, is_too_deep, is_wanted, listed_urls, select, standard_listings
from crawler.listings.parse import read_listing
from crawler.listings.types import DocumentKind, Limits
from crawler.types import DiscoveredUrl, Role, Source
from tests.crawler.contexts import context

FRONT = "https://news.example/"


def test_traps_future_dates_and_depths_of_what_is_wanted() -> None:
    visit = context(Source(url=FRONT), "sitemap", depth=2)
    listed = [
        DiscoveredUrl(url=FRONT + "a-story", role=Role.ARTICLE, lastmod=50),
        DiscoveredUrl(url=FRONT + "another-story", role=Role.ARTICLE, lastmod=500),
        DiscoveredUrl(url=FRONT + "x" * 80, role=Role.ARTICLE),
        DiscoveredUrl(url=FRONT + "lock/lock/lock/lock/", role=Role.SECTION),
        DiscoveredUrl(url=FRONT + "world/", role=Role.SECTION),
        DiscoveredUrl(url=FRONT + "map.xml", role=Role.SITEMAP),
    ]
    found = select(listed, visit, latest=100, max_length=80)
    assert [(one.url.removeprefix(FRONT), one.lastmod, one.depth) for one in found.wanted] == [
        ("a-story", 50, 0),
        ("another-story", None, 0),
        ("world/", None, 3),
        ("map.xml", None, 3),
    ]
    assert (found.future_dates, found.traps) == (1, 2)


@pytest.mark.parametrize(("role", "expected"), [("start", ["http://third.example/a-story-of-the-lock"]), ("feed", [])])
def test_only_a_feed_that_the_user_names_is_of_another_site(role: str, expected: list[str]) -> None:
    data = b"<rss version='2.0'><channel><link>http://third.example/</link><item><link>http://third.example/a-story-of-the-lock</link></item></channel></rss>"
    listing = read_listing(DocumentKind.FEED, data, "http://feeds.example/f", Limits())
    assert [one.url for one in listed_urls(listing, context(Source(url="http://feeds.example/"), role))] == expected


@pytest.mark.parametrize(("depth", "expected"), [(2, 1), (3, 0)])
def test_indexes_are_followed_to_a_depth(depth: int, expected: int) -> None:
    listing = read_listing(
        DocumentKind.SITEMAP,
        b"<sitemapindex><sitemap><loc>http://news.example/m.xml</loc></sitemap></sitemapindex>",
        FRONT,
        Limits(),
    )
    visit = context(Source(url=FRONT), "sitemap", depth=depth)
    assert len(list(listed_urls(listing, visit))) == expected
    assert is_too_deep(listing, visit) is not bool(expected)


def test_what_is_announced_is_believed_before_the_usual_places() -> None:
    found = list(
        standard_listings(
            FRONT, ["https://news.example/world.rss", "https://ads.example/feed"], ["https://news.example/map.xml"]
        )
    )
    assert [(one.role, one.url) for one in found] == [
        ("feed", "https://news.example/world.rss"),
        ("sitemap", "https://news.example/map.xml"),
    ]


def test_usual_places_where_nothing_is_announced() -> None:
    found = {one.url for one in standard_listings(FRONT, [], [])}
    assert {"https://news.example/feed/", "https://news.example/sitemap.xml"} <= found


@pytest.mark.parametrize(
    ("found", "role", "expected"),
    [
        (DiscoveredUrl(url=FRONT + "world/a-story", role=Role.ARTICLE), "sitemap", True),
        (DiscoveredUrl(url=FRONT + "sport/a-story", role=Role.ARTICLE), "sitemap", False),
        (
            DiscoveredUrl(url=FRONT + "2026/a-story", role=Role.ARTICLE),
            "section",
            True,
        ),  # linked from the section's own page
        (DiscoveredUrl(url=FRONT + "sport/", role=Role.SECTION), "start", False),
        (DiscoveredUrl(url=FRONT + "world/africa/", role=Role.SECTION), "section", True),
        (DiscoveredUrl(url=FRONT + "map-2.xml", role=Role.SITEMAP), "sitemap", True),
        (DiscoveredUrl(url=FRONT + "world/a-story", role=Role.ARTICLE, lastmod=99), "sitemap", False),
        (DiscoveredUrl(url=FRONT + "world/a-story", role=Role.ARTICLE, lastmod=100), "sitemap", True),
        (DiscoveredUrl(url=FRONT + "map-1.xml", role=Role.SITEMAP, lastmod=50), "sitemap", False),
    ],
)
def test_is_wanted(found: DiscoveredUrl, role: str, expected: bool) -> None:
    assert is_wanted(found, Source(url=FRONT, sections=("world",), since=100), Role(role)) is expected


def test_sections_are_whole_segments() -> None:
    assert is_in(FRONT + "world", ["world"])
    assert not is_in(FRONT + "worldly/a-story", ["world"])


@pytest.mark.parametrize(
    ("published", "since", "expected"),
    [
        ("2026-11-01", 1793577600, True),
        ("2026-11-03", 1793577600, False),
        (None, 1, False),
        ("2026-11-01", None, False),
    ],
)
def test_is_old(published: str | None, since: int | None, expected: bool) -> None:
    assert is_old(published, since) is expected
