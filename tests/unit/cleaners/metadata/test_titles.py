"""Headlines without what sites hang on them."""

from __future__ import annotations

import pytest

from cleaners.metadata.titles import site_of, strip_site, without_kicker

URL = "https://www.harbour-post.example/news/lock"


@pytest.mark.parametrize(
    ("title", "site_name", "url", "expected"),
    [
        ("Lock to close | Harbour Post", "Harbour Post", URL, "Lock to close"),
        ("Lock to close - The Harbour Post", None, URL, "Lock to close"),
        ("Lock to close | News | Harbour Post", None, URL, "Lock to close"),
        ("HarbourPost.com | Sport | Lock to close", None, URL, "Lock to close"),
        ("Harbour Post | Lock to close - Harbour Post", None, URL, "Lock to close"),
        ("Lock to close | what the board said | Harbour Post", None, URL, "Lock to close | what the board said"),
        ("Harbour Post | Sport", None, URL, "Sport"),
        ("Perrick - live | Harbour Post", None, URL, "Perrick - live"),
        ("Perrick 2 - 1 Ebbwick | Harbour Post", None, URL, "Perrick 2 - 1 Ebbwick"),
        ("Dune - A review - Harbour Post", None, URL, "Dune - A review"),
        ("Fire in Perrick - 3 dead - Harbour Post", None, URL, "Fire in Perrick - 3 dead"),
        ("Harbour Post - once feared - lost its way", None, URL, "once feared - lost its way"),
        ("Courier | Lock to close", None, "https://www.the-courier.example/x", "Lock to close"),
        ("Lock to close – Harbour Post – News", "Harbour Post", URL, "Lock to close"),
        ("Harbour Post | Lock to close", "Harbour Post", URL, "Lock to close"),
        ("Lock to close: what we know", "Harbour Post", URL, "Lock to close: what we know"),
        ("The Harbour Post: Lock to close", "Harbour Post", URL, "Lock to close"),
        ("The Harbour Post: Lock to close: what we know", None, URL, "Lock to close: what we know"),
        ("Lock to close: Sport: Rowing: Harbour Post", "Harbour Post", URL, "Lock to close"),
        ("Perrick: Lock to close in spring: Harbour Post", "Harbour Post", URL, "Perrick: Lock to close in spring"),
        ("Post - what the board told us", None, URL, "Post - what the board told us"),
        ("Lock to close_Harbour Post", "Harbour Post", URL, "Lock to close"),
        ("Ferry – 40 miles in a gale", None, URL, "Ferry – 40 miles in a gale"),
        ("Lock to close - BBC News", "BBC", "https://www.bbc.example/x", "Lock to close"),
        ("Lock to close", "Lock to close", URL, "Lock to close"),
    ],
)
def test_strip_site(title: str, site_name: str | None, url: str, expected: str) -> None:
    assert strip_site(title, site_name, url) == expected


@pytest.mark.parametrize(
    ("head", "headline", "expected"),
    [
        ("Lock to close | The Daily Gate", "Lock to close", "The Daily Gate"),
        ("The Daily Gate: Lock to close", "Lock to close", "The Daily Gate"),
        ("Lock to close", "Lock to close", None),
        ("北堰早市搬家-本地新闻-北堰日报", "北堰早市搬家", "北堰日报"),
        ("Lock to close - a very long explanation of what will now happen", "Lock to close", None),
    ],
)
def test_site_of(head: str, headline: str, expected: str | None) -> None:
    assert site_of(head, headline, "http://x.example/") == expected


@pytest.mark.parametrize(
    ("shown", "declared", "expected"),
    [
        (
            "Harbour Lock to close for eleven weeks",
            ["Lock to close for eleven weeks"],
            "Lock to close for eleven weeks",
        ),
        ("Lock to close for eleven weeks", ["Harbour: Lock to close"], "Lock to close for eleven weeks"),
        ("Why the board voted to close the lock", ["The lock"], "Why the board voted to close the lock"),
        ("Lock to close", [], "Lock to close"),
    ],
)
def test_without_kicker(shown: str, declared: list[str], expected: str) -> None:
    assert without_kicker(shown, declared) == expected
