"""Who is at fault where crawls end badly."""

from __future__ import annotations

import asyncio

import pytest

from crawler.fleet.blame import AlikeEndings, Room

Ended = tuple[str, int, bool]
"""A site, its status, and whether that may be the worker's fault."""


@pytest.mark.parametrize(
    ("ended", "is_ours", "charged"),
    [
        ([("a", 2, True), ("b", 2, True), ("c", 2, True)], True, {"a", "b", "c"}),
        ([("a", 1, True), ("b", 1, True), ("c", 1, True)], True, {"a", "b", "c"}),
        ([("a", 2, True), ("a", 2, True), ("a", 2, True)], False, {"a"}),
        ([("a", 2, True), ("b", 1, True), ("c", 2, True)], False, {"c"}),
        ([("a", 2, True), ("b", 2, True), ("c", 0, False), ("d", 2, True)], False, {"d"}),
        ([("a", 2, True), ("b", 2, True), ("c", 3, False)], False, set()),
        ([("a", 3, False), ("b", 3, False), ("c", 3, False)], False, set()),
        ([("x", 0, False), ("a", 137, True), ("b", 137, True), ("c", 137, True)], True, {"a", "b", "c"}),
    ],
)
def test_sites_that_end_alike_are_the_workers_fault(ended: list[Ended], is_ours: bool, charged: set[str]) -> None:
    alike = AlikeEndings()
    said = [alike.record_end(site, 4, status, is_unclear=is_unclear) for site, status, is_unclear in ended]
    assert [bool(one) for one in said] == [False] * (len(ended) - 1) + [is_ours]
    assert (said[-1] or alike.charged) == dict.fromkeys(charged, 5)


def test_a_suspect_waits_for_the_others_and_holds_later_ones_up() -> None:
    order: list[str] = []

    async def crawl(room: Room, name: str, *, alone: bool = False) -> None:
        async with room.alone() if alone else room.shared():
            order.append(f"{name} begins")
            await asyncio.sleep(0.01)
            order.append(f"{name} ends")

    async def run() -> None:
        room = Room()
        tasks = []
        for name, alone in (("a", False), ("b", False), ("suspect", True), ("c", False), ("other", True)):
            tasks.append(asyncio.ensure_future(crawl(room, name, alone=alone)))
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)

    asyncio.run(run())
    assert order[:4] == ["a begins", "b begins", "a ends", "b ends"]
    assert order[4:6] == ["suspect begins", "suspect ends"]
    assert order[6:8] == ["other begins", "other ends"]
    assert order[8:] == ["c begins", "c ends"]


def test_a_suspect_that_is_stopped_while_it_waits_holds_nobody_up() -> None:
    async def run() -> list[str]:
        room, done = Room(), []
        async with room.shared():
            waiting = asyncio.ensure_future(room.alone().__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        async with room.shared():
            done.append("next")
        return done

    assert asyncio.run(asyncio.wait_for(run(), 5)) == ["next"]
