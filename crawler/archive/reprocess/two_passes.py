"""Removes what sites repeat from many pages: each page is cleaned once, and its article waits on disk."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from tempfile import TemporaryFile
from typing import IO, NamedTuple, Self

import msgspec

from cleaners.site.memory import SharedLines, SiteMemory
from cleaners.site.memory.repeated import without_repeated
from cleaners.types import Article, ObservedPage, PageResult, Rejection
from crawler.output.publishing.shared_lines import MAX_SITES

LENGTH = struct.Struct("<I")

BATCH = 256
"""Pages of all sites that are merged into the memories at a time: to merge each alone takes as long as to clean it."""


class WaitingRecord(NamedTuple):
    """A record that waits for the memory of its site."""

    source: str
    article: Article | None
    rejection: Rejection | None
    observed: ObservedPage | None

    @classmethod
    def of(cls, source: str, page: PageResult) -> Self:
        """The result of a page."""
        result = page.result
        if isinstance(result, Rejection):
            return cls(source, None, result, None)
        return cls(source, result, None, page.observed)

    def without_repeated(self, shared: Callable[[str], SharedLines]) -> PageResult:
        """The record without what its site repeats.

        Args:
            shared: what the pages of a site share.

        Raises:
            ValueError: for a value that holds no record.
        """
        if self.article is not None and self.observed is not None:
            return PageResult(result=without_repeated(self.article, self.observed, shared(self.observed.site)))
        result = self.article or self.rejection
        if result is None:
            raise ValueError(f"{self.source}: no record")
        return PageResult(result=result)


def with_memories(
    results: Iterable[tuple[str, PageResult]], memories: dict[str, SiteMemory]
) -> Iterator[tuple[str, PageResult]]:
    """Results of pages, without what their sites repeat; rejections at once, articles in order at the end.

    Args:
        results: of each page its source and what cleaning gave.
        memories: memory of each site; these pages are added to it before the first article is
            yielded. A site takes some 50 kB of main memory, at most 700 kB.
    """
    with TemporaryFile() as file:
        observed: list[ObservedPage] = []
        for source, page in results:
            if not isinstance(page.result, Article) or page.observed is None:
                yield source, page
                continue
            write_record(file, WaitingRecord.of(source, page))
            observed.append(page.observed)
            if len(observed) == BATCH:
                merge_observations(memories, observed)
                observed.clear()
        merge_observations(memories, observed)
        file.seek(0)
        yield from complete(read_records(file), memories)


def complete(records: Iterable[WaitingRecord], memories: Mapping[str, SiteMemory]) -> Iterator[tuple[str, PageResult]]:
    """Records that waited, each with its source, without what their sites repeat.

    Args:
        records: in the order in which they are given.
        memories: memory of each site, of all pages.
    """
    shared = lru_cache(maxsize=MAX_SITES)(lambda site: memories.get(site, SiteMemory()).shared_lines())
    for record in records:
        yield record.source, record.without_repeated(shared)


def merge_observations(memories: dict[str, SiteMemory], observed: list[ObservedPage]) -> None:
    """Add what some pages tell to the memories of their sites."""
    for site in {page.site for page in observed}:
        memory = memories.get(site, SiteMemory())
        memories[site] = memory.merge(SiteMemory.of(page.observation for page in observed if page.site == site))


def write_record(file: IO[bytes], waiting: WaitingRecord) -> None:
    """Write one record."""
    observed = waiting.observed
    bare = replace(observed, observation=replace(observed.observation, lines=())) if observed is not None else None
    data = msgspec.msgpack.encode(waiting._replace(observed=bare))
    file.write(LENGTH.pack(len(data)))
    file.write(data)


def read_records(file: IO[bytes]) -> Iterator[WaitingRecord]:
    """The records of a file, in order."""
    decoder = msgspec.msgpack.Decoder(WaitingRecord)
    while head := file.read(LENGTH.size):
        yield decoder.decode(file.read(*LENGTH.unpack(head)))
