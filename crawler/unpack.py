"""Content codings undone within a bound, and whole or not at all (RFC 9110, 8.4; RFC 9659).

Scrapy's own functions give what they can read of a stream that was cut; half an article would be taken for a whole one.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK = 65_536
"""Bytes unpacked at a time: what a bomb may give beyond its bound."""

LONGEST_WINDOW = 23
"""Log2 of the bytes a Zstandard stream may look back: 8 MB (RFC 9659, 3)."""

GZIP = b"\x1f\x8b"


class DamagedError(OSError):
    """A stream that is cut or corrupt. Scrapy tries again after an ``OSError``."""


class LargeError(ValueError):
    """A stream that unpacks to more than its bound."""


def unpacked(data: bytes, coding: str, most: int) -> bytes:
    """The bytes of a stream.

    Args:
        data: the stream; what follows its end is left out, as browsers do.
        coding: one of ``CODINGS``.
        most: most bytes it may unpack to.

    Raises:
        DamagedError: when it is cut or corrupt.
        LargeError: as soon as it gives more than ``most`` bytes.
    """
    found, size = [], 0
    try:
        for chunk in CODINGS[coding](data):
            size += len(chunk)
            if size > most:
                raise LargeError(f"{len(data)} bytes of {coding} unpack to more than {most}")
            found.append(chunk)
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        raise DamagedError(f"damaged {coding}: {error}") from error
    return b"".join(found)


def _gzip(data: bytes) -> Iterator[bytes]:
    """Members of a gzip stream, one after the other (RFC 1952)."""
    while True:
        member = zlib.decompressobj(wbits=31)
        yield from _zlib_chunks(member, data)
        data = member.unused_data
        if not data.startswith(GZIP):
            return


def _deflate(data: bytes) -> Iterator[bytes]:
    """Deflate in zlib's wrapping as the standard has it, or bare as some servers send it."""
    is_wrapped = len(data) > 1 and data[0] & 0x0F == zlib.DEFLATED and (data[0] << 8 | data[1]) % 31 == 0
    yield from _zlib_chunks(zlib.decompressobj(wbits=15 if is_wrapped else -15), data)


def _zlib_chunks(stream: Any, data: bytes) -> Iterator[bytes]:
    while not stream.eof:
        chunk = stream.decompress(data, CHUNK)
        data = stream.unconsumed_tail
        if not chunk and not data and not stream.eof:
            raise EOFError("it ends too early")
        yield chunk


def _brotli(data: bytes) -> Iterator[bytes]:
    """Brotli (RFC 7932), whose window is 16 MB at most."""
    stream = brotli.Decompressor()
    yield stream.process(data, output_buffer_limit=CHUNK)
    while not stream.is_finished():
        chunk = stream.process(b"", output_buffer_limit=CHUNK)
        if not chunk and not stream.is_finished():
            raise EOFError("it ends too early")
        yield chunk


def _zstd(data: bytes) -> Iterator[bytes]:
    """Frames of Zstandard, one after the other (RFC 8878)."""
    while data:
        frame = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: LONGEST_WINDOW})
        while not frame.eof:
            chunk = frame.decompress(data, CHUNK)
            data = b""
            if not chunk and frame.needs_input:
                raise EOFError("it ends too early")
            yield chunk
        data = frame.unused_data


CODINGS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
"""Content codings by their registered names (IANA)."""
