"""WARC files for tests, written record by record (ISO 28500)."""

from __future__ import annotations

import gzip


def record(
    url: str,
    body: bytes,
    *,
    status: str = "200 OK",
    content_type: str = "text/html; charset=utf-8",
    extra: str = "",
    number: int = 0,
) -> bytes:
    """A response record."""
    http = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{extra}\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-11-01T10:00:{number:02}Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{number:08}-0000-4000-8000-000000000000>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def packed(*records: bytes) -> bytes:
    """Records as a ``.warc.gz`` holds them: a member each."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)
