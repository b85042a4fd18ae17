"""Requests that wait on the disk come back as they were, in their order."""

from __future__ import annotations

from typing import Any

from scrapy import Request, Spider

from crawler.context import CrawlContext
from crawler.frontier.request_store import RequestStore
from crawler.types import Source
from tests.unit.crawler.contexts import context

SOURCE = Source(url="http://a.example/", max_articles=5)


class Reader(Spider):
    name = "reader"

    def parse(self, response: Any, context: CrawlContext | None = None) -> None: ...

    def failed(self, failure: Any) -> None: ...


SPIDER = Reader()


def request(url: str = "http://a.example/1", **more: Any) -> Request:
    return Request(url, callback=SPIDER.parse, errback=SPIDER.failed, **more)


def test_a_request_comes_back_as_it_was() -> None:
    store = RequestStore(SPIDER)
    given = request(
        headers={"If-None-Match": '"tag"'},
        meta={"handle_httpstatus_list": [304]},
        priority=7,
        dont_filter=True,
        method="POST",
        body=b"x",
        cookies={"a": "b"},
        flags=["f"],
        cb_kwargs={"context": context(SOURCE, "article", depth=2)},
    )
    store.push("a", given)
    found = store.pop("a")
    assert found is not None
    assert found.to_dict(spider=SPIDER) == given.to_dict(spider=SPIDER)
    assert found.callback == SPIDER.parse
    assert store.pop("a") is None


def test_priority_first_then_first_come_each_queue_for_itself() -> None:
    store = RequestStore(SPIDER)
    for queue, name, priority in (
        ("a", "1", 0),
        ("b", "2", 9),
        ("a", "3", 5),
        ("a", "4", 0),
        ("a", "5", 5),
        ("a", "6", -1),
    ):
        store.push(queue, request(f"http://x.example/{name}", priority=priority))
    assert store.sizes["a"] == 5
    peeked = store.peek("a")
    taken = [store.pop("a") for _ in range(5)]
    assert [one.url[-1] for one in taken if one] == ["3", "5", "1", "4", "6"]
    assert peeked is not None
    assert peeked.url.endswith("3")
    assert (store.sizes["a"], store.sizes["b"]) == (0, 1)


def test_what_cannot_be_written_waits_in_memory() -> None:
    store = RequestStore(SPIDER)
    store.push("a", Request("http://a.example/", callback=lambda response: None))
    store.push("a", request(meta={"lock": (one for one in "ab")}))
    found = [store.pop("a"), store.pop("a")]
    assert [one.url for one in found if one] == ["http://a.example/", "http://a.example/1"]
    assert next(found[1].meta["lock"]) == "a"  # type: ignore[union-attr]


def test_a_source_is_kept_once() -> None:
    store = RequestStore(SPIDER)
    for number in range(1_000):
        store.push("a", request(f"http://a.example/{number}", cb_kwargs={"context": context(SOURCE, "article")}))
    sizes = [len(row[0]) for row in store._db.execute("SELECT request FROM waiting").rows]
    assert max(sizes) < 460
    assert {found.cb_kwargs["context"].source for _ in range(1_000) if (found := store.pop("a"))} == {SOURCE}
