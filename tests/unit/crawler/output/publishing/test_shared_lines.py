"""The shared lines of a site are read once, from what the ledger remembers."""

from __future__ import annotations

import asyncio

from cleaners.site.memory import SiteMemory
from cleaners.types import PageObservation
from crawler.output.publishing.shared_lines import SharedLinesCache

PAGE = PageObservation(page=7, day=1, author=2, lines=(3, 5))


def cache(reads: list[str], max_sites: int | None = 2) -> SharedLinesCache:
    async def load(site: str) -> SiteMemory:
        reads.append(site)
        await asyncio.sleep(0)
        return SiteMemory() if site.startswith("new") else SiteMemory.of([PAGE])

    return SharedLinesCache(load, max_sites)


def read(lines: SharedLinesCache, *sites: str) -> list[bool]:
    async def all_of() -> list[bool]:
        return [await lines.of(site) is not None for site in sites]

    return asyncio.run(all_of())


def test_a_site_is_read_once_and_a_new_one_has_none() -> None:
    reads: list[str] = []
    assert read(cache(reads), "a", "new", "a", "new") == [True, False, True, False]
    assert reads == ["a", "new"]


def test_the_site_that_was_read_first_is_read_again_where_there_are_too_many() -> None:
    reads: list[str] = []
    read(cache(reads), "a", "b", "c", "c", "b", "a")
    assert reads == ["a", "b", "c", "a"]
    reads.clear()
    read(cache(reads, None), "a", "b", "c", "a")
    assert reads == ["a", "b", "c"]


def test_what_a_run_learns_while_a_site_is_read_stays() -> None:
    lines, learnt = cache([]), SiteMemory.of([PAGE]).shared_lines()

    async def read_and_learn() -> object:
        reading = asyncio.ensure_future(lines.of("new"))
        await asyncio.sleep(0)
        lines.set("new", learnt)
        return await reading

    assert asyncio.run(read_and_learn()) is learnt
    assert lines.cached("new") is learnt
    assert lines.cached("other") is None
