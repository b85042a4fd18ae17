"""WARC files as pages: each HTML response with status 200, read one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from cleaners.options import DEFAULT
from cleaners.types import Page, Reason, Rejection, Stage
from cleaners.urls.resolve import resolve_url

ENDINGS = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")
"""File name endings of WARC files (ISO 28500, annex C; the others are common practice)."""

HTML = ("text/html", "application/xhtml+xml")
"""Media types of records that are pages; a record without a media type is read as a page, too."""

MAX_RECORD_BYTES = 4 * DEFAULT.max_bytes
"""Bytes of a record up to which it is checked that all of it is there; pages of a larger one are too large anyway."""


def pages(path: Path) -> Iterator[Page | Rejection]:
    """The pages of a WARC file, in file order; other records are skipped.

    A record that cannot be read becomes a rejection of stage ``read``; so does the rest of a file that is cut or
    damaged, and a file without records.
    """
    last: _Read | None = None
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=True, auto_decode="all"):
                if last is not None and last.page is not None:
                    yield last.page
                is_page = record.record_type == WarcRecordType.response and _is_page(record)
                is_record = "WARC-Type" in record.headers or (last is not None and last.is_record)
                last = _Read(
                    place=record.stream_pos,
                    name=f"{path}#{record.record_id}",
                    is_record=is_record,
                    page=_page(record, path) if is_page else None,
                )
    except (OSError, ValueError) as error:
        if last is not None and last.page is not None:
            yield last.page
        yield _unreadable(path.absolute().as_uri(), f"{path}: cut or damaged: {error}")
        return
    if last is None or not last.is_record:
        yield _unreadable(path.absolute().as_uri(), f"{path}: cut or damaged: it holds no WARC record")
    elif _is_cut(path, last.place):
        yield _unreadable(path.absolute().as_uri(), f"{last.name}: cut or damaged")
    elif last.page is not None:
        yield last.page


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """The last record that was read: it may be cut, where the file is."""

    place: int
    """Where it begins: bytes from the start of the file."""
    name: str
    is_record: bool
    """True where this record or one before it has a WARC-Type."""
    page: Page | Rejection | None
    """What it holds; None where it is no page."""


def _is_cut(path: Path, place: int) -> bool:
    """True for a record with fewer bytes than its Content-Length; False where it is too large to be a page."""
    try:
        with path.open("rb") as file:
            file.seek(place)
            record = next(iter(ArchiveIterator(file, parse_http=False)))
            declared = int(record.content_length)
            if declared > MAX_RECORD_BYTES:
                return False
            record.freeze()
            return bool(record.content_length < declared)
    except (OSError, ValueError, StopIteration):  # packed as a whole: the place is none in the file
        return False


def _is_page(record: WarcRecord) -> bool:
    headers = record.http_headers
    if headers is None or headers.status_code != 200 or not _target_uri(record).startswith("http"):
        return False
    media_type = (headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    return media_type in HTML or not media_type


def _target_uri(record: WarcRecord) -> str:
    return str(record.headers.get("WARC-Target-URI") or "").strip("<>")


def _page(record: WarcRecord, path: Path) -> Page | Rejection:
    target = _target_uri(record)
    source = f"{path}#{record.record_id}"
    url = resolve_url("", target)
    if url is None:
        return _unreadable(path.absolute().as_uri(), f"{source}: WARC-Target-URI is no http URL: {target!r}")
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
    return Rejection(url=url, stage=Stage.READ, reason=Reason.UNREADABLE, detail=detail, fetched_at=None)
