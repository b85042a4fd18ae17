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

from cleaners.types import Right
from crawler.fetching.exceptions import RequestDeferred, RequestRefused
from crawler.fetching.politeness import robots
from crawler.fetching.politeness.robots import MAX_CACHE_SECONDS, RETRY_SECONDS, Robots
from crawler.reasons import find_reason

PAGE = Request("http://a.example/news/1")
OPEN = Response("http://a.example/robots.txt", body=b"User-agent: *\nAllow: /\n")
CLOSED = Response("http://a.example/robots.txt", body=b"User-agent: *\nDisallow: /\n")


class Engine:
    """Answers robots.txt with what is next, after a while."""

    def __init__(self, answers: list[Any]) -> None:
        self.answers = answers

    async def download_async(self, request: Request) -> Response:
        await asyncio.sleep(0)
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


def middleware(answers: list[Any], **settings: Any) -> Robots:
    crawler = get_crawler(
        Spider,
        {
            "ROBOTSTXT_OBEY": True,
            "COPYDESK_RIGHTS": "record",
            "ROBOTSTXT_USER_AGENT": None,
            "USER_AGENT": "copydesk/1.0",
            **settings,
        },
    )
    crawler.engine = Engine(answers)  # type: ignore[assignment]
    return Robots(crawler)


