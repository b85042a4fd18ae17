"""What was met is known again."""

from __future__ import annotations

from pathlib import Path

from scrapy import Request
from scrapy.utils.test import get_crawler

from crawler.scheduling.dupefilter import DuplicateFilter, HashSet


def test_a_thing_is_new_once(tmp_path: Path) -> None:
    seen = HashSet(tmp_path / "seen.sqlite")
    assert [seen.add(name) for name in (b"\xff" * 8, b"\x00" * 8, b"\xff" * 8, b"\xff" * 7 + b"\x00")] == [
        True,
        True,
        False,
        True,
    ]
    seen.close()
    assert not HashSet(tmp_path / "seen.sqlite").add(b"\x00" * 8)


def test_requests_are_dropped_by_what_they_ask(tmp_path: Path) -> None:
    crawler = get_crawler(settings_dict={"JOBDIR": str(tmp_path / "job")})
    crawler.request_fingerprinter = (
        crawler._create_fingerprinter() if hasattr(crawler, "_create_fingerprinter") else crawler.request_fingerprinter
    )
    if crawler.request_fingerprinter is None:
        crawler._apply_settings()
    found = DuplicateFilter.from_crawler(crawler)
    asked = ("http://a.example/?b=1&a=2", "http://a.example/?a=2&b=1", "http://a.example/", "http://a.example/#top")
    assert [found.request_seen(Request(url)) for url in asked] == [False, True, False, True]
    found.close("finished")
    assert DuplicateFilter.from_crawler(crawler).request_seen(Request("http://a.example/"))
