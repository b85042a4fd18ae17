"""Where a newsroom lists what it publishes, and what of it is wanted."""

from __future__ import annotations

import pytest

from cleaners.site.rules import SiteRuleBook, SiteRules
from cleaners.types import Outlink
from crawler.frontier.learned_patterns import LearnedPatterns
from crawler.frontier.listings.parse import read_listing
from crawler.frontier.listings.types import DocumentKind, Limits
from crawler.frontier.select import (
    generated_dates,
    is_in,
    is_old,
    is_too_deep,
    listed_urls,
    of_page,
    select,
    standard_listings,
    unwanted,
)
from crawler.reasons import NotFetched
from crawler.types import DiscoveredUrl, Role, Source
from tests.unit.crawler.contexts import context

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
    found = select(listed, visit, latest=100, max_length=80, max_depth=2, known_urls=LearnedPatterns())
    assert [(one.url.removeprefix(FRONT), one.lastmod, one.depth) for one in found.wanted] == [
        ("a-story", 50, 3),
        ("another-story", None, 3),
        ("world/", None, 3),
        ("map.xml", None, 3),
    ]
    assert (found.future_dates, [one.skipped for one in found.skipped]) == (1, [NotFetched.TRAP, NotFetched.TRAP])


@pytest.mark.parametrize(
    ("found", "role", "skipped"),
    [
        (DiscoveredUrl(url=FRONT + "tag/1", role=Role.SECTION), Role.ARTICLE, None),
        (DiscoveredUrl(url=FRONT + "tag/1", role=Role.PAGE, skipped=NotFetched.SERVICE), Role.ARTICLE, None),
        (DiscoveredUrl(url=FRONT + "tag/1", role=Role.PAGE, skipped=NotFetched.OTHER_SITE), Role.PAGE, "other_site"),
        (DiscoveredUrl(url=FRONT + "a-long-story", role=Role.ARTICLE), Role.SECTION, None),
        (DiscoveredUrl(url=FRONT + "a-long-story", role=Role.SITEMAP), Role.SITEMAP, None),
        (DiscoveredUrl(url=FRONT + "else", role=Role.PAGE), Role.PAGE, None),
        (DiscoveredUrl(url="https://b.example/tag/1", role=Role.SECTION), Role.SECTION, None),
    ],
)
def test_declared_urls(found: DiscoveredUrl, role: Role, skipped: str | None) -> None:
    rules = SiteRules(
        name="a", origin="a", hosts=("news.example",), article_urls=(r"/tag/\d",), listing_urls=("story",)
    )
    told = LearnedPatterns(rules=SiteRuleBook.from_rules([rules])).declared(found)
    assert (told.role, told.skipped) == (role, skipped)


@pytest.mark.parametrize(("role", "expected"), [("start", ["http://third.example/a-story-of-the-lock"]), ("feed", [])])
def test_only_a_feed_that_the_user_names_is_of_another_site(role: str, expected: list[str]) -> None:
    data = b"<rss version='2.0'><channel><link>http://third.example/</link><item><link>http://third.example/a-story-of-the-lock</link></item></channel></rss>"
    listing = read_listing(DocumentKind.FEED, data, "http://feeds.example/f", Limits())
    found = listed_urls(listing, context(Source(url="http://feeds.example/"), role))
    assert [one.url for one in found if one.skipped is None] == expected


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
        (DiscoveredUrl(url=FRONT + "world/a-story", role=Role.ARTICLE), "sitemap", None),
        (DiscoveredUrl(url=FRONT + "sport/a-story", role=Role.ARTICLE), "sitemap", "outside_sections"),
        (
            DiscoveredUrl(url=FRONT + "2026/a-story", role=Role.ARTICLE),
            "section",
            None,
        ),  # linked from the section's own page
        (DiscoveredUrl(url=FRONT + "sport/", role=Role.SECTION), "start", "outside_sections"),
        (DiscoveredUrl(url=FRONT + "world/africa/", role=Role.SECTION), "section", None),
        (DiscoveredUrl(url=FRONT + "map-2.xml", role=Role.SITEMAP), "sitemap", None),
        (DiscoveredUrl(url=FRONT + "world/a-story", role=Role.ARTICLE, lastmod=99), "sitemap", "old"),
        (DiscoveredUrl(url=FRONT + "world/a-story", role=Role.ARTICLE, lastmod=100), "sitemap", None),
        (DiscoveredUrl(url=FRONT + "map-1.xml", role=Role.SITEMAP, lastmod=50), "sitemap", "old"),
    ],
)
def test_unwanted(found: DiscoveredUrl, role: str, expected: str | None) -> None:
    assert unwanted(found, Source(url=FRONT, sections=("world",), since=100), Role(role)) == expected


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


