"""What is not asked: whether it comes again, who pays for it, and which host it is told of."""

from __future__ import annotations

from collections import deque
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector
from scrapy.utils.test import get_crawler
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.fetching.exceptions import RequestDeferred, RequestRefused, describe
from crawler.fetching.network.address_guard import AddressGuard
from crawler.fetching.network.slots import back_off, fail_queued, is_backing_off
from crawler.fetching.politeness.backoff import HostBackoff, host_and_port
from crawler.fetching.politeness.site_budget import charged_url
from crawler.reasons import find_reason
from crawler.types import Source
from tests.unit.crawler.contexts import context


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RequestRefused("robots", "robots.txt forbids it"), False),
        (RequestRefused("robots_unavailable", "the host gives no robots.txt: HTTP 503"), True),
        (RequestDeferred("site_pages", "a.example: 9 pages were requested"), True),
        (DNSLookupError(), True),
    ],
)
def test_what_may_pass_is_asked_again_in_the_next_run(error: Exception, expected: bool) -> None:
    assert find_reason(describe(error)[0]).is_retryable is expected


@pytest.mark.parametrize(
    ("before", "url", "expected"),
    [
        ([], "http://a.example/1", "http://a.example/1"),
        (["http://a.example/1"], "http://www.a.example/2", "http://www.a.example/2"),
        (["http://evil.example/1"], "http://a.example/2", "http://evil.example/1"),
        (["http://evil.example/1", "http://a.example/2"], "http://a.example/3", "http://evil.example/1"),
    ],
)
def test_who_sends_us_to_another_site_pays_for_it(before: list[str], url: str, expected: str) -> None:
    assert charged_url(Request(url, meta={"redirect_urls": before} if before else {})) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.example/x", "a.example"),
        ("http://a.example:80/", "a.example"),
        ("https://A.example:443/", "a.example"),
        ("https://a.example:8443/", "a.example:8443"),
        ("http://a.example:443/", "a.example:443"),
    ],
)
def test_a_port_fails_for_itself(url: str, expected: str) -> None:
    assert host_and_port(url) == expected


@pytest.fixture
def slot() -> Slot:
    return Slot(concurrency=1, delay=0.0, jitter=0.0)


def test_a_slot_rests_for_so_long(slot: Slot) -> None:
    assert not is_backing_off(slot, 5.0)
    back_off(slot, 20.0)
    assert is_backing_off(slot, 5.0)
    assert not is_backing_off(slot, 30.0)


def test_only_what_there_is_a_reason_for_is_let_go(slot: Slot) -> None:
    answers: dict[str, Any] = {}
    for name in ("up/1", "down/1", "up/2", "down/2"):
        waiting: Deferred[Any] = Deferred()
        waiting.addErrback(lambda failure, name=name: answers.update({name: failure.value.reason}))
        slot.queue.append((Request(f"http://{name}"), waiting))
    assert isinstance(slot.queue, deque)
    fail_queued(slot, lambda request: RequestDeferred("host_down", "down failed") if "down" in request.url else None)
    assert answers == {"down/1": "host_down", "down/2": "host_down"}
    assert [request.url for request, _ in slot.queue] == ["http://up/1", "http://up/2"]
    assert is_backing_off(slot, 0.0)


@pytest.mark.parametrize(
    ("between", "left"), [([], True), ([302], False), ([304], False), ([200], False), ([500], True)]
)
def test_failures_in_a_row_are_broken_by_any_answer(between: list[int], left: bool) -> None:
    crawler = get_crawler()
    crawler.stats = StatsCollector(crawler)
    crawler.engine = type("Engine", (), {"downloader": type("Downloader", (), {"slots": {}})})  # type: ignore[assignment]
    faults = HostBackoff(crawler, 4)

    def answered(status: int) -> None:
        request = Request("http://a.example/1")
        response = Response(request.url, status=status)
        faults.response_downloaded(request, response)
        if not 300 <= status < 400:  # a redirect is followed before
            faults.process_response(request, response)

    for status in (500, 503, *between, 500, 500):
        answered(status)
    if left:
        with pytest.raises(RequestDeferred, match="failed 4 times in a row"):
            faults.process_request(Request("http://a.example/2"))
    else:
        faults.process_request(Request("http://a.example/2"))
    faults.process_request(Request("http://a.example:8080/2"))


def test_nobodys_redirects_fail_another_site() -> None:
    crawler = get_crawler()
    crawler.stats = StatsCollector(crawler)
    faults = HostBackoff(crawler, 2)
    for number in range(9):
        sent = Request(f"http://a.example/{number}", meta={"redirect_urls": ["http://evil.example/1"]})
        faults.process_response(sent, Response(sent.url, status=500))
    faults.process_request(Request("http://a.example/x"))
    assert crawler.stats.get_value("fault/failure_count") == 9


@pytest.mark.parametrize(
    ("url", "role", "reason"),
    [
        (url, role, reason)
        for role in ("start", "section", "article", "next", "feed", "sitemap", None)
        for url, reason in (
            ("http://127.0.0.1/x", "forbidden_address"),
            ("http://a.example:25/", "forbidden_port"),
            ("ftp://a.example/", "forbidden_scheme"),
            ("http://a.example/" + "x" * 2_000, "long_address"),
        )
    ],
)
def test_the_guard_asks_for_every_role(url: str, role: str | None, reason: str) -> None:
    crawler = get_crawler(settings_dict={"COPYDESK_ALLOW_PORTS": [80, 443], "URLLENGTH_LIMIT": 2_000})
    crawler.stats = StatsCollector(crawler)
    visit = context(Source(url="http://a.example/"), role) if role else None
    with pytest.raises(RequestRefused) as caught:
        AddressGuard.from_crawler(crawler).process_request(Request(url, cb_kwargs={"context": visit} if visit else {}))
    assert caught.value.reason == reason
    assert crawler.stats.get_value(f"guard/{reason}_count") == 1


def test_the_guard_takes_logins_off() -> None:
    crawler = get_crawler(settings_dict={"COPYDESK_ALLOW_PORTS": [80, 443], "URLLENGTH_LIMIT": 2_000})
    guard = AddressGuard.from_crawler(crawler)
    asked = guard.process_request(Request("http://ada:hunter2@a.example/x", meta={"depth": 3}))
    assert asked is not None
    assert (asked.url, asked.meta) == ("http://a.example/x", {"depth": 3})
    assert guard.process_request(asked) is None
