"""Decodes the body of an archived HTTP message as its headers say, unless it was stored decoded.

Some crawlers write the decoded body and leave the headers as they were. A header that does not fit is passed over; a
body that begins as its header says and is cut is damaged.
"""

from __future__ import annotations

from collections.abc import Iterable

from crawler.files.decompression import CODINGS, GZIP, DamagedStreamError, decompress

MAX_LINE = 256
"""Bytes of the first line of a chunk: its size, and extensions that nobody uses."""

MAX_DIGITS = 8
HEX = frozenset(b"0123456789abcdefABCDEF")
BEFORE_MARKUP = b"\xef\xbb\xbf \t\r\n\f\v"
"""A byte order mark and white space."""


def decode_body(raw: bytes, transfer: str, codings: Iterable[str], most: int) -> bytes:
    """The body of a message.

    Args:
        raw: the body as it is stored.
        transfer: its Transfer-Encoding.
        codings: names of its content codings, in the order in which they were applied.
        most: maximum size of the decoded body, in bytes.

    Raises:
        DamagedStreamError: when it is cut or corrupt.
        StreamTooLargeError: when it has more than ``most`` bytes.
    """
    body = without_chunks(raw) if "chunked" in transfer.lower() and chunk_at(raw, 0) else raw
    for name in reversed(list(codings)):
        if name in CODINGS and not is_plain(body, name):
            body = decompress(body, name, most)
    return body


def is_plain(body: bytes, coding: str) -> bool:
    """True for a body that was decoded before it was stored."""
    return not body.startswith(GZIP) if coding in ("gzip", "x-gzip") else body.lstrip(BEFORE_MARKUP).startswith(b"<")


def without_chunks(raw: bytes) -> bytes:
    """The data of a chunked body.

    Raises:
        DamagedStreamError: when its last chunk is missing.
    """
    parts: list[bytes] = []
    place = 0
    while (chunk := chunk_at(raw, place)) is not None:
        size, start = chunk
        if not size:
            return b"".join(parts)
        part = raw[start : start + size]
        if len(part) < size:
            break
        parts.append(part)
        place = start + size + len(b"\r\n")
    raise DamagedStreamError("the last chunk is missing")


def chunk_at(raw: bytes, place: int) -> tuple[int, int] | None:
    """The chunk at a place (RFC 9112, 7.1): its size, and where its data begins; None where there is none."""
    end = raw.find(b"\r\n", place, place + MAX_LINE)
    digits = raw[place:end].partition(b";")[0].strip() if end >= 0 else b""
    is_size = 0 < len(digits) <= MAX_DIGITS and HEX.issuperset(digits)
    return (int(digits, 16), end + 2) if is_size else None
