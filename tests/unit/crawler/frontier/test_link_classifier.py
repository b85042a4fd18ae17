"""Which links are articles, which sections, which neither."""

from __future__ import annotations

import pytest

from cleaners.urls.resolve import registrable_domain
from crawler.frontier.link_classifier import classify_link

START = "https://www.news.example.com/"
HEADLINE = "Harbour board votes to close the northern lock"


@pytest.mark.parametrize(
    ("url", "text", "expected"),
    [
        ("https://www.news.example.com/world/2026/10/31/lock-closes", "", "article"),
        ("https://news.example.com/news/lock-closes/", HEADLINE, "article"),
        ("https://news.example.com/news/harbour-board-votes-to-close-lock", "More", "article"),
        ("https://news.example.com/a/12345678", HEADLINE, "article"),
        ("https://news.example.com/news/story.php?id=1234567", HEADLINE, "article"),
        ("https://news.example.com/2026/10/lock/", "Lock", "article"),
        ("https://news.example.com/archives/123", HEADLINE, "article"),
        ("https://news.example.com/archives/2", "2", "section"),
        ("https://news.example.com/archives/author/mara", HEADLINE, "page"),
        ("https://news.example.com/local/lock-closes-20261031.html", "", "article"),
        (
            "https://news.example.com/html/2009-11/18/content_123.htm",
            "北堰早市搬家 菜贩子领到了带水龙头的摊位",
            "article",
        ),
        ("https://news.example.com/world/", "World", "section"),
        ("https://news.example.com/world/africa", "Africa", "section"),
        ("https://news.example.com/", "Home", "section"),
        ("https://news.example.com/tag/locks-and-boats-of-the-north/", "Locks and boats of the north", "page"),
        ("https://news.example.com/category/town/page/2/", "2", "section"),
        ("https://news.example.com/author/mara-dell-of-the-post", "Mara Dell", "page"),
        ("https://news.example.com/2026/10/lock-closes-for-weeks/2/", "2", "article"),
        ("https://news.example.com/news/lock-closes-for-weeks?page=2", "Next page", "article"),
        ("https://news.example.com/about", "About us", "service"),
        ("https://news.example.com/privacy-policy", "Privacy policy and cookies", "service"),
        ("https://news.example.com/login?next=/world/", "Sign in", "service"),
        ("https://news.example.com/files/the-plan-for-the-lock.pdf", "The plan for the lock in full", "file"),
        ("https://news.example.com/a/b/c/d", "x", "page"),
        ("https://news.example.com/news/12", HEADLINE, "article"),
        ("https://news.example.com/news/article-42.html", HEADLINE, "article"),
        ("https://news.example.com/story/harbour-board-votes-on-lock-42.html", HEADLINE, "article"),
        ("https://news.example.com/?p=12345", HEADLINE, "article"),
        ("https://news.example.com/comment/2026/10/31/a-story-of-the-lock", HEADLINE, "article"),
        ("https://news.example.com/series/lock/2026/10/lock-closes-for-weeks", HEADLINE, "article"),
        ("https://news.example.com/x?page=²", "2", "page"),
        ("http://[bad/x", HEADLINE, None),
        ("https://other.example.org/news/2026/10/31/lock-closes", HEADLINE, None),
        ("https://example.com.evil.example.net/news/lock-closes-for-weeks", HEADLINE, None),
        ("mailto:mara@example.com", HEADLINE, None),
        ("ftp://news.example.com/lock-closes-for-weeks", HEADLINE, None),
    ],
)
def test_kind(url: str, text: str, expected: str | None) -> None:
    assert classify_link(url, text, START) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("https://a.b.example.com/", "example.com"),
        ("http://www.harbour-post.example/", "harbour-post.example"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://[::1]:8000/", "::1"),
        ("http://localhost/", "localhost"),
    ],
)
def test_site(url: str, expected: str) -> None:
    assert registrable_domain(url) == expected
