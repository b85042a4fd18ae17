"""A page's own address, and what its references point to."""

from __future__ import annotations

import pytest

from cleaners import Article, Rejection, clean
from cleaners.urls.canonical import is_plausible
from cleaners.urls.resolve import resolve_url
from tests.unit.cleaners.pages import page, story


@pytest.mark.parametrize("url", ["", "/relative", "news.example/x", "http://[::1", "http://a.example:port/"])
def test_an_address_that_is_none_is_a_rejection(url: str) -> None:
    result = clean(page(story(), url))
    assert isinstance(result, Rejection)
    assert (result.stage, result.reason) == ("decode", "bad_url")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("/b", "http://a.example/b"),
        ("c?d=1", "http://a.example/x/c?d=1"),
        ("//b.example/c", "http://b.example/c"),
        ("HTTPS://b.example/c", "https://b.example/c"),
        (" http://b.example/ ", "http://b.example/"),
        ("\x00\x1f http://b.example/ \x01", "http://b.example/"),
        ("ht\ttp://b.example/c", "http://b.example/c"),
        ("HT\nTP:/\r/b.example/c", "http://b.example/c"),
        ("c\n?d=\t1", "http://a.example/x/c?d=1"),
        ("ht\x00tp://b.example/c", "http://a.example/x/ht%00tp://b.example/c"),  # no scheme: a path
        ("java\nscript:x()", None),
        ("javascript:x()", None),
        ("mailto:a@b.example", None),
        ("data:text/html,x", None),
        ("http://[x", None),
        ("http://a.example:99999/", None),
    ],
)
def test_absolute(value: str, expected: str | None) -> None:
    assert resolve_url("http://a.example/x/y", value) == expected


@pytest.mark.parametrize(
    ("canonical", "base", "expected"),
    [
        ("https://www.news.example.org/a", "http://news.example.org/a?x=1", True),
        ("https://amp.example.org/a", "https://www.example.org/a", True),
        ("https://other.example.net/a", "https://www.example.org/a", False),
        ("https://www.example.org/", "https://www.example.org/a", False),
        ("https://www.example.org/", "https://www.example.org/", True),
    ],
)
def test_plausible_canonical_links(canonical: str, base: str, expected: bool) -> None:
    assert is_plausible(canonical, base) is expected


def test_a_file_has_the_address_its_page_tells() -> None:
    markup = story().replace("</head>", "<link rel='canonical' href='http://news.example/lock'></head>")
    result = clean(page(markup, "file:///srv/pages/lock.html"))
    assert isinstance(result, Article)
    assert result.url == "http://news.example/lock"
