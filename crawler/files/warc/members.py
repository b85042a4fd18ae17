"""The gzip members of a WARC file. Each record is one: a file can be repaired, or read past a damaged record."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, NamedTuple

from crawler.files.location import READ_ERRORS, Location

CHUNK = 1 << 20

MAGIC = b"\x1f\x8b\x08"
"""The first bytes of a gzip member (RFC 1952)."""
RECORD = b"WARC/1."
"""The first bytes of a record."""
FIRST_LINES = re.compile(rb"WARC/1\.[01]\r\n[A-Za-z-]{1,40}: ")
"""The first line of a record, and the name of its first field."""
MOST_FIRST_BYTES = 60
"""Most bytes that ``FIRST_LINES`` matches."""
HEAD_BYTES = 4_000
"""Bytes of a gzip member in which the first bytes of its content are."""

GZIP = zlib.MAX_WBITS | 16
"""The window of a whole gzip member, with its header and checksum."""


def ends(file: IO[bytes]) -> Iterator[int]:
    """The end offset of each gzip member, from the position of a file up to the first incomplete member."""
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


class NextRecord(NamedTuple):
    """The next record that can be read."""

    place: int
    is_next: bool
    """True where it follows directly; False where bytes between the two records cannot be read."""


def next_record(shard: Location, place: int, length: int, *, is_known: bool = True) -> NextRecord | None:
    """The start of the next readable record after the one at an offset.

    In a file with one gzip member per record, this is the end of the member, or, if the member is damaged, the next
    member that starts with a record; in an uncompressed file, the next first line of a record. None where none follows,
    and in a file that is compressed as a whole.

    Args:
        shard: the file.
        place: where a record begins.
        length: bytes of its block, as it says.
        is_known: False where no record has been read yet: the file may not be a WARC file.
    """
    try:
        with shard.open() as file:
            is_packed = file.read(len(MAGIC)) == MAGIC
            file.seek(place)
            if is_packed and is_known and (end := next(ends(file), None)) is not None:
                file.seek(end)
                return NextRecord(end, is_next=True) if file.read(1) else None
            start = next(_members(file, place + 1) if is_packed else _first_lines(file, place + 1), None)
            if start is None:
                return None
            return NextRecord(start, is_next=not is_packed and start <= _end(file, place, length))
    except READ_ERRORS:
        return None


def _end(file: IO[bytes], place: int, length: int) -> int:
    """Where the record at a place of a plain file ends: after its head, its block, and two empty lines."""
    file.seek(place)
    return place + file.read(HEAD_BYTES).find(b"\r\n\r\n") + 4 + length + 4


def holds_another(shard: Location, place: int, length: int) -> bool:
    """True where another record of an uncompressed file begins within ``length`` bytes: this one is cut off."""
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
    for place in _places(file, start, RECORD):
        file.seek(place)
        if FIRST_LINES.match(file.read(MOST_FIRST_BYTES)):
            yield place


def _members(file: IO[bytes], start: int) -> Iterator[int]:
    """The offsets of gzip members that start with a record, from ``start`` on."""
    for place in _places(file, start, MAGIC):
        file.seek(place)
        with suppress(zlib.error):
            if zlib.decompressobj(GZIP).decompress(file.read(HEAD_BYTES), len(RECORD)) == RECORD:
                yield place


def _places(file: IO[bytes], start: int, wanted: bytes) -> Iterator[int]:
    """The offsets of ``wanted`` in a file, from ``start`` on."""
    place, tail = start, b""
    file.seek(start)
    while part := file.read(CHUNK):
        data, onward = tail + part, 0
        while (index := data.find(wanted, onward)) >= 0:
            yield place - len(tail) + index
            onward = index + 1
        place += len(part)
        tail = data[-len(wanted) + 1 :]
        file.seek(place)
