"""Licences of a feed's entries (the RSS module of RSL)."""

from __future__ import annotations

import pytest

from crawler.frontier.listings.feed_licenses import feed_licenses
from crawler.frontier.listings.feeds import read_feed

XMLNS = "xmlns:rsl='https://rslstandard.org/rsl'"
LICENSE = (
    "<rsl:content url='http://news.example/lock'><rsl:license><rsl:permits type='usage'>search</rsl:permits>"
    "<rsl:payment type='free'/></rsl:license></rsl:content>"
)
RSS = (
    f"<rss version='2.0' {XMLNS}><channel><link>http://news.example/</link>"
    f"<item><link>http://news.example/lock</link><title>Lock to close</title>{LICENSE}</item>"
    "<item><link>http://news.example/gates</link><title>New gates</title></item></channel></rss>"
)
ATOM = (
    f"<feed xmlns='http://www.w3.org/2005/Atom' {XMLNS}><entry><link href='http://news.example/lock'/>"
    f"<title>Lock to close</title>{LICENSE}</entry></feed>"
)


@pytest.mark.parametrize("feed", [RSS, ATOM], ids=["rss", "atom"])
def test_an_entry_has_its_licence(feed: str) -> None:
    entries = {entry.url: entry for entry in read_feed(feed.encode(), "http://news.example/feed", 10).entries()}
    announced = entries["http://news.example/lock"].announced
    assert announced is not None
    assert announced.licenses == ("permits=search; payment=free",)
    assert announced == type(announced).of_values(announced.to_values())
    if other := entries.get("http://news.example/gates"):
        assert other.announced is not None
        assert other.announced.licenses == ()


@pytest.mark.parametrize(
    "feed",
    [
        RSS.replace(LICENSE, ""),
        "<rss>https://rslstandard.org/rsl",
        "https://rslstandard.org/rsl",
        RSS.replace("<item>", ""),
    ],
    ids=["without", "cut", "no xml", "broken"],
)
def test_a_feed_without_readable_licences_has_none_or_those_it_has(feed: str) -> None:
    found = feed_licenses(feed.encode(), "http://news.example/feed")
    assert set(found.by_url) <= {"http://news.example/lock"}


def licenses_of(feed: str, url: str) -> tuple[str, ...]:
    entries = {entry.url: entry for entry in read_feed(feed.encode(), "http://news.example/feed", 10).entries()}
    announced = entries[url].announced
    assert announced is not None
    return announced.licenses


def test_the_licence_of_a_feed_is_that_of_its_entries() -> None:
    common = LICENSE.replace("http://news.example/lock", "/").replace("search", "ai-all")
    feed = RSS.replace("<item>", f"{common}<item>", 1)
    assert licenses_of(feed, "http://news.example/gates") == ("permits=ai-all; payment=free",)
    assert licenses_of(feed, "http://news.example/lock") == ("permits=search; payment=free",)


def test_the_link_of_an_entry_is_that_of_its_page() -> None:
    feed = ATOM.replace("<link href=", "<link rel='self' href='http://news.example/api/1'/><link rel='alternate' href=")
    assert licenses_of(feed, "http://news.example/lock") == ("permits=search; payment=free",)


def test_a_long_feed_has_its_licences() -> None:
    filler = f"<item><link>http://news.example/x</link><title>{'x' * 600_000}</title></item>"
    feed = RSS.replace("</channel>", f"{filler}</channel>")
    assert licenses_of(feed, "http://news.example/lock") == ("permits=search; payment=free",)
