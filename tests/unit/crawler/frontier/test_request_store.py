"""Requests that wait on the disk come back as they were, in their order."""

from __future__ import annotations

import pickle
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider

from crawler.context import CrawlContext
from crawler.frontier.dupefilter import HashSet
from crawler.frontier.request_store import JobDirError, RequestStore, check_job_dir
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


def test_a_source_is_written_once(tmp_path: Path) -> None:
    store = RequestStore(SPIDER, tmp_path / "waiting.sqlite")
    for number in range(1_000):
        store.push("a", request(f"http://a.example/{number}", cb_kwargs={"context": context(SOURCE, "article")}))
    sizes = [len(row[0]) for row in store._db.execute("SELECT request FROM waiting").rows]
    assert max(sizes) < 460
    assert store._db.execute("SELECT count(*) FROM sources").row == (1,)


def test_a_file_is_gone_on_with(tmp_path: Path) -> None:
    first = RequestStore(SPIDER, tmp_path / "waiting.sqlite")
    first.push("a", request("http://a.example/1", cb_kwargs={"context": context(SOURCE, "article")}))
    first.close()
    second = RequestStore(SPIDER, tmp_path / "waiting.sqlite")
    second.push("a", request("http://a.example/2", cb_kwargs={"context": context(SOURCE, "section")}))
    found = [second.pop("a"), second.pop("a")]
    assert [one.url[-1] for one in found if one] == ["1", "2"]
    assert {one.cb_kwargs["context"].source for one in found if one} == {SOURCE}


def old_store(path: Path, version: int) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(
        f"CREATE TABLE waiting (queue TEXT, priority INTEGER, number INTEGER, request BLOB); PRAGMA user_version = "
        f"{version};"
    )
    connection.execute("INSERT INTO waiting VALUES ('a', 0, 1, x'80')")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("version", [0, 2, 3, 99])
def test_a_job_dir_of_another_version_is_named_and_left_alone(tmp_path: Path, version: int) -> None:
    (tmp_path / "requests.queue").mkdir()
    old_store(tmp_path / "requests.queue" / "waiting.sqlite", version)
    with pytest.raises(
        JobDirError,
        match=(
            f"JOBDIR {tmp_path}: written by another version of Copydesk, which this one cannot resume. "
            f"Remove the folder"
        ),
    ):
        check_job_dir(tmp_path)


def test_a_job_dir_that_is_new_or_of_this_version_is_accepted(tmp_path: Path) -> None:
    check_job_dir(tmp_path)
    RequestStore(SPIDER, tmp_path / "waiting.sqlite").close()
    check_job_dir(tmp_path)


def test_a_folder_on_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=2_000_000))
    with pytest.raises(JobDirError, match="its disk has 2 MB free"):
        check_job_dir(tmp_path / "job")


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "job").write_text("")
    with pytest.raises(JobDirError, match="JOBDIR .*job: File exists"):
        check_job_dir(tmp_path / "job")


def filled(folder: Path) -> Path:
    """A ``JOBDIR`` with three pending requests, what was seen, and the state of a spider."""
    (folder / "requests.queue").mkdir(parents=True)
    store = RequestStore(SPIDER, folder / "requests.queue" / "waiting.sqlite")
    for number in range(3):
        more = {"cb_kwargs": {"context": context(SOURCE, "section")}}
        store.push("a.example", request(f"http://a.example/{number}", **more))
    store.close()
    HashSet(folder / "seen.sqlite").close()
    (folder / "requests.queue" / "active.json").write_text('{"a.example": [0]}')
    (folder / "spider.state").write_bytes(pickle.dumps({"a": 1}))
    return folder


def garbage(path: Path) -> None:
    path.write_bytes(b"\x80garbage that is nothing\n" * 100)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def torn(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    path.write_bytes(data)


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


STORES = ("requests.queue/waiting.sqlite", "seen.sqlite")
OTHERS = ("requests.queue/active.json", "spider.state")


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        *((name, damage) for name in (*STORES, *OTHERS) for damage in (garbage, cut, folder_instead)),
        *((name, torn) for name in STORES),
    ],
)
def test_a_damaged_job_dir_is_a_sentence_with_the_remedy(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    folder = filled(tmp_path / "job")
    check_job_dir(folder)
    damage(folder / name)
    with pytest.raises(JobDirError, match=f"JOBDIR {folder}: {folder}/{name} is damaged .*Remove the folder"):
        check_job_dir(folder)


@pytest.mark.parametrize("statement", ["UPDATE sources SET source = x'80'", "DROP TABLE sources", "DROP TABLE waiting"])
def test_a_store_with_another_content_is_damaged(tmp_path: Path, statement: str) -> None:
    folder = filled(tmp_path / "job")
    with closing(sqlite3.connect(folder / STORES[0], isolation_level=None)) as connection:
        connection.execute(statement)
    with pytest.raises(JobDirError, match="is damaged"):
        check_job_dir(folder)


@pytest.mark.parametrize(
    "value",
    [
        b"\x80", b"", None, b"\x00", "text", 7, pickle.dumps({"url": 7}), pickle.dumps({"callback": "none"}),
        pickle.dumps([1]),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_read_costs_itself_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, value: object
) -> None:
    path = filled(tmp_path / "job") / STORES[0]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE waiting SET request = ? WHERE number = 2", (value,))
    store = RequestStore(SPIDER, path)
    first, peeked, third, none = store.pop("a.example"), store.peek("a.example"), *map(store.pop, ["a.example"] * 2)
    assert [one.url for one in (first, peeked, third) if one] == [f"http://a.example/{number}" for number in (0, 2, 2)]
    assert (none, store.sizes["a.example"]) == (None, 0)
    assert "a pending request cannot be read" in caplog.text
    store.close()
