"""Where pages lead, and which page of an article comes next."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from cleaners.html.links import find_first_page, find_next_page, is_first_of, outlinks, page_number

URL = "http://news.example/2026/river"


def tree(body: str, head: str = ""):
    return document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("<link rel=next href='/2026/river?page=2'>", "http://news.example/2026/river?page=2"),
        ("<link rel=next href='/2026/river/2/'>", "http://news.example/2026/river/2/"),
        ("<link rel=next href='/2026/another-story'>", None),
        ("<link rel=next href='/2026/river?page=3'>", None),
        ("<link rel=next href='http://other.example/2026/river?page=2'>", None),
        ("<link rel=prev href='/2026/river?page=2'>", None),
    ],
)
def test_next_page(link: str, expected: str | None) -> None:
    assert find_next_page(tree("<p>x</p>", link), URL) == expected


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("http://a.example/story", 1),
        ("http://a.example/story?page=3", 3),
        ("http://a.example/story-2.html", 2),
        ("http://a.example/story_4.htm", 4),
        ("http://a.example/story/2/", 2),
        ("http://a.example/story/page/5", 5),
        ("http://a.example/2026/10/story", 1),
        ("http://a.example/story-2026.html", 1),
    ],
)
def test_page_number(url: str, number: int) -> None:
    assert page_number(url)[1] == number


def test_outlinks_are_absolute_once_with_their_words() -> None:
    body = (
        "<a href='/a'>More</a><a href='/a#top'>The whole headline</a><a href='b'><img alt='A picture'></a>"
        "<a href='mailto:x@y'>Mail</a><a href='javascript:x()'>Run</a><a href='#here'>Here</a><a href='/c' "
        "rel='nofollow'>No</a><a>None</a>"
    )
    found = outlinks(tree(body, "<base href='http://news.example/x/'>"), URL)
    assert [(link.url, link.text) for link in found] == [
        ("http://news.example/a", "The whole headline"),
        ("http://news.example/x/b", "A picture"),
    ]


NEXT = (
    ("/2026/11/lock-closes", "/2026/11/lock-closes/2", True),
    ("/2026/11/lock-closes", "/2026/11/lock-closes?page=2", True),
    ("/2026/11/lock-closes", "?page=2", True),
    ("/2026/11/lock-closes", "//news.example/2026/11/lock-closes/page/2/", True),
    ("/2026/11/lock-closes/2", "/2026/11/lock-closes/3", True),
    ("/lock.html", "lock-2.html", True),
    ("/lock.html", "http://news.example/lock-2.html", True),
    ("/l%C3%B6ck", "/löck/2", True),
    ("/löck", "/l%C3%B6ck/2", True),
    ("/2026/11/lock-closes", "/2026/11/other-story/2", False),
    ("/2026/11/lock-closes", "http://other.example/2026/11/lock-closes/2", False),
    ("/2026/11/lock-closes", "/2026/11/lock-closes/3", False),
)


@pytest.mark.parametrize(("path", "href", "is_next"), NEXT)
def test_the_next_page_has_the_same_address_with_the_next_number(path: str, href: str, is_next: bool) -> None:
    found = find_next_page(tree(f"<a href='{href}'>Next</a>"), f"http://news.example{path}")
    assert (found is not None) == is_next


FIRST = "http://news.example/2026/the-old-lock"


@pytest.mark.parametrize(
    ("url", "link", "text", "expected"),
    [
        (f"{FIRST}?page=2", FIRST, "1", FIRST),
        (f"{FIRST}/2/", f"{FIRST}/", "Page 1", f"{FIRST}/"),
        (f"{FIRST}-2.html", f"{FIRST}.html", "« 1", f"{FIRST}.html"),
        (f"{FIRST}-3.html", f"{FIRST}.html", "←", f"{FIRST}.html"),
        (f"{FIRST}?page=2", "https://www.news.example/2026/the-old-lock/", "The old lock", None),
        (f"{FIRST}?page=2", FIRST, "The old lock of the quay", FIRST),
        (f"{FIRST}?page=2", FIRST, "More news", None),  # a menu
        (FIRST, f"{FIRST}?page=2", "1", None),  # no further page
        ("http://news.example/news/7/", "http://news.example/news/", "News", None),
        ("http://news.example/news/7/2/", "http://news.example/news/7/", "1", "http://news.example/news/7/"),
        ("http://news.example/?p=28&page=2", "http://news.example/?p=28", "1", "http://news.example/?p=28"),
        ("http://news.example/7/", "http://news.example/", "1", None),  # a listing's
        (f"{FIRST}?page=2", "http://other.example/2026/the-old-lock", "1", None),
    ],
)
def test_the_first_page_of_an_article(url: str, link: str, text: str, expected: str | None) -> None:
    page = tree(f"<h1>The old lock of the quay</h1><a href='{link}'>{text}</a>")
    assert find_first_page(page, url, "The old lock of the quay") == expected


@pytest.mark.parametrize(
    ("url", "link", "expected"),
    [
        ("http://news.example/archives/28", "/archives/28/2/", True),
        ("http://news.example/archives/28/", "/archives/28/2/", True),
        ("http://news.example/?p=28", "/?p=28&page=2", True),
        ("http://news.example/?p=28", "/?p=29", False),
        ("http://news.example/archives/28", "/archives/27/2/", False),
    ],
)
def test_the_second_page_of_a_story_whose_url_ends_with_a_number(url: str, link: str, expected: bool) -> None:
    found = find_next_page(tree(f"<a href='{link}'>2</a>"), url)
    assert found == (f"http://news.example{link}" if expected else None)
    assert is_first_of(url, f"http://news.example{link}") is expected
