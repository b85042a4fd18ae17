"""Decoding of content codings within a limit, completely or not at all (RFC 9110, 8.4; RFC 9659).

Scrapy's own functions return the readable part of a truncated stream: half an article would pass for a whole one.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK = 65_536
"""Bytes decompressed at a time: a decompression bomb exceeds its limit by no more than that."""

MAX_WINDOW_LOG = 23
"""Log2 of the bytes a Zstandard stream may look back: 8 MB (RFC 9659, 3)."""

GZIP = b"\x1f\x8b"
ZSTD = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")
"""First bytes of a frame, and of a skippable frame (RFC 8878, 3.1)."""
MAX_MAGIC_BYTES = 4

MAX_STREAMS = 10_000
"""Most gzip members or Zstandard frames of one stream; block-wise gzip of the largest sitemap has 3,000."""

MAX_TRAILING_BYTES = 512
"""Most bytes after the end of a Brotli stream that are ignored."""


class DamagedStreamError(OSError):
    """A stream that is truncated or corrupt. Scrapy retries after an ``OSError``."""


class StreamTooLargeError(ValueError):
    """A stream that decompresses to more than its limit."""


def decompress(data: bytes, coding: str, most: int) -> bytes:
    """The decompressed bytes of a stream.

    Args:
        data: the stream; bytes after its end are ignored, as browsers do.
        coding: one of ``CODINGS``.
        most: most bytes it may decompress to.

    Raises:
        DamagedStreamError: when it is truncated or corrupt.
        StreamTooLargeError: as soon as it decompresses to more than ``most`` bytes.
    """
    chunks, size = [], 0
    try:
        for chunk in CODINGS[coding](data):
            size += len(chunk)
            if size > most:
                raise StreamTooLargeError(f"{len(data)} bytes of {coding} unpack to more than {most}")
            chunks.append(chunk)
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        raise DamagedStreamError(f"damaged {coding}: {error}") from error
    return b"".join(chunks)


def _gzip(data: bytes) -> Iterator[bytes]:
    """Members of a gzip stream, one after the other (RFC 1952)."""
    yield from _members(data, lambda: zlib.decompressobj(wbits=31), lambda rest: rest.startswith(GZIP))


def _deflate(data: bytes) -> Iterator[bytes]:
    """Deflate in the zlib format as the standard requires, or raw as some servers send it."""
    is_wrapped = len(data) > 1 and data[0] & 0x0F == zlib.DEFLATED and (data[0] << 8 | data[1]) % 31 == 0
    wbits = 15 if is_wrapped else -15
    yield from _members(data, lambda: zlib.decompressobj(wbits=wbits), lambda _: False)


def _zstd(data: bytes) -> Iterator[bytes]:
    """Frames of Zstandard, one after the other (RFC 8878)."""
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: MAX_WINDOW_LOG}
    yield from _members(data, lambda: zstd.ZstdDecompressor(options=options), lambda rest: ZSTD.match(rest) is not None)


def _members(data: bytes, begin: Callable[[], Any], is_another: Callable[[bytes], bool]) -> Iterator[bytes]:
    """The decompressed members of a stream, in order. Linear: at most a chunk is copied for each chunk or member."""
    view, position = memoryview(data), 0
    for _ in range(MAX_STREAMS):
        member = begin()
        while not member.eof:
            piece = view[position : position + CHUNK]
            position += len(piece)
            if not piece and (chunk := member.decompress(b"", CHUNK)):
                yield chunk
                continue
            if not piece:
                raise EOFError("it ends too early")
            yield from _decompress_piece(member, piece)
        position -= len(member.unused_data)
        if not is_another(bytes(view[position : position + MAX_MAGIC_BYTES])):
            return
    raise StreamTooLargeError(f"{len(data)} bytes are more than {MAX_STREAMS} streams")


def _decompress_piece(member: Any, piece: memoryview | bytes) -> Iterator[bytes]:
    """The decompressed chunks of one piece of input.

    zlib returns the input that it did not read as ``unconsumed_tail``; Zstandard keeps it.
    """
    while True:
        chunk = member.decompress(piece, CHUNK)
        yield chunk
        if member.eof:
            return
        piece = getattr(member, "unconsumed_tail", b"")
        if not piece and (not chunk or getattr(member, "needs_input", True)):
            return


def _brotli(data: bytes) -> Iterator[bytes]:
    """Brotli (RFC 7932), whose window is 16 MB at most.

    Its decoder fails at bytes after the end of a stream, so the last bytes are passed to it one by one.
    """
    stream = brotli.Decompressor()
    close = max(0, len(data) - MAX_TRAILING_BYTES)
    pieces = chain((data[:close],), (data[place : place + 1] for place in range(close, len(data))))
    for piece in pieces:
        chunk = stream.process(piece, output_buffer_limit=CHUNK)
        while chunk:
            yield chunk
            chunk = stream.process(b"", output_buffer_limit=CHUNK)
        if stream.is_finished():
            return
    raise EOFError("it ends too early")


CODINGS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
"""Content codings by their registered names (IANA)."""
