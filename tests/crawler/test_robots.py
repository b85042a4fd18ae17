"""A robots.txt that cannot be had keeps us out; for how long depends on what was met."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler
from twisted.internet.error import ConnectionRefusedError, DNSLookupError, TimeoutError  # noqa: A004  Twisted's names

from crawler.downloadermiddlewares import robots
from crawler.downloadermiddlewares.robots import LONGEST_CACHED, NEXT_TRY, Robots
from crawler.refusal import NotAsked, Passing, Refusal

PAGE = Request("http://a.example/news/1")
OPEN = Response("http://a.example/robots.txt", body=b"User-agent: *\nAllow: /\n")
CLOSED = Response("http://a.example/robots.txt", body=b"User-agent: *\nDisallow: /\n")


class Engine:
    """Answers robots.txt with what is next."""

    def __init__(self, answers: list[Any]) -> None:
        self.answers = answers

    async def download_async(self, request: Request) -> Response:
        if not request.url.endswith("/robots.txt"):
            return Response(request.url, status=404)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Clock:
    """Seconds since the machine began; few of them."""

    def __init__(self) -> None:
        self.now = 10.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Ask for a page at moments; what came of each: nothing, or reason and words."""

    def asked(answers: list[Any], *moments: float) -> list[str]:
        clock = Clock()
        monkeypatch.setattr(robots, "time", clock)
        crawler = get_crawler(Spider, {"ROBOTSTXT_OBEY": True, "RIGHTS": "record", "ROBOTSTXT_USER_AGENT": None, "USER_AGENT": "copydesk/1.0"})
        crawler.engine = Engine(answers)  # type: ignore[assignment]
        middleware, found = Robots(crawler), []
        for moment in moments:
            clock.now = 10.0 + moment
            try:
                middleware.process_request_2(asyncio.run(middleware.robot_parser(PAGE)), PAGE)
                found.append("")
            except Refusal as refused:
                assert refused.is_passing is ("robots.txt forbids" not in refused.detail)  # noqa: PT017
                found.append(f"{refused.reason}: {refused.detail}")
        assert answers == []
        return found

    return asked


@pytest.mark.parametrize(
    ("answers", "moments", "expected"),
    [
        ([OPEN], (0, 1, 80_000), ["", "", ""]),
        ([CLOSED], (0, 1), ["robots: robots.txt forbids it"] * 2),
        ([OPEN, CLOSED], (0, LONGEST_CACHED + 1), ["", "robots: robots.txt forbids it"]),
        ([OPEN.replace(status=404)], (0,), [""]),
        ([CLOSED.replace(status=403)], (0,), [""]),
        ([OPEN.replace(status=503)], (0, NEXT_TRY + 1), ["robots: the host gives no robots.txt: HTTP 503"] * 2),
        ([TimeoutError()], (0, NEXT_TRY + 1), ["robots: the host gives no robots.txt: no answer in time"] * 2),
        ([DNSLookupError(), OPEN], (0, 1, NEXT_TRY + 1), ["unknown_host: unknown host"] * 2 + [""]),
        ([ConnectionRefusedError(), CLOSED], (0, NEXT_TRY + 1), ["connection_refused: connection refused", "robots: robots.txt forbids it"]),
        ([Refusal("forbidden_address", "10.0.0.1 is a private address")], (0, 1), ["forbidden_address: robots.txt: 10.0.0.1 is a private address"] * 2),
        ([Refusal("redirects", "more than 8 redirects")], (0, 1), ["robots: the host gives no robots.txt: more than 8 redirects"] * 2),
        ([NotAsked("host_down", "b.example failed 30 times in a row"), OPEN], (0, 1), ["host_down: b.example failed 30 times in a row", ""]),
    ],
)  # fmt: skip
def test_what_comes_of_it(ask: Callable[..., list[str]], answers: list[Any], moments: tuple[float, ...], expected: list[str]) -> None:
    assert ask(list(answers), *moments) == expected


def test_one_line_a_host_and_no_traceback(ask: Callable[..., list[str]], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ask([OPEN.replace(status=500)], 0, 1, 2)
    assert [record.getMessage() for record in caplog.records if "robots.txt" in record.getMessage()] == ["a.example gives no robots.txt (HTTP 500): keeping out of it"]
    assert not any(record.exc_info for record in caplog.records)


def test_refusals_are_not_one_exception_again_and_again() -> None:
    crawler = get_crawler(Spider, {"ROBOTSTXT_OBEY": True, "RIGHTS": "off", "USER_AGENT": "copydesk/1.0"})
    crawler.engine = Engine([TimeoutError()])  # type: ignore[assignment]
    middleware, met = Robots(crawler), []
    for _ in range(2):
        with pytest.raises(Passing) as caught:
            middleware.process_request_2(asyncio.run(middleware.robot_parser(PAGE)), PAGE)
        met.append(caught.value)
    assert met[0] is not met[1]  # its traceback would grow with each page
