"""Redirects have an end, and no page is lost to one that leads nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from crawler.fetching.exceptions import RequestRefused
from crawler.fetching.network.redirects import Redirect, Refresh

URL = "http://a.example/news/1"


def middleware(kind: type[Any]) -> Any:
    crawler = get_crawler(Spider, {"REDIRECT_MAX_TIMES": 3})
    crawler.spider = Spider("reader")
    found = kind.from_crawler(crawler)
    found.handle_referer = lambda request, response: None
    return found


def redirected(location: str, request: Request) -> Any:
    return middleware(Redirect).process_response(
        request, Response(request.url, status=302, headers={"Location": location})
    )


@pytest.mark.parametrize(
    ("location", "url", "dont_filter"),
    [
        ("/news/2", "http://a.example/news/2", False),
        ("https://a.example/news/1", "https://a.example/news/1", False),
        ("/news/1/", "http://a.example/news/1/", False),
        ("/news/1?b=1&a=2", "http://a.example/news/1?b=1&a=2", False),
        ("http://ada:hunter2@b.example/", "http://b.example/", False),
    ],
)
def test_they_are_followed(location: str, url: str, dont_filter: bool) -> None:
    found = redirected(location, Request(URL, meta={"download_slot": "a.example"}))
    assert (found.url, found.dont_filter) == (url, dont_filter)
    assert "download_slot" not in found.meta


def test_another_spelling_is_followed_past_the_duplicate_filter() -> None:
    found = redirected("/news/1?a=2&b=1", Request(f"{URL}?b=1&a=2"))
    assert found.url == f"{URL}?a=2&b=1"
    assert found.dont_filter


@pytest.mark.parametrize("dont_filter", [False, True])
@pytest.mark.parametrize(
    ("location", "meta", "reason"),
    [
        (URL, {}, "redirects"),
        (f"{URL}#top", {}, "redirects"),
        ("/before", {"redirect_urls": ["http://a.example/before"], "redirect_times": 1}, "redirects"),
        ("/new", {"redirect_urls": [f"http://a.example/{n}" for n in range(3)], "redirect_times": 3}, "redirects"),
        ("http://[x/", {}, "bad_address"),
        ("file:///etc/hostname", {}, "forbidden_scheme"),
    ],
)
def test_they_end(location: str, meta: dict[str, Any], reason: str, dont_filter: bool) -> None:
    with pytest.raises(RequestRefused) as caught:
        redirected(location, Request(URL, meta=meta, dont_filter=dont_filter))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("content", "followed"),
    [
        ("0; url=/news/2", "http://a.example/news/2"),
        ("900; url=/news/2", None),
        (f"900; url={URL}", None),
        (f"30; url={URL}", None),
        (f"30; url={URL}#top", None),
        ("30", None),
        ("900; url=javascript:location.reload()", None),
        ("0; url=http://[x/", None),
        ("0; url=file:///etc/hostname", None),
    ],
)
@pytest.mark.parametrize("dont_filter", [False, True])
def test_a_page_that_reloads_itself_is_a_page(content: str, followed: str | None, dont_filter: bool) -> None:
    request = Request(URL, dont_filter=dont_filter)
    response = HtmlResponse(
        URL,
        body=f"<meta http-equiv=refresh content='{content}'><p>The story</p>".encode() + b" " * 9_000,
        encoding="utf-8",
    )
    found = middleware(Refresh).process_response(request, response)
    if followed is None:
        assert found is response  # whole, not its beginning
    else:
        assert found.url == followed


def test_a_ring_of_pages_that_reload_each_other_ends_in_one_of_them() -> None:
    request = Request(URL, meta={"redirect_urls": ["http://a.example/other"], "redirect_times": 1})
    response = HtmlResponse(URL, body=b"<meta http-equiv=refresh content='0; url=/other'>", encoding="utf-8")
    assert middleware(Refresh).process_response(request, response) is response
