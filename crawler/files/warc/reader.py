"""The records of a WARC file, read one at a time: pages, and of every other response why it is no page.

Reads what other crawlers write, too: wget, browsertrix, Heritrix, Common Crawl.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from cleaners.options import DEFAULT
from cleaners.types import Page, Reason, Rejection, Stage
from cleaners.urls.resolve import resolve_url
from crawler.files.decompression import DamagedStreamError, StreamTooLargeError
from crawler.files.location import READ_ERRORS, Location
from crawler.files.warc.body import decode_body
from crawler.files.warc.captures import url_of
from crawler.files.warc.members import CHUNK, holds_another, next_record
from crawler.files.warc.records import JSON, KIND, WARC_FIELDS, payload_digest, read_fields
from crawler.reasons import ArchiveReason, http_reason

HTML = ("text/html", "application/xhtml+xml")
"""Media types of records that are pages; a record without a media type is read as a page, too."""

MAX_KNOWLEDGE_BYTES = 4_000_000
"""Most bytes that are read of a warcinfo or metadata record: the memory of a site has at most 700 kB."""

OWN_SOFTWARE_PREFIX = "copydesk/"
"""Prefix of the ``software`` field of files that a Copydesk crawl wrote."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A response that is no page."""

    reason: str
    """``http_404``, ``media_type``, ``no_http`` or ``unknown_record``."""
    url: str
    source: str
    """File and record."""


@dataclass(frozen=True, slots=True)
class Revisit:
    """A response that has the content of an earlier one."""

    url: str
    source: str
    """File and record."""
    since: str
    """WARC-Date of the earlier one; empty where it is not said."""
    is_known: bool
    """True where the file has the earlier one."""


@dataclass(frozen=True, slots=True)
class CrawlMetadata:
    """An outcome of the crawl that wrote the file, or its memory of a site."""

    kind: str
    """``story`` or ``memory`` (:mod:`crawler.archive.page_outcome`)."""
    url: str
    block: bytes
    """JSON."""


@dataclass(frozen=True, slots=True)
class DiscoveryInfo:
    """How the URL of a response was found."""

    source: str
    """File and record of the response."""
    role: str
    """Role of the URL in a Copydesk crawl; empty where the response is not a page of that crawl."""


