"""What hubs push is kept once and within bounds, and is there after a restart."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from crawler.spiders.listen.spool import MOST_BYTES, MOST_WAITING, Pushed, Spool, SpoolFullError

TOPIC, SOURCE = "http://news.example/feed", "http://news.example/"


def push(number: int, topic: str = TOPIC, size: int = 10) -> Pushed:
    return Pushed(topic=topic, source=SOURCE, body=f"{number:08}".encode() + b"x" * size)


def test_pushes_are_taken_in_order_and_after_a_restart(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for number in range(3):
        spool.put(push(number))
    again = Spool(tmp_path)
    assert [one.read() for one in again.waiting()] == [push(number) for number in range(3)]
    again.done(again.waiting()[:2])
    assert [one.read() for one in Spool(tmp_path).waiting()] == [push(2)]


def test_the_same_body_is_kept_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for _ in range(30):
        spool.put(push(1))
    spool.put(push(1, topic=f"{TOPIC}/other"))
    assert len(spool.waiting()) == len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("size", [10, MOST_BYTES // 4])
def test_one_feed_has_a_quota_and_takes_none_of_another_s(tmp_path: Path, size: int) -> None:
    spool, kept = Spool(tmp_path), 0
    for number in range(2 * MOST_WAITING):
        with suppress(SpoolFullError):
            spool.put(push(number, size=size))
            kept += 1
    with pytest.raises(SpoolFullError, match="wait already; the hub is to send it again"):
        spool.put(push(100, size=size))
    assert kept == (MOST_WAITING if size == 10 else 3)
    spool.put(push(1, topic=f"{TOPIC}/other"))
    spool.done(spool.waiting()[:1])
    spool.put(push(99, size=size))


def test_no_body_stays_in_memory(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    tracemalloc.start()
    try:
        for number in range(10):
            spool.put(push(number, topic=f"{TOPIC}{number}", size=2_000_000))
        waiting = spool.waiting()
        assert len(waiting) == 10
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_file_that_is_damaged_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text('{"topic": 3')
    assert Spool(tmp_path).waiting() == []
    assert (tmp_path / "1.damaged").exists()
