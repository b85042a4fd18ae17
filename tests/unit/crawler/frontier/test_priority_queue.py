"""Requests of a host that rests do not keep others from their turn."""

from __future__ import annotations

import time

import pytest
from scrapy import Request, Spider
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from crawler.fetching.network.slots import back_off
from crawler.frontier.priority_queue import DiskPriorityQueue


class Reader(Spider):
    name = "reader"


class Downloader:
    """The part of Scrapy's that a queue asks."""

    domain_concurrency = 1

    def __init__(self, hosts: list[str]) -> None:
        self.active: set[Request] = set()
        self.slots = {host: Slot(concurrency=1, delay=0.0, jitter=0.0) for host in hosts}

    def get_slot_key(self, request: Request) -> str:
        return request.url.split("/")[2]


@pytest.fixture
def frontier() -> tuple[DiskPriorityQueue, Downloader]:
    crawler: Crawler = get_crawler(Reader)
    crawler.spider = Reader()
    downloader = Downloader(["a.example", "b.example"])
    crawler.engine = type("Engine", (), {"downloader": downloader})()  # type: ignore[assignment]
    found = DiskPriorityQueue.from_crawler(crawler, None, "")
    for host in ("a.example", "a.example", "b.example", "new.example"):
        found.push(Request(f"http://{host}/{len(found)}"))
    return found, downloader


def hosts(frontier: DiskPriorityQueue) -> list[str]:
    found = []
    while request := frontier.pop():
        found.append(request.url.split("/")[2])
    return found


def test_each_host_has_its_turn(frontier: tuple[DiskPriorityQueue, Downloader]) -> None:
    assert sorted(hosts(frontier[0])) == ["a.example", "a.example", "b.example", "new.example"]


def test_a_host_that_rests_waits_and_the_others_do_not(frontier: tuple[DiskPriorityQueue, Downloader]) -> None:
    waiting, downloader = frontier
    back_off(downloader.slots["a.example"], 60.0)
    assert sorted(hosts(waiting)) == ["b.example", "new.example"]
    assert waiting.pop() is None
    assert len(waiting) == 2
    downloader.slots["a.example"].lastseen = 0.0
    assert hosts(waiting) == ["a.example", "a.example"]


def test_a_host_has_no_more_places_than_it_is_asked_at_a_time(frontier: tuple[DiskPriorityQueue, Downloader]) -> None:
    waiting, downloader = frontier
    downloader.active = {Request("http://a.example/on-its-way"), Request("http://new.example/robots.txt")}
    assert hosts(waiting) == ["b.example"]
    downloader.active.clear()
    assert sorted(hosts(waiting)) == ["a.example", "a.example", "new.example"]


def test_many_hosts_of_one_site_cost_little() -> None:
    crawler: Crawler = get_crawler(Reader)
    crawler.spider = Reader()
    crawler.engine = type("Engine", (), {"downloader": Downloader([])})()  # type: ignore[assignment]
    found = DiskPriorityQueue.from_crawler(crawler, None, "")
    for number in range(20_000):
        found.push(Request(f"http://field-{number}.farm.example/"))
    begun = time.process_time()
    assert len({found.pop().url for _ in range(2_000)}) == 2_000  # type: ignore[union-attr]
    assert time.process_time() - begun < 6.0


def test_a_short_rest_is_waited_for_in_the_slot(frontier: tuple[DiskPriorityQueue, Downloader]) -> None:
    waiting, downloader = frontier
    for slot in downloader.slots.values():
        back_off(slot, 1.0)
    assert len(hosts(waiting)) == 4
