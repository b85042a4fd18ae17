"""Addresses without end, and what is left alone since it gives nothing."""

from __future__ import annotations

import pytest

from crawler.fetching.politeness.crawl_traps import MAX_PATTERNS, Budget, SiteYield, is_trap_url, url_pattern

BUDGET = Budget(pages=1_000, hosts=3, barren=5, barren_site=20)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/news/2026/11/11/a-story", False),
        ("/2011/11/11/eleven", False),
        ("/en/en/news", False),
        ("/a/b/a/b/news", False),
        ("/a/a/a/news", True),
        ("/a/b/a/b/a/b", True),
        ("/the/same/old/story/the/same/old/story/the/same/old/story/", True),
        ("/aaa/aa/a", False),
        ("/" + "/".join(f"part{n}" for n in range(16)), False),
        ("/" + "/".join(f"part{n}" for n in range(17)), True),
        ("/list?" + "&".join(f"p{n}=1" for n in range(12)), False),
        ("/list?" + "&".join(f"p{n}=1" for n in range(13)), True),
    ],
)
def test_is_endless(path: str, expected: bool) -> None:
    assert is_trap_url(f"http://news.example{path}") is expected


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("/calendar/2031/05/", "/calendar/2031/06/", True),
        ("/search?size=1&color=2", "/search?color=9&size=3", True),
        ("/search?size=1", "/search?size=1&color=2", False),
        ("/news/a-story-of-the-lock", "/news/the-other-story", True),
        ("/news/a-story-of-the-lock", "/sport/the-other-story", False),
        ("/2026/11/a-story", "/2026/10/the-other", True),
        ("/a-story", "/the-other", True),
        ("/a-story", "/news/the-other", False),
    ],
)
def test_shape(one: str, other: str, is_same: bool) -> None:
    assert (url_pattern(f"http://news.example{one}") == url_pattern(f"http://news.example{other}")) is is_same
    assert url_pattern(f"http://news.example{one}") != url_pattern(f"http://sport.news.example{one}")


def test_a_kind_of_address_is_left_alone_after_so_many_in_a_row_that_gave_nothing() -> None:
    sites = SiteYield(BUDGET)
    for day in range(5):
        assert sites.refusal(f"http://a.example/calendar/2031/{day}/") is None
        sites.record(f"http://a.example/calendar/2031/{day}/", is_productive=False)
    assert sites.refusal("http://a.example/calendar/2031/9/") == (
        "barren",
        "a.example/calendar/0/0?: 5 pages in a row gave no article",
    )
    assert sites.refusal("http://a.example/news/a-story") is None
    sites.record("http://a.example/calendar/2031/3/", is_productive=True)
    assert sites.refusal("http://a.example/calendar/2031/9/") is None


def test_a_site_is_left_alone_when_nothing_of_it_gives() -> None:
    sites = SiteYield(BUDGET)
    for number in range(20):
        sites.record(f"http://a.example/part{chr(97 + number)}/x", is_productive=False)
    assert sites.refusal("http://b.a.example/what/ever") == ("barren", "a.example: 20 pages in a row gave no article")
    assert sites.refusal("http://other.example/what/ever") is None


def test_lists_are_asked_though_the_pages_gave_nothing() -> None:
    sites = SiteYield(BUDGET)
    for number in range(20):
        sites.record(f"http://a.example/part{chr(97 + number)}/x", is_productive=False)
    assert sites.refusal("http://a.example/feed/", is_list=True) is None
    for number in range(5):
        sites.record(f"http://a.example/maps/{number}.xml", is_productive=False, is_list=True)
    assert sites.refusal("http://a.example/maps/9.xml", is_list=True) == (
        "barren",
        "a.example/maps/*?: 5 pages in a row gave no article",
    )
    assert sites.refusal("http://a.example/feed/", is_list=True) is None


def test_lists_without_articles_are_no_pages_without() -> None:
    sites = SiteYield(BUDGET)
    for number in range(40):
        sites.record(f"http://a.example/part{chr(97 + number % 26)}{number}/x.xml", is_productive=False, is_list=True)
    assert sites.refusal("http://a.example/what/ever") is None


def test_an_article_between_keeps_a_site_going() -> None:
    sites = SiteYield(BUDGET)
    for number in range(200):
        sites.record(f"http://a.example/part{number}x/x", is_productive=number % 10 == 0)
    assert sites.refusal("http://a.example/what/ever") is None


def test_pages_and_hosts_of_a_site_have_an_end() -> None:
    sites = SiteYield(BUDGET, frozenset(["d.a.example"]))
    for name in "abc":
        sites.count_request(f"http://{name}.a.example/")
    assert sites.refusal("http://a.a.example/more") is None
    assert sites.refusal("http://d.a.example/") is None
    assert sites.refusal("http://e.a.example/") == ("site_hosts", "a.example: 3 hosts were requested")
    for _ in range(997):
        sites.count_request("http://a.a.example/")
    assert sites.refusal("http://a.a.example/") == ("site_pages", "a.example: 1000 pages were requested")


def test_kinds_without_end_take_no_memory_without_end() -> None:
    sites = SiteYield(Budget(pages=10**9, hosts=3, barren=5, barren_site=10**9))
    for number in range(MAX_PATTERNS + 50):
        sites.record(f"http://a.example/{'/'.join(['0'] * (number % 14))}?p{number}", is_productive=False)
    assert len(sites._barren["a.example"]) <= MAX_PATTERNS + 2
    assert sites.refusal("http://a.example/x?new") == ("barren", "a.example/…: 5 pages in a row gave no article")
