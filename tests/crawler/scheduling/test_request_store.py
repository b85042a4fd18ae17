"""Requests that wait on the disk come back as they were, in their order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scrapy import Request, Spider

from crawler.config.sources import Source
from crawler.scheduling.context import CrawlContext
from crawler.scheduling.request_store import RequestStore

SOURCE = Source(url="http://a.example/", max_articles=5)


class Reader(Spider):
    name = "reader"

    def parse(self, response: Any, visit: CrawlContext | None = None) -> None: ...

    def failed(self, failure: Any) -> None: ...


SPIDER = Reader()


def request(url: str = "http://a.example/1", **more: Any) -> Request:
    return Request(url, callback=SPIDER.parse, errback=SPIDER.failed, **more)


def test_a_request_comes_back_as_it_was() -> None:
    shelf = RequestStore(SPIDER)
    given = request(
        headers={"If-None-Match": '"tag"'}, meta={"handle_httpstatus_list": [304]}, priority=7, dont_filter=True, method="POST", body=b"x",
        cookies={"a": "b"}, flags=["f"], cb_kwargs={"visit": CrawlContext(source=SOURCE, role="article", depth=2)},
    )  # fmt: skip
    shelf.push("a", given)
    found = shelf.pop("a")
    assert found is not None
    assert found.to_dict(spider=SPIDER) == given.to_dict(spider=SPIDER)
    assert found.callback == SPIDER.parse
    assert shelf.pop("a") is None


def test_priority_first_then_first_come_each_queue_for_itself() -> None:
    shelf = RequestStore(SPIDER)
    for queue, name, priority in (("a", "1", 0), ("b", "2", 9), ("a", "3", 5), ("a", "4", 0), ("a", "5", 5), ("a", "6", -1)):
        shelf.push(queue, request(f"http://x.example/{name}", priority=priority))
    assert shelf.sizes["a"] == 5
    peeked = shelf.peek("a")
    taken = [shelf.pop("a") for _ in range(5)]
    assert [one.url[-1] for one in taken if one] == ["3", "5", "1", "4", "6"]
    assert peeked is not None
    assert peeked.url.endswith("3")
    assert (shelf.sizes["a"], shelf.sizes["b"]) == (0, 1)


def test_what_cannot_be_written_waits_in_memory() -> None:
    shelf = RequestStore(SPIDER)
    shelf.push("a", Request("http://a.example/", callback=lambda response: None))
    shelf.push("a", request(meta={"lock": (one for one in "ab")}))
    found = [shelf.pop("a"), shelf.pop("a")]
    assert [one.url for one in found if one] == ["http://a.example/", "http://a.example/1"]
    assert next(found[1].meta["lock"]) == "a"  # type: ignore[union-attr]


def test_a_source_is_written_once(tmp_path: Path) -> None:
    shelf = RequestStore(SPIDER, tmp_path / "waiting.sqlite")
    for number in range(1_000):
        shelf.push("a", request(f"http://a.example/{number}", cb_kwargs={"visit": CrawlContext(source=SOURCE, role="article")}))
    sizes = [len(row[0]) for row in shelf._known.execute("SELECT request FROM waiting")]
    assert max(sizes) < 400
    assert shelf._known.execute("SELECT count(*) FROM sources").fetchone() == (1,)


def test_a_file_is_gone_on_with(tmp_path: Path) -> None:
    first = RequestStore(SPIDER, tmp_path / "waiting.sqlite")
    first.push("a", request("http://a.example/1", cb_kwargs={"visit": CrawlContext(source=SOURCE, role="article")}))
    first.close()
    second = RequestStore(SPIDER, tmp_path / "waiting.sqlite")
    second.push("a", request("http://a.example/2", cb_kwargs={"visit": CrawlContext(source=SOURCE, role="section")}))
    found = [second.pop("a"), second.pop("a")]
    assert [one.url[-1] for one in found if one] == ["1", "2"]
    assert {one.cb_kwargs["visit"].source for one in found if one} == {SOURCE}
