"""What was met is known again."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy import Request, Spider
from scrapy.utils.test import get_crawler

from crawler.frontier.dupefilter import DuplicateFilter, HashSet
from crawler.frontier.request_store import RequestStore


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


class Reader(Spider):
    name = "reader"


@pytest.mark.parametrize(
    ("is_killed", "ledger", "known"),
    [(True, "ledger.sqlite", [True, False]), (False, "ledger.sqlite", [True, True]), (True, "", [True, True])],
    ids=["killed", "ended", "killed, and no ledger knows what is to be fetched"],
)
def test_after_a_kill_only_what_is_pending_was_made(
    tmp_path: Path, is_killed: bool, ledger: str, known: list[bool]
) -> None:
    folder = tmp_path / "job"
    settings = {"JOBDIR": str(folder), "FEEDS": {str(tmp_path / "a.jsonl"): {"format": "jsonlines"}}}
    crawler = get_crawler(settings_dict=settings | {"COPYDESK_LEDGER": ledger and str(tmp_path / ledger)})
    if crawler.request_fingerprinter is None:
        crawler._apply_settings()
    waits, in_flight = Request("http://a.example/waits"), Request("http://a.example/in-flight")
    first = DuplicateFilter.from_crawler(crawler)
    assert [first.request_seen(one) for one in (waits, in_flight)] == [False, False]
    (folder / "requests.queue").mkdir()
    store = RequestStore(Reader(), folder / "requests.queue" / "waiting.sqlite")
    store.push("a.example", waits)
    store.close()
    if is_killed:
        first.fingerprints.close()
    else:
        first.close("finished")
    second = DuplicateFilter.from_crawler(crawler)
    assert [second.request_seen(one) for one in (waits, in_flight)] == known
    second.close("finished")
