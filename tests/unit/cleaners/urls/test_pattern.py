"""URLs that a site makes in the same way have the same pattern."""

from __future__ import annotations

import pytest

from cleaners.urls.pattern import url_pattern


@pytest.mark.parametrize(
    ("url", "pattern"),
    [
        ("https://www.news.example/2026/10/lock-to-close.html?page=2", "news.example/0/0/*.html?page"),
        ("https://news.example/2026/11/another-lock-opens-again.html?page=9", "news.example/0/0/*.html?page"),
        ("https://news.example/world/", "news.example/+"),
        ("https://news.example/world", "news.example/+"),
        ("https://news.example/story/123456", "news.example/story/0"),
        ("https://news.example/story/lock-to-close-123456", "news.example/story/*0"),
        ("https://news.example/tag/lock", "news.example/tag/+"),
        ("https://news.example/author/jane-doe/", "news.example/author/+"),
        ("https://news.example/?p=17", "news.example/?p"),
        ("https://news.example/index.php?aid=1&mod=view", "news.example/+.php?aid,mod"),
        ("https://news.example/", "news.example/"),
        ("https://news.example", "news.example/"),
        ("https://news.example/新闻/南浦区", "news.example/新闻/+"),
        ("https://news.example//a//b.c.d", "news.example//a//+.d"),
    ],
)
def test_pattern(url: str, pattern: str) -> None:
    assert url_pattern(url) == pattern
