"""What a rendered page may ask of other origins."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import pytest
from scrapy.http import Response

from crawler.fetching.browser import foreign
from crawler.fetching.browser.foreign import OtherOrigins, Pace
from crawler.fetching.exceptions import RequestRefused
from crawler.fetching.network.address_policy import AddressPolicy

PAGE = "https://www.news.example/story"
POLICY = AddressPolicy.of(["127.0.0.1:8000", "intranet.example", "10.1.0.0/16:8080"], (80, 443))
PRIVATE = {"by-name.example"}
"""Hosts that had a private address that the user allows."""
JSON = {"content-type": "application/json"}
KEY = {"authorization": "Bearer x"}


class Others:
    """What one page asks, and what its servers hear."""

    def __init__(self, page: str = PAGE, consent: Mapping[str, str] | None = None, status: int = 204) -> None:
        self.preflights: list[dict[str, str]] = []
        self.robots: list[str] = []
        self.consent, self.status = consent or {}, status
        self.others = OtherOrigins(page, POLICY, Pace(), self._obey, PRIVATE.__contains__)

    async def _obey(self, url: str) -> None:
        self.robots.append(url)
        if "/forbidden" in url:
            raise RequestRefused("robots", "robots.txt forbids it")

    async def _ask(self, url: str, headers: Mapping[str, str]) -> Response:
        self.preflights.append(dict(headers))
        return Response(url, status=self.status, headers=dict(self.consent))

    def admits(self, url: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> bool:
        try:
            asyncio.run(self.others.admit(url, method, headers or {}, self._ask))
        except RequestRefused:
            return False
        return True


OPEN = {
    "Access-Control-Allow-Origin": "https://www.news.example",
    "Access-Control-Allow-Headers": "content-type, Authorization, x-key",
    "Access-Control-Allow-Methods": "POST, PUT",
}


@pytest.mark.parametrize(
    ("url", "method", "headers", "consent", "is_admitted"),
    [
        # its own origin
        ("https://www.news.example/api", "GET", {}, {}, True),
        ("https://www.news.example/api", "POST", JSON | KEY, {}, True),
        # other origins of its site: writes only with consent
        ("https://api.news.example/a", "GET", {}, {}, True),
        ("https://api.news.example/a", "GET", KEY, {}, False),
        ("https://api.news.example/a", "GET", KEY, OPEN, True),
        ("https://api.news.example/a", "POST", JSON, {}, False),
        ("https://api.news.example/a", "POST", JSON | KEY, OPEN, True),
        ("https://api.news.example/a", "POST", {}, {}, False),
        ("https://api.news.example/a", "POST", {"content-type": "text/plain"}, OPEN, True),
        ("http://www.news.example/a", "POST", JSON, {}, False),
        ("https://www.news.example:8443/a", "POST", JSON, {}, False),
        # other sites: no writes, whatever they say
        ("https://cdn.example/a.js", "GET", {}, {}, True),
        ("https://cdn.example/a.js", "GET", {"accept": "*/*", "referer": PAGE, "sec-fetch-mode": "cors"}, {}, True),
        ("https://cdn.example/a", "POST", {}, OPEN, False),
        ("https://cdn.example/a", "POST", JSON | KEY, OPEN, False),
        ("https://cdn.example/a", "GET", KEY, {}, False),
        ("https://cdn.example/a", "GET", KEY, OPEN, True),
        ("https://cdn.example/a", "GET", KEY, OPEN | {"Access-Control-Allow-Headers": "*"}, False),
        ("https://cdn.example/a", "GET", {"x-key": "1"}, OPEN | {"Access-Control-Allow-Headers": "*"}, True),
        ("https://cdn.example/a", "GET", {"x-key": "1"}, OPEN | {"Access-Control-Allow-Origin": "https://x.example"},
         False),
        ("https://cdn.example/a", "GET", {"x-key": "1"}, OPEN | {"Access-Control-Allow-Origin": "*"}, True),
        ("https://cdn.example/a", "GET", JSON, {}, False),
        ("https://cdn.example/forbidden", "GET", {}, {}, False),
        # private hosts that the user allows
        ("http://127.0.0.1:8000/a", "GET", {}, OPEN, False),
        ("http://intranet.example/a", "GET", {}, OPEN, False),
        ("http://10.1.2.3:8080/a", "GET", {}, OPEN, False),
        ("http://0x7f000001:8000/a", "GET", {}, OPEN, False),
        ("http://by-name.example/a", "GET", {}, OPEN, False),
    ],
)  # fmt: skip
def test_a_request(url: str, method: str, headers: dict[str, str], consent: dict[str, str], is_admitted: bool) -> None:
    assert Others(consent=consent).admits(url, method, headers) is is_admitted


@pytest.mark.parametrize(
    ("page", "url", "is_admitted"),
    [
        ("http://intranet.example/a", "http://127.0.0.1:8000/b", True),
        ("http://by-name.example/a", "http://10.1.2.3:8080/b", True),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/b", True),
        ("http://127.0.0.1:8000/a", "https://cdn.example/a.js", True),
        ("http://127.0.0.1:9000/a", "http://127.0.0.1:8000/b", False),
        ("http://news.intranet.example/a", "http://intranet.example/b", False),
    ],
)
def test_only_a_page_on_an_allowed_host_asks_for_allowed_hosts(page: str, url: str, is_admitted: bool) -> None:
    assert Others(page).admits(url) is is_admitted


def test_a_preflight_is_asked_once_and_says_what_is_asked() -> None:
    others = Others(consent=OPEN)
    for _ in range(3):
        assert others.admits("https://api.news.example/a", "POST", JSON | KEY)
    (one,) = others.preflights
    assert one == {
        "Origin": "https://www.news.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    assert not Others(consent=OPEN, status=404).admits("https://api.news.example/a", "POST", JSON)


def test_a_host_and_the_hosts_of_other_sites_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "PACE_SECONDS", 0.0)
    others = Others()
    admitted = [others.admits(f"https://victim.example/{number}") for number in range(foreign.MAX_OF_HOST + 5)]
    assert admitted.count(True) == foreign.MAX_OF_HOST
    assert others.admits("https://www.news.example/own")
    spray = Others()
    found = [spray.admits(f"https://host-{number}.victim.example/") for number in range(foreign.MAX_HOSTS + 5)]
    assert found.count(True) == foreign.MAX_HOSTS
    assert len(spray.robots) == foreign.MAX_HOSTS, "robots.txt of no further host is asked"


def test_requests_to_a_host_are_paced_over_all_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "PACE_SECONDS", 0.05)

    async def ask() -> float:
        pace, begun = Pace(), time.monotonic()
        await asyncio.gather(*(pace.wait("a") for _ in range(5)), *(pace.wait("b") for _ in range(3)))
        return time.monotonic() - begun

    assert asyncio.run(ask()) >= 0.2


def test_the_pace_of_many_hosts_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "MAX_PACED", 10)

    async def ask() -> Any:
        pace = Pace()
        for number in range(100):
            await pace.wait(str(number))
        return len(pace._free)

    assert asyncio.run(ask()) == 10
