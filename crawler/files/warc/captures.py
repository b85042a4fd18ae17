"""Index of an archive's captures by URL, in the order in which they were fetched; a replay uses it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from crawler.files.location import READ_ERRORS, Location, ShardError, ShardUnavailable
from crawler.files.warc.records import FAILURE, FAILURE_DETAIL, JSON, KIND, WARC_FIELDS, read_fields

TABLE = """
CREATE TABLE captures (
    number INTEGER PRIMARY KEY, url TEXT NOT NULL, kind TEXT NOT NULL, shard INTEGER NOT NULL, offset INTEGER NOT NULL,
    id TEXT NOT NULL, at TEXT NOT NULL, original TEXT, original_at TEXT, reason TEXT, detail TEXT
);
CREATE INDEX captures_url ON captures (url, number);
CREATE TABLE stories (id TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
"""

COLUMNS = "number, url, kind, shard, offset, id, at, original, original_at, reason, detail"

MAX_FIELDS_BYTES = 100_000

RESPONSE, REVISIT, FAILED, RENDERED = "response", "revisit", "failed", "rendered"

STORY_TYPE = f"{JSON}; {KIND}=story"
"""Content-Type of an outcome: what a crawl published of some pages (:mod:`crawler.archive.page_outcome`)."""


class OutcomePages(msgspec.Struct):
    """Of a story: the records of its pages."""

    pages: list[str]


KINDS = WarcRecordType.response | WarcRecordType.revisit | WarcRecordType.metadata | WarcRecordType.conversion


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One record that answers a request."""

    number: int
    """Its place in the archive, from 1."""
    url: str
    kind: str
    shard: int
    offset: int
    id: str
    at: str
    original: str | None
    """URL of the record that a revisit refers to."""
    original_at: str | None
    reason: str | None
    """Why there was no response."""
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An HTTP response of an archive."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    at: datetime
    record: str
    """File and record."""


class Captures:
    """The captures of some WARC files.

    Raises:
        ShardError: naming a file that cannot be read.
    """

    def __init__(self, shards: Iterable[Location]) -> None:
        self.shards: list[Location] = []
        self._number = 0
        self._db = sqlite3.connect("", isolation_level=None)  # a temporary file
        self._db.executescript(TABLE)
        self._db.execute("BEGIN")
        for shard in shards:
            self.shards.append(shard)
            try:
                for row in self._rows(shard):
                    self._db.execute(f"INSERT INTO captures ({COLUMNS}) VALUES ({', '.join('?' * 11)})", row)
            except (*READ_ERRORS, ShardUnavailable) as error:
                raise ShardError(f"{shard.name}: cannot be read: {error}") from error
        self._db.execute("COMMIT")

    def _rows(self, shard: Location) -> Iterator[tuple[object, ...]]:
        number = len(self.shards) - 1
        with shard.open() as file:
            for record in ArchiveIterator(file, record_types=KINDS, parse_http=False):
                self._number += 1
                headers = record.headers
                if str(headers.get("Content-Type")) == STORY_TYPE:
                    self._add_publication(record.reader.read(MAX_FIELDS_BYTES))
                    continue
                kind, reason, detail = _kind(record)
                if kind is None:
                    continue
                yield (
                    *(self._number, url_of(record), kind, number, record.stream_pos, record.record_id),
                    *(headers.get("WARC-Date"), headers.get("WARC-Refers-To-Target-URI")),
                    *(headers.get("WARC-Refers-To-Date"), reason, detail),
                )

    def _add_publication(self, story: bytes) -> None:
        """Store an outcome's number for each of its pages: they were published when it was written, not fetched."""
        try:
            pages = msgspec.json.decode(story, type=OutcomePages).pages
        except msgspec.MsgspecError:
            return
        self._db.executemany("INSERT OR IGNORE INTO stories VALUES (?, ?)", [(page, self._number) for page in pages])

    def publication_number(self, capture: Capture) -> int:
        """The number by which captures are sorted by publication of their pages; its own if no outcome names it."""
        row = self._db.execute("SELECT number FROM stories WHERE id = ?", (capture.id,)).fetchone()
        return int(row[0]) if row else capture.number

    def next_capture(self, url: str, after: int) -> Capture | None:
        """The first capture of a URL after a capture's number; if there is none, the last one before it.

        A failure is skipped where a response follows it.
        """
        select = f"SELECT {COLUMNS} FROM captures WHERE url = ? AND kind NOT IN (?, ?) AND number"
        later, earlier = "> ? ORDER BY number LIMIT 1", "<= ? ORDER BY number DESC LIMIT 1"
        for query, other in ((f"{select} {later}", FAILED), (f"{select} {later}", ""), (f"{select} {earlier}", "")):
            row = self._db.execute(query, (url, RENDERED, other, after)).fetchone()
            if row is not None:
                return _capture(row)
        return None

    def rendered_capture(self, capture: Capture) -> Capture | None:
        """What a browser made of a page, after a capture of it and before the next one."""
        query = f"SELECT {COLUMNS} FROM captures WHERE url = ? AND number > ? ORDER BY number LIMIT 1"
        row = self._db.execute(query, (capture.url, capture.number)).fetchone()
        return _capture(row) if row is not None and row[2] == RENDERED else None

    def original(self, capture: Capture) -> Capture | None:
        """The response that a revisit refers to; the last one before it where it does not say."""
        query = f"SELECT {COLUMNS} FROM captures WHERE url = ? AND kind = ? AND {{}} ORDER BY number DESC LIMIT 1"
        url = capture.original or capture.url
        row = self._db.execute(query.format("at = ?"), (url, RESPONSE, capture.original_at)).fetchone()
        row = row or self._db.execute(query.format("number < ?"), (url, RESPONSE, capture.number)).fetchone()
        return _capture(row) if row else None

    def read(self, capture: Capture) -> Message:
        """The HTTP message of a capture; of a rendered page its markup.

        Raises:
            OSError, ValueError: when it cannot be read any more.
        """
        shard = self.shards[capture.shard]
        with shard.open() as file:
            file.seek(capture.offset)
            record = next(iter(ArchiveIterator(file, parse_http=capture.kind != RENDERED)), None)
            if record is None or record.record_id != capture.id:
                raise ValueError(f"{shard.name}: the record {capture.id} is not there any more")
            http = record.http_headers
            lines = http if http is not None else ()
            return Message(
                status=(http.status_code or 0) if http is not None else 200,
                headers=tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in lines),
                body=record.reader.read(),
                at=record.record_date,
                record=f"{shard.name}#{record.record_id}",
            )

    def close(self) -> None:
        """Close the index."""
        self._db.close()


def url_of(record: WarcRecord) -> str:
    """The URL of a record; wget writes it in angle brackets."""
    return str(record.headers.get("WARC-Target-URI") or "").strip("<>")


def _kind(record: WarcRecord) -> tuple[str | None, str | None, str | None]:
    match record.record_type:
        case WarcRecordType.response:
            return RESPONSE, None, None
        case WarcRecordType.revisit:
            return REVISIT, None, None
        case WarcRecordType.conversion:
            return RENDERED, None, None
    media_type = str(record.headers.get("Content-Type") or "")
    fields = read_fields(record.reader.read(MAX_FIELDS_BYTES)) if media_type.startswith(WARC_FIELDS) else {}
    reason = fields.get(FAILURE)
    return (FAILED if reason else None), reason, fields.get(FAILURE_DETAIL)


def _capture(row: Sequence[Any]) -> Capture:
    return Capture(**dict(zip(COLUMNS.split(", "), row, strict=True)))
