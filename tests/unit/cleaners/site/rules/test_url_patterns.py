"""An operator's regular expressions never hold up a crawl."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from cleaners.site.rules.url_patterns import MAX_SEARCH_SECONDS, SlowPatternError, check, matches

SLOW = (
    r"/(\w+-?)+\.html$",
    r"(a+)+$",
    r"(a|a)*b",
    r"(a|aa)+$",
    r"(.*)*x",
    r"(.*?)*?x$",
    r"([a-z]+)*\d$",
    r"/news/([\w-]+/?)+\.html$",
    r"^https://news\.example/(\w+/)*(\w+-)*\w+\.htm$",
    r"(\d+)*-story$",
    r"(\w*-*)*\.php",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"/(?:[a-z0-9]+-?)*$",
    r"(?:/\w+)+(?:/\w+)+(?:/\w+)+\.html$",
    r".*.*.*.*=$",
    r"/archive/(\d|\d\d|\w)+/$",
    r"(?=(\w+)+\.html)",
    r"(x+x+)+y",
    r"\?(\w+=\w*&?)+#$",
)
FAST = (
    r"/news/\d+",
    r"/news/$",
    r"/\d{4}/\d{2}/\d{2}/[\w-]+\.html$",
    r"^https?://(?:www\.)?news\.example/(?:world|sport)/[^/]+$",
    r"-(\d{6,})\.html",
    r"/(?!video|live)[a-z-]+/[a-z0-9-]+/?$",
    r"[?&]id=\d+",
    r"\.html?$",
    r"/story/[^/?#]+(?:/[^/?#]+)?$",
    r"(?i)/article[s]?/",
    r"/[a-z]+(?:-[a-z]+){3,}$",
    r"/20[0-9]{2}/",
    r"[^/]+-[^/]+-[^/]+$",
    r"/.*/.*/.*\.html$",
    r"/[a-z-]+/.*/.*-\d+$",
    r".*-.*\.html$",
    "",
    r"é",
)


URLS = [
    f"https://news.example{beginning}{unit * (1_900 // len(unit))}{end}"
    for beginning in ("/", "/news/", "/archive/", "/?")
    for unit in ("a", "a-", "1", "a/", "a=1&", "x")
    for end in ("", ".html!")
]


@pytest.mark.parametrize("expression", SLOW)
def test_one_that_takes_forever_is_refused_or_is_found_in_time(expression: str) -> None:
    with suppress(SlowPatternError):
        check(expression)
        for url in URLS:
            at = time.monotonic()
            matches(expression, url)
            assert time.monotonic() - at < 20 * MAX_SEARCH_SECONDS, "a busy machine adds to it"


@pytest.mark.parametrize(
    "expression", [r"(?:a|aa|b)+\d$", r"(a|aa)+\d$", r"/(?:\w|\w\w)+\.html$"]
)
def test_one_that_takes_too_long_is_refused_when_it_is_read(expression: str) -> None:
    with pytest.raises(SlowPatternError, match="too slow: .*write it without a repetition in a repetition"):
        check(expression)


@pytest.mark.parametrize("expression", FAST)
def test_one_that_is_fast_is_accepted(expression: str) -> None:
    check(expression)


@pytest.mark.parametrize("expression", ["(", "[a", "*", "(?P<a>x)(?P<a>y)", "a{2,1}", r"(?<=a+)b", r"\p{L}"])
def test_one_that_is_none_is_named(expression: str) -> None:
    with pytest.raises(ValueError, match="not a regular expression"):
        check(expression)


def test_a_search_that_takes_too_long_all_the_same_is_given_up() -> None:
    begun = time.monotonic()
    assert not matches(r"/(\w+-?)+\.html$", "https://news.example/" + "a" * 60 + "!")
    assert time.monotonic() - begun < 1
    assert matches(r"/(\w+-?)+\.html$", "https://news.example/harbour-board.html")
    assert matches(r"/news/\d+", "https://news.example/news/12")
    assert not matches(r"end$", "x" * 5_000 + "end"), "only so much of a URL is searched"
