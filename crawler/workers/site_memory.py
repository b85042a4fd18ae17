"""Cleans many pages with what all of them tell of their sites: each page is cleaned once, its article waits on disk."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from tempfile import TemporaryFile
from typing import IO, NamedTuple

import msgspec

from cleaners.observation import ObservedPage
from cleaners.site.memory import SiteMemory
from cleaners.site.repeated import without_repeated
from cleaners.types import Article, PageResult

LENGTH = struct.Struct("<I")

BATCH = 256
"""Pages of all sites that are merged into the memories at a time: to merge each alone takes as long as to clean it."""


MAX_SITES = 500
"""Sites whose shared lines are at hand, of some 20 kB each: the pages of an archive are of many sites in turn."""


class Waiting(NamedTuple):
    """An article that waits for the memory of its site."""

    source: str
    article: Article
    observed: ObservedPage


def with_memories(
    results: Iterable[tuple[str, PageResult]], memories: dict[str, SiteMemory]
) -> Iterator[tuple[str, PageResult]]:
    """Results of pages, without what their sites repeat; rejections at once, articles in order at the end.

    Args:
        results: of each page its source and what cleaning gave.
        memories: what is known of each site; it holds what these pages tell of it, too, once the first article is
            yielded. A site takes some 50 kB of main memory, at most 700 kB.
    """
    with TemporaryFile() as file:
        observed: list[ObservedPage] = []
        for source, found in results:
            if not isinstance(found.result, Article) or found.observed is None:
                yield source, found
                continue
            _put(file, Waiting(source, found.result, found.observed))
            observed.append(found.observed)
            if len(observed) == BATCH:
                _learn(memories, observed)
                observed.clear()
        _learn(memories, observed)
        file.seek(0)
        shared = lru_cache(maxsize=MAX_SITES)(lambda site: memories[site].shared_lines())
        for one in _all(file):
            article = without_repeated(one.article, one.observed, shared(one.observed.site))
            yield one.source, PageResult(result=article)


def _learn(memories: dict[str, SiteMemory], observed: list[ObservedPage]) -> None:
    for site in {one.site for one in observed}:
        known = memories.get(site, SiteMemory())
        memories[site] = known.merge(SiteMemory.of(one.observation for one in observed if one.site == site))


def _put(file: IO[bytes], waiting: Waiting) -> None:
    line = replace(waiting.observed, observation=replace(waiting.observed.observation, lines=()))
    data = msgspec.msgpack.encode(waiting._replace(observed=line))
    file.write(LENGTH.pack(len(data)))
    file.write(data)


def _all(file: IO[bytes]) -> Iterator[Waiting]:
    decoder = msgspec.msgpack.Decoder(Waiting)
    while head := file.read(LENGTH.size):
        yield decoder.decode(file.read(*LENGTH.unpack(head)))
