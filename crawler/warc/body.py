"""The body of an HTTP message of an archive: decoded as its headers say, where it still is as they say.

Some crawlers write the decoded body and leave the headers as they were. A header that does not fit is passed over; a
body that begins as its header says and is cut is damaged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.util.decompression import CODINGS, GZIP, DamagedStreamError, decompress

CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
"""The first line of a chunk (RFC 9112, 7.1): its size, and extensions."""

MARKUP = re.compile(rb"[\s\xef\xbb\xbf]*<")


def decoded(raw: bytes, transfer: str, codings: Iterable[str], most: int) -> bytes:
    """The body of a message.

    Args:
        raw: the body as it is stored.
        transfer: its Transfer-Encoding.
        codings: names of its content codings, in the order in which they were applied.
        most: most bytes that it may have.

    Raises:
        DamagedStreamError: when it is cut or corrupt.
        StreamTooLargeError: when it has more than ``most`` bytes.
    """
    body = without_chunks(raw) if "chunked" in transfer.lower() and CHUNK_LINE.match(raw) else raw
    for name in reversed(list(codings)):
        if name in CODINGS and not is_plain(body, name):
            body = decompress(body, name, most)
    return body


def is_plain(body: bytes, coding: str) -> bool:
    """True for a body that was decoded before it was stored."""
    return not body.startswith(GZIP) if coding in ("gzip", "x-gzip") else bool(MARKUP.match(body))


def without_chunks(raw: bytes) -> bytes:
    """The data of a chunked body.

    Raises:
        DamagedStreamError: when its last chunk is missing.
    """
    parts: list[bytes] = []
    place = 0
    while line := CHUNK_LINE.match(raw, place):
        size = int(line[1], 16)
        if not size:
            return b"".join(parts)
        part = raw[line.end() : line.end() + size]
        if len(part) < size:
            break
        parts.append(part)
        place = line.end() + size + len(b"\r\n")
    raise DamagedStreamError("the last chunk is missing")