async def met(asked: Robots, page: Request = PAGE) -> str:
    """What comes of a page: nothing, or reason and words."""
    try:
        await asked.process_request(page)
    except RequestRefused as refused:
        assert find_reason(refused.reason).is_retryable is ("robots.txt forbids" not in refused.detail)  # noqa: PT017
        return f"{refused.reason}: {refused.detail}"
    return ""


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Ask for a page at moments."""

    def asked(answers: list[Any], *moments: float) -> list[str]:
        clock = Clock()
        monkeypatch.setattr(robots, "time", clock)
        asking = middleware(answers)

        async def all_of_them() -> list[str]:
            found = []
            for moment in moments:
                clock.now = 10.0 + moment
                found.append(await met(asking))
            return found

        found = asyncio.run(all_of_them())
        assert answers == []
        return found

    return asked


@pytest.mark.parametrize(
    ("answers", "moments", "expected"),
    [
        ([OPEN], (0, 1, 80_000), ["", "", ""]),
        ([CLOSED], (0, 1), ["robots: robots.txt forbids it"] * 2),
        ([OPEN, CLOSED], (0, MAX_CACHE_SECONDS + 1), ["", "robots: robots.txt forbids it"]),
        ([OPEN.replace(status=404)], (0,), [""]),
        ([CLOSED.replace(status=403)], (0,), [""]),
        (
            [OPEN.replace(status=503)],
            (0, RETRY_SECONDS + 1),
            ["robots_unavailable: the host gives no robots.txt: HTTP 503"] * 2,
        ),
        (
            [TimeoutError()],
            (0, RETRY_SECONDS + 1),
            ["robots_unavailable: the host gives no robots.txt: no response in time"] * 2,
        ),
        ([DNSLookupError(), OPEN], (0, 1, RETRY_SECONDS + 1), ["unknown_host: unknown host"] * 2 + [""]),
        (
            [ConnectionRefusedError(), CLOSED],
            (0, RETRY_SECONDS + 1),
            ["connection_refused: connection refused", "robots: robots.txt forbids it"],
        ),
        (
            [RequestRefused("forbidden_address", "10.0.0.1 is a private address")],
            (0, 1),
            ["forbidden_address: robots.txt: 10.0.0.1 is a private address"] * 2,
        ),
        (
            [RequestRefused("redirects", "more than 8 redirects")],
            (0, 1),
            ["robots_unavailable: the host gives no robots.txt: more than 8 redirects"] * 2,
        ),
        (
            [RequestDeferred("host_down", "b.example failed 30 times in a row"), OPEN],
            (0, 1),
            ["host_down: b.example failed 30 times in a row", ""],
        ),
    ],
)
def test_what_comes_of_it(
    ask: Callable[..., list[str]], answers: list[Any], moments: tuple[float, ...], expected: list[str]
) -> None:
    assert ask(list(answers), *moments) == expected


@pytest.mark.parametrize(
    ("size", "expected", "cut"),
    [(robots.MAX_ROBOTS_BYTES - 30, "robots: robots.txt forbids it", 0), (robots.MAX_ROBOTS_BYTES, "", 1)],
)
def test_it_is_read_as_far_as_its_limit(size: int, expected: str, cut: int) -> None:
    asking = middleware([OPEN.replace(body=b"User-agent: *\n#" + b"x" * (size - 16) + b"\nDisallow: /\n")])
    assert asyncio.run(met(asking)) == expected
    assert asking.crawler.stats is not None
    assert asking.crawler.stats.get_value("limit/robots_count") == cut


def test_none_larger_than_its_limit_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    asking, asked = middleware([OPEN]), []
    known = asking.crawler.engine.download_async  # type: ignore[union-attr]

    async def download(request: Request) -> Response:
        asked.append((request.url, request.meta["download_maxsize"]))
        return await known(request)

    monkeypatch.setattr(asking.crawler.engine, "download_async", download)
    async def read() -> None:
        await met(asking)
        assert asked == [("http://a.example/robots.txt", 5_120_000)], "a request needs no more"
        await asking.rights(PAGE.url)

    asyncio.run(read())
    assert asked[1:] == [("http://a.example/.well-known/tdmrep.json", 512_000)], "an article does"


def test_one_line_a_host_and_no_traceback(ask: Callable[..., list[str]], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ask([OPEN.replace(status=500)], 0, 1, 2)
    assert [record.getMessage() for record in caplog.records if "robots.txt" in record.getMessage()] == [
        "a.example gives no robots.txt (HTTP 500): its pages are not requested"
    ]
    assert not any(record.exc_info for record in caplog.records)


def test_refusals_are_not_one_exception_again_and_again() -> None:
    async def refusals() -> list[RequestRefused]:
        asking, found = middleware([TimeoutError()]), []
        for _ in range(2):
            with pytest.raises(RequestRefused) as caught:
                await asking.process_request(PAGE)
            found.append(caught.value)
        return found

    first, second = asyncio.run(refusals())
    assert first is not second  # its traceback would grow with each page


DOWN = RequestDeferred("host_down", "a.example failed 30 times in a row")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([CLOSED], {"robots: robots.txt forbids it"}),
        ([OPEN], {""}),
        ([OPEN.replace(status=500)], {"robots_unavailable: the host gives no robots.txt: HTTP 500"}),
        ([DNSLookupError()], {"unknown_host: unknown host"}),
        ([DOWN] * 40, {"host_down: a.example failed 30 times in a row"}),
    ],
)
@pytest.mark.parametrize("later", range(9))
def test_all_that_wait_for_the_rules_get_them(answers: list[Any], expected: set[str], later: int) -> None:
    """Eight pages at once, and one that comes some turns of the loop later."""
    asking = middleware(list(answers))

    async def straggler() -> str:
        for _ in range(later):
            await asyncio.sleep(0)
        return await met(asking)

    async def all_of_them() -> list[str]:
        return await asyncio.wait_for(asyncio.gather(*(met(asking) for _ in range(8)), straggler()), 5)

    assert set(asyncio.run(all_of_them())) == expected


def test_what_fails_within_keeps_out_and_lets_nobody_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise RecursionError("too deep")

    monkeypatch.setattr(robots, "relevant_lines", broken)
    asking = middleware([OPEN])
    assert asyncio.run(met(asking)) == "robots_unavailable: the host gives no robots.txt: RecursionError: too deep"


def test_what_is_held_of_many_hosts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "MAX_PARSED_BYTES", 3_000)
    body = (
        b"User-agent: *\nDisallow: /secret/\nContent-Usage: ai=n\nSitemap: http://a.example/map.xml\n"
        + b"Disallow: /x\n" * 60
    )
    asking = middleware([OPEN.replace(body=body) for _ in range(20)])

    async def all_of_them() -> None:
        for _ in range(2):
            for number in range(20):
                assert await met(asking, Request(f"http://{number}.example/news/1")) == ""
                assert (
                    await met(asking, Request(f"http://{number}.example/secret/1")) == "robots: robots.txt forbids it"
                )
                assert asking._parsed._bytes + asking._parsed_rights._bytes < 6_000

        for number in range(20):  # given up and read again, with all that it says
            found = await asking.rights(f"http://{number}.example/news/1")
            assert [right.value for right in found] == ["ai=n"]
            assert asking.sitemaps(f"http://{number}.example/news/1") == ("http://a.example/map.xml",)
        assert await asking.rights("http://never-asked.example/") == ()
        assert asking.sitemaps("http://never-asked.example/") == ()

    asyncio.run(all_of_them())


RSL = (
    b"<rsl xmlns='https://rslstandard.org/rsl'><content url='/news/'><license><prohibits type='usage'>ai-train"
    b"</prohibits></license></content></rsl>"
)
TERMS = "prohibits=ai-train"


@pytest.mark.parametrize(
    ("origin", "url", "terms"),
    [
        ("link license", "http://a.example/terms.xml", TERMS),
        ("link license", "/terms.xml", TERMS),
        ("header license", "http://rights.a.example/terms.xml", TERMS),  # another host of the site
        ("link license", "http://other.example/terms.xml", ""),  # no site speaks for another
        ("link license", "javascript:x()", ""),
        ("link license", "http://a.example/none.xml", ""),
        ("meta tdm-policy", "http://a.example/terms.xml", ""),
    ],
)
def test_the_licence_that_a_page_names_is_read(
    monkeypatch: pytest.MonkeyPatch, origin: str, url: str, terms: str
) -> None:
    asking, asked = middleware([OPEN]), []

    async def download(request: Request) -> Response:
        asked.append(request.url)
        if request.url.endswith("/robots.txt"):
            return OPEN
        is_there = request.url.endswith("/terms.xml")
        return Response(request.url, status=200 if is_there else 404, body=RSL if is_there else b"")

    monkeypatch.setattr(asking.crawler.engine, "download_async", download)

    async def read() -> list[str]:
        await met(asking)
        found = [await asking.rights(PAGE.url, [Right(origin=origin, value=url)]) for _ in range(3)]
        assert found[0] == found[1] == found[2]
        return [right.value for right in found[0] if right.origin == f"{origin} terms"]

    said = asyncio.run(read())
    assert [value.partition(";")[0] for value in said] == [TERMS] * bool(terms)
    assert len(asked) == len(set(asked)) <= 3, "each file is asked for once"
    assert {one.split("/")[2] for one in asked} <= {"a.example", "rights.a.example"}
    assert not [one for one in asked if one.startswith("http://rights.") and "terms" not in one]


def test_a_host_names_few_licences() -> None:
    asking = middleware([OPEN])

    async def read() -> None:
        await met(asking)
        for number in range(100):
            await asking.rights(PAGE.url, [Right(origin="link license", value=f"http://a.example/{number}.xml")])

    asyncio.run(read())
    assert len(asking._licenses["a.example"]) == robots.MAX_LICENSES_A_HOST
