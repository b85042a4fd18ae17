"""The gzip members of a WARC file: each record is one, so that a file can be mended or read on where one is damaged."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, NamedTuple

from crawler.warc.shards import READ_ERRORS, Shard

CHUNK = 1 << 20

MAGIC = b"\x1f\x8b\x08"
"""The first bytes of a gzip member (RFC 1952)."""
RECORD = b"WARC/1."
"""The first bytes of a record."""
FIRST_LINES = re.compile(rb"WARC/1\.[01]\r\n[A-Za-z-]{1,40}: ")
"""The first line of a record, and the name of its first field."""
MOST_FIRST_BYTES = 60
"""Bytes that those take at most."""
HEAD_BYTES = 4_000
"""Bytes of a gzip member in which the first bytes of its content are."""

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


class Onward(NamedTuple):
    """Where reading goes on."""

    place: int
    is_next: bool
    """True where it is the end of what was read last; False where something between cannot be read."""


def next_record(shard: Shard, place: int, length: int, *, is_known: bool = True) -> Onward | None:
    """Where the next record begins that can be read, after the one at a place.

    In a file that is packed by records that is the end of the gzip member, or where that is damaged the next member
    that holds the beginning of a record; in a plain file the next first line of a record. None where there is none, and
    in a file that is packed as a whole.

    Args:
        shard: the file.
        place: where a record begins.
        length: bytes of its block, as it says.
        is_known: False where no record was read so far: the file may be one of something else.
    """
    try:
        with shard.open() as file:
            is_packed = file.read(len(MAGIC)) == MAGIC
            file.seek(place)
            if is_packed and is_known and (end := next(ends(file), None)) is not None:
                file.seek(end)
                return Onward(end, is_next=True) if file.read(1) else None
            found = next(_members(file, place + 1) if is_packed else _first_lines(file, place + 1), None)
            if found is None:
                return None
            return Onward(found, is_next=not is_packed and found <= _end(file, place, length))
    except READ_ERRORS:
        return None


def _end(file: IO[bytes], place: int, length: int) -> int:
    """Where the record at a place of a plain file ends: after its head, its block, and two empty lines."""
    file.seek(place)
    return place + file.read(HEAD_BYTES).find(b"\r\n\r\n") + 4 + length + 4


def holds_another(shard: Shard, place: int, length: int) -> bool:
    """True where another record of a plain file begins within some bytes: the one at their place is cut."""
    try:
        with shard.open() as file:
            if file.read(len(MAGIC)) == MAGIC:
                return False
            onward = next(_first_lines(file, place + 1), None)
            return onward is not None and onward < place + length
    except READ_ERRORS:
        return False


def _first_lines(file: IO[bytes], start: int) -> Iterator[int]:
    """Where first lines of records stand, from a place on."""
    for found in _places(file, start, RECORD):
        file.seek(found)
        if FIRST_LINES.match(file.read(MOST_FIRST_BYTES)):
            yield found


def _members(file: IO[bytes], start: int) -> Iterator[int]:
    """Where gzip members begin that hold the beginning of a record, from a place on."""
    for found in _places(file, start, MAGIC):
        file.seek(found)
        with suppress(zlib.error):
            if zlib.decompressobj(GZIP).decompress(file.read(HEAD_BYTES), len(RECORD)) == RECORD:
                yield found


def _places(file: IO[bytes], start: int, wanted: bytes) -> Iterator[int]:
    """Where some bytes stand in a file, from a place on."""
    place, kept = start, b""
    file.seek(start)
    while part := file.read(CHUNK):
        data, onward = kept + part, 0
        while (found := data.find(wanted, onward)) >= 0:
            yield place - len(kept) + found
            onward = found + 1
        place += len(part)
        kept = data[-len(wanted) + 1 :]
        file.seek(place)
