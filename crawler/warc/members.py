"""The gzip members of a WARC file: each record is one, so that a file can be mended or read on where one is damaged."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import IO

from crawler.warc.shards import READ_ERRORS, Shard

CHUNK = 1 << 20

GZIP = zlib.MAX_WBITS | 16
"""The window of a whole gzip member, with its header and checksum."""


def ends(file: IO[bytes]) -> Iterator[int]:
    """Where each gzip member ends, from the place of a file on, up to the first that is not whole."""
    done, rest, unpacker = file.tell(), b"", zlib.decompressobj(GZIP)
    while part := rest or file.read(CHUNK):
        try:
            unpacker.decompress(part, CHUNK)  # never more than that in memory
        except zlib.error:
            return
        rest = unpacker.unconsumed_tail or unpacker.unused_data
        done += len(part) - len(rest)
        if unpacker.eof:
            yield done
            unpacker = zlib.decompressobj(GZIP)


def next_member(shard: Shard, place: int) -> int | None:
    """Where the gzip member begins that follows the one at a place.

    None where no member begins at the place, as in a file that is not packed by records; where the member is damaged:
    what looks like the next one may be a part of a page; and where it is the last one.
    """
    try:
        with shard.open() as file:
            file.seek(place)
            end = next(ends(file), None)
            if end is not None:
                file.seek(end)
                return end if file.read(1) else None
    except READ_ERRORS:
        return None
    return None
