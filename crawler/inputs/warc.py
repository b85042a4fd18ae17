"""WARC files as pages: each HTML page that a server gave with status 200, read one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from cleaners.options import DEFAULT
from cleaners.types import Page, Rejection
from cleaners.urls.resolve import resolve_url

ENDINGS = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")
"""What WARC files are called (ISO 28500, annex C; the others are common practice)."""

HTML = ("text/html", "application/xhtml+xml")
"""Media types of records that are pages; a record without one may be a page too."""


def pages(path: Path) -> Iterator[Page | Rejection]:
    """The pages of an archive, in its order; other records are passed over.

    A record that cannot be read is a rejection of stage ``read``; so is the rest of an archive that is cut or damaged, and a file
    that holds no record.
    """
    is_any = False
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=True, auto_decode="all"):
                is_any = is_any or "WARC-Type" in record.headers
                if record.record_type == WarcRecordType.response and _is_page(record):
                    yield _page(record, path)
    except (OSError, ValueError) as error:
        yield _unreadable(path.absolute().as_uri(), f"{path}: cut or damaged: {error}")
        return
    if not is_any:
        yield _unreadable(path.absolute().as_uri(), f"{path}: cut or damaged: it holds no WARC record")


def _is_page(record: WarcRecord) -> bool:
    headers = record.http_headers
    if headers is None or headers.status_code != 200 or not _address(record).startswith("http"):
        return False
    media_type = (headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    return media_type in HTML or not media_type


def _address(record: WarcRecord) -> str:
    return str(record.headers.get("WARC-Target-URI") or "").strip("<>")


def _page(record: WarcRecord, path: Path) -> Page | Rejection:
    address = _address(record)
    source = f"{path}#{record.record_id}"
    url = resolve_url("", address)
    if url is None:
        return _unreadable(path.absolute().as_uri(), f"{source}: WARC-Target-URI is no http address: {address!r}")
    try:
        body = record.reader.read(DEFAULT.max_bytes + 1)
    except OSError as error:
        return _unreadable(url, f"{source}: {error}")
    return Page(
        url=url,
        body=body,
        content_type=record.http_headers.get("Content-Type"),
        fetched_at=record.record_date,
        source=source,
    )


def _unreadable(url: str, detail: str) -> Rejection:
    return Rejection(url=url, stage="read", reason="unreadable", detail=detail, fetched_at=None)