LINKS = (
    Outlink(url=FRONT + "world/", text="World"),
    Outlink(url=FRONT + "tag/lock/", text="Lock"),
    Outlink(url=FRONT + "?p=12", text="12"),
    Outlink(url=FRONT + "2026/11/the-lock-closes-for-weeks", text="The lock closes for weeks"),
    Outlink(url=FRONT + "plan.pdf", text="The plan"),
    Outlink(url="https://other.example/a", text="Elsewhere"),
)


@pytest.mark.parametrize(
    ("beyond", "expected"),
    [
        (-1, ["section", "section", "page", "article", "file"]),
        (0, ["page", "depth", "page", "article", "file"]),
        (1, ["depth", "depth", "depth", "article", "file"]),
    ],
)
def test_what_may_be_an_article_is_fetched_further_than_sections_are(beyond: int, expected: list[str]) -> None:
    found = of_page(LINKS, Source(url=FRONT), beyond=beyond)
    assert [one.skipped or one.role for one in found] == expected


def test_a_sitemap_lists_pages_whatever_their_urls_look_like() -> None:
    paths = ["dam/", "?p=1234", "archives/123", "about/", "tag/lock/", "story-2.html", "", "plan.pdf", "login"]
    data = "".join(f"<url><loc>{FRONT}{path}</loc></url>" for path in paths)
    listing = read_listing(DocumentKind.SITEMAP, f"<urlset>{data}</urlset>".encode(), FRONT, Limits())
    found = {
        one.url.removeprefix(FRONT): one.skipped for one in listed_urls(listing, context(Source(url=FRONT), "sitemap"))
    }
    assert {path for path, skipped in found.items() if skipped is None} == set(paths[:6])
    assert (found[""], found["plan.pdf"], found["login"]) == ("front_page", "file", "service")


NOW = 1_800_000_000


BUILT = NOW - 50_000


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([NOW] * 20, {NOW}),
        ([NOW - 10, NOW - 60, NOW, NOW - 299, NOW - 200], {NOW - 10, NOW - 60, NOW, NOW - 299, NOW - 200}),
        ([NOW, NOW, NOW, NOW - 4_000, NOW - 9_000], {NOW}),
        ([NOW] * 4, set()),
        ([NOW, NOW - 60, *(NOW - 4_000 * n for n in range(1, 30))], set()),
        ([BUILT] * 20, {BUILT}),
        ([BUILT] * 19, set()),
        ([BUILT] * 19 + [NOW - 900_000], {BUILT}),
        ([BUILT] * 40 + [NOW], {BUILT}),
        ([NOW - 500_000] * 20, set()),
        ([BUILT] * 15 + [NOW - 900_000 - n for n in range(5)], set()),
        ([None] * 40, set()),
        ([None] * 40 + [NOW] * 6, {NOW}),
        ([], set()),
    ],
)
def test_dates_that_say_when_the_list_was_made(dates: list[int | None], expected: set[int]) -> None:
    entries = [
        DiscoveredUrl(url=f"http://a.example/{n}", role=Role.ARTICLE, lastmod=date) for n, date in enumerate(dates)
    ]
    assert generated_dates(entries, NOW) == expected


def test_what_is_older_than_wanted_is_left_out_whatever_its_dates() -> None:
    entries = [
        DiscoveredUrl(url=f"http://a.example/{n}", role=Role.ARTICLE, lastmod=NOW - 60) for n in range(30)
    ]
    source = Source(url="http://a.example/", since=NOW)
    found = select(
        entries, context(source, "sitemap"), latest=NOW + 86_400, max_length=2_000, max_depth=2,
        known_urls=LearnedPatterns(),
    )
    assert found.wanted == []
    assert {one.skipped for one in found.skipped} == {NotFetched.OLD}