@dataclass(frozen=True, slots=True)
class ReadWarning:
    """Something that is wrong with the next entry, which is read nevertheless."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class FileStart:
    """The start of a file."""

    is_own: bool
    """True where a crawl of Copydesk wrote it."""


Entry = Page | Rejection | Skipped | Revisit | CrawlMetadata | DiscoveryInfo | ReadWarning | FileStart


def pages(shard: Location) -> Iterator[Page | Rejection]:
    """The pages of a WARC file, in file order, and what cannot be read; other records are skipped."""
    for entry in entries(shard):
        if isinstance(entry, Page | Rejection):
            yield entry
        elif isinstance(entry, Revisit) and not entry.is_known:
            yield without_original(entry)


def entries(shard: Location) -> Iterator[Entry]:
    """The entries of a WARC file, in file order.

    A record that cannot be read becomes a rejection of stage ``read``; so does the rest of a file that is cut off,
    damaged or removed while it is read, and a file without records. Reading continues at the next readable record,
    also in files with one gzip member per record.
    """
    yield FileStart(is_own=False)
    reader, start = _Reader(shard), 0
    while True:
        last, damage = yield from _from(shard, reader, start)
        if damage is None:
            return
        place, length = (start, 0) if last is None else (last.place, last.length)
        onward = next_record(shard, place, length, is_known=last is not None or bool(start))
        if onward is None:
            yield unreadable(shard, damage.detail)
        elif last is not None and onward.is_next and not damage.is_lost:
            yield ReadWarning(Reason.DAMAGED, f"{damage.detail}; read on at byte {onward.place}")
        else:
            yield unreadable(shard, f"{damage.detail}; read on at byte {onward.place}, after byte {place}")
        if onward is None:
            return
        start = onward.place


def _from(
    shard: Location, reader: _Reader, start: int
) -> Generator[Entry, None, tuple[_ReadRecord | None, _Damage | None]]:
    """The entries of a file from a place on; returns the last record, and what ended the reading before its end."""
    last: _ReadRecord | None = None
    damage: _Damage | None = None
    try:
        with shard.open() as file:
            if start:
                file.seek(start)
            for record in ArchiveIterator(file, parse_http=False):
                if last is not None:
                    yield from last.entries
                is_record = "WARC-Type" in record.headers or (last is not None and last.is_record)
                last = _ReadRecord(
                    place=record.stream_pos,
                    length=int(record.content_length),
                    name=f"{shard.name}#{record.record_id}",
                    is_record=is_record,
                    entries=reader.read(record),
                )
    except READ_ERRORS as error:
        damage = _Damage(f"{shard.name}: cut or damaged: {error}")
        if last is not None and holds_another(shard, last.place, last.length):
            damage = _Damage(f"{last.name}: cut or damaged: {error}", is_lost=True)
    else:
        if last is None or not last.is_record:
            return None, _Damage(f"{shard.name}: cut or damaged: it holds no WARC record")
        if _is_cut(shard, last.place):
            damage = _Damage(f"{last.name}: cut or damaged", is_lost=True)
    if last is not None and (damage is None or not damage.is_lost):
        yield from last.entries
    return last, damage


def without_original(entry: Revisit) -> Rejection:
    """The rejection of a response whose content is in another file."""
    detail = (
        f"{entry.source}: unchanged since {entry.since or 'an earlier time'}, and this file does not have that response"
    )
    return _rejection(entry.url, Reason.NO_ORIGINAL, detail)


def unreadable(shard: Location, detail: str) -> Rejection:
    """The rejection of a file, or of the rest of it, that cannot be read."""
    return _rejection(shard.uri, Reason.UNREADABLE, detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReadRecord:
    """The last record that was read: it may be cut, where the file is."""

    place: int
    """Where it begins: bytes from the start of the file."""
    length: int
    """Bytes of its block, as it says."""
    name: str
    is_record: bool
    """True where this record or one before it has a WARC-Type."""
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Damage:
    """Why reading ended before the end of a file."""

    detail: str
    is_lost: bool = False
    """True where the last record itself cannot be read."""


class _Reader:
    """Makes entries of records."""

    def __init__(self, shard: Location) -> None:
        self._shard = shard
        self._marks: set[bytes] = set()
        """Hashes of the URLs and times of the responses read so far; revisits refer to them."""

    def read(self, record: WarcRecord) -> tuple[Entry, ...]:
        source = f"{self._shard.name}#{record.record_id}"
        match record.record_type:
            case WarcRecordType.warcinfo:
                software = read_fields(record.reader.read(MAX_KNOWLEDGE_BYTES)).get("software", "")
                return (FileStart(software.startswith(OWN_SOFTWARE_PREFIX)),)
            case WarcRecordType.response:
                self._marks.add(_response_hash(url_of(record), str(record.headers.get("WARC-Date"))))
                return tuple(self._response(record, source))
            case WarcRecordType.revisit:
                return (self._revisit(record, source),)
            case WarcRecordType.conversion:
                return tuple(self._conversion(record, source))
            case WarcRecordType.metadata:
                return tuple(self._metadata(record))
            case WarcRecordType.unknown | WarcRecordType.no_type:  # a damaged head: the type is not known
                return (Skipped(ArchiveReason.UNKNOWN_RECORD, url_of(record), source),)
        return ()

    def _response(self, record: WarcRecord, source: str) -> Iterator[Entry]:
        target = url_of(record)
        if not str(record.headers.get("Content-Type") or "").startswith("application/http"):
            yield Skipped(ArchiveReason.NO_HTTP, target, source)
            return
        declared = str(record.headers.get("WARC-Payload-Digest") or "")
        record.parse_http(auto_decode="none")
        http = record.http_headers
        if http is None or not http.status_code or not target.startswith("http"):
            yield Skipped(ArchiveReason.NO_HTTP, target, source)
            return
        media_type = (http.get("Content-Type") or "").partition(";")[0].strip().lower()
        if http.status_code != 200:
            yield Skipped(http_reason(http.status_code), target, source)
        elif media_type and media_type not in HTML:
            yield Skipped(ArchiveReason.MEDIA_TYPE, target, source)
        elif (url := resolve_url("", target)) is None or not target.isprintable():
            yield _rejection(
                self._shard.uri, Reason.UNREADABLE, f"{source}: WARC-Target-URI is no http URL: {target!r}"
            )
        else:
            raw = record.reader.read(DEFAULT.max_bytes + 1)
            page = _page(url, record, raw, source)
            if declared and isinstance(page, Page) and not _is_digest(declared, raw, page.body):
                yield ReadWarning(ArchiveReason.WRONG_DIGEST, f"{source}: WARC-Payload-Digest is that of other bytes")
            yield page

    def _revisit(self, record: WarcRecord, source: str) -> Revisit:
        url = url_of(record)
        original = str(record.headers.get("WARC-Refers-To-Target-URI") or url).strip("<>")
        at = str(record.headers.get("WARC-Refers-To-Date") or "")
        return Revisit(resolve_url("", url) or self._shard.uri, source, at, _response_hash(original, at) in self._marks)

    def _conversion(self, record: WarcRecord, source: str) -> Iterator[Entry]:
        content_type = str(record.headers.get("Content-Type") or "")
        url = resolve_url("", url_of(record))
        if url is not None and content_type.partition(";")[0].strip().lower() in HTML:
            body = record.reader.read(DEFAULT.max_bytes + 1)
            yield Page(url=url, body=body, content_type=content_type, fetched_at=record.record_date, source=source)

    def _metadata(self, record: WarcRecord) -> Iterator[Entry]:
        media_type, _, kind = str(record.headers.get("Content-Type") or "").partition(f"; {KIND}=")
        if media_type == JSON and kind:
            yield CrawlMetadata(kind, url_of(record), record.reader.read(MAX_KNOWLEDGE_BYTES))
        elif media_type == WARC_FIELDS and (response := record.headers.get("WARC-Concurrent-To")):
            yield DiscoveryInfo(
                f"{self._shard.name}#{response}", read_fields(record.reader.read(MAX_KNOWLEDGE_BYTES)).get("role", "")
            )


def _page(url: str, record: WarcRecord, raw: bytes, source: str) -> Page | Rejection:
    http = record.http_headers
    names = [name.strip().lower() for name in (http.get("Content-Encoding") or "").split(",")]
    try:
        body = decode_body(raw, http.get("Transfer-Encoding") or "", names, DEFAULT.max_bytes + 1)
    except DamagedStreamError as error:
        return _rejection(url, Reason.DAMAGED, f"{source}: {error}", record.record_date)
    except StreamTooLargeError as error:
        return _rejection(url, Reason.TOO_LARGE, f"{source}: {error}", record.record_date)
    return Page(url=url, body=body, content_type=http.get("Content-Type"), fetched_at=record.record_date, source=source)


def _is_digest(declared: str, *bodies: bytes) -> bool:
    """True where a digest is that of one of some bodies, or of a kind that is not checked here."""
    kind, _, value = declared.partition(":")
    if kind.lower() != "sha1":
        return True
    return any(f"sha1:{value.upper()}" == payload_digest(body) for body in bodies)


def _is_cut(shard: Location, place: int) -> bool:
    """True for a record with fewer bytes than its Content-Length."""
    try:
        with shard.open() as file:
            file.seek(place)
            record = next(iter(ArchiveIterator(file, parse_http=False)))
            declared, size = int(record.content_length), 0
            while part := record.reader.read(CHUNK):
                size += len(part)
            return size < declared
    except (*READ_ERRORS, StopIteration):  # compressed as a whole: the offset is not one in the file
        return False


def _response_hash(url: str, at: str) -> bytes:
    return blake2b(f"{url} {at[:19]}".encode("utf-8", "replace"), digest_size=8).digest()


def _rejection(url: str, reason: Reason, detail: str, at: datetime | None = None) -> Rejection:
    fetched = at.isoformat() if at is not None else None
    return Rejection(url=url, stage=Stage.READ, reason=reason, detail=detail, fetched_at=fetched)
