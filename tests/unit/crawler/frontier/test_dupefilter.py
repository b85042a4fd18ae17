"""What was met is known again."""

from __future__ import annotations

from scrapy import Request
from scrapy.utils.test import get_crawler

from crawler.frontier.dupefilter import DuplicateFilter, HashSet


def test_a_thing_is_new_once() -> None:
    seen = HashSet()
    names = (b"\xff" * 8, b"\x00" * 8, b"\xff" * 8, b"\xff" * 7 + b"\x00")
    assert [seen.add(name) for name in names] == [True, True, False, True]


def test_requests_are_dropped_by_what_they_ask() -> None:
    crawler = get_crawler()
    if crawler.request_fingerprinter is None:
        crawler._apply_settings()
    found = DuplicateFilter.from_crawler(crawler)
    asked = ("http://a.example/?b=1&a=2", "http://a.example/?a=2&b=1", "http://a.example/", "http://a.example/#top")
    assert [found.request_seen(Request(url)) for url in asked] == [False, True, False, True]
    found.close("finished")
