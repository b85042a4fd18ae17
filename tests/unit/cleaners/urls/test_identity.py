"""One article, one id, whatever its address says."""

from __future__ import annotations

import pytest

from cleaners.urls import identity
from cleaners.urls.identity import article_id

PLAIN = article_id("https://news.example/world/lock-closes")


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example/world/lock-closes",
        "https://www.news.example/world/lock-closes/",
        "https://news.example/world/lock-closes?utm_source=feed&utm_medium=rss",
        "https://news.example/world/lock-closes#comments",
        "https://news.example:443/world/lock-closes?fbclid=abc",
        "https://NEWS.example/world/lock-closes",
        "https://m.news.example/world/lock-closes",
        "https://amp.news.example/world/lock-closes",
        "https://news.example/world/lock-closes/amp/",
        "https://news.example/world/lock-closes.amp",
        "https://news.example/world/lock-closes?outputType=amp",
        "https://news.example/world/lock-closes?print=1",
    ],
)
def test_same_article(url: str) -> None:
    assert article_id(url) == PLAIN


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/world/lock-opens",
        "https://news.example/world/lock-closes/print",
        "https://blog.news.example/world/lock-closes",
        "https://news.example/world/lock-closes?id=5",
        "https://other.example/world/lock-closes",
        "https://news.example:8080/world/lock-closes",
    ],
)
def test_other_article(url: str) -> None:
    assert article_id(url) != PLAIN


def test_a_host_that_is_only_called_like_a_variant_keeps_its_name() -> None:
    assert article_id("https://amp.dev/a") != article_id("https://dev/a")
    assert article_id("https://news.example/amp") != article_id("https://news.example/")
    assert article_id("https://m.github.io/a") != article_id("https://amp.github.io/a"), "two tenants"


def test_an_address_of_a_megabyte_is_not_kept() -> None:
    before = identity._cached_identity.cache_info().currsize
    assert identity.page_identity(f"data:text/plain,{'a' * 1_000_000}")
    assert identity._cached_identity.cache_info().currsize == before
