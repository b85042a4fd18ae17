"""Pending requests on disk: even a million take no RAM, and 0.6 kB of disk each."""

from __future__ import annotations

import io
import json
import logging
import pickle
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from os import PathLike
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.signalmanager import SignalManager
from scrapy.utils.request import request_from_dict

from crawler.files.disk_table import TEMPORARY, DiskTable, connect
from crawler.files.machine import scarce_room
from crawler.types import Source

logger = logging.getLogger("copydesk")

FILE_NAME = "waiting.sqlite"
"""Name of the store's file in ``JOBDIR``."""

FORMAT = 4
"""Version of the pickled requests, stored as the file's ``user_version``. Files before 4 have other types in them, and
those before 3 name modules that no longer exist."""

MIN_FREE_BYTES = 10_000_000
"""Bytes that must be free for ``JOBDIR``: the requests of 30,000 URLs."""

TABLES = f"""
CREATE TABLE IF NOT EXISTS waiting (
    queue TEXT, priority INTEGER, number INTEGER, request BLOB, PRIMARY KEY (queue, priority, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sources (number INTEGER PRIMARY KEY, source BLOB);
PRAGMA user_version = {FORMAT};
"""

DAMAGE = (
    sqlite3.Error,
    OSError,
    ValueError,
    EOFError,
    TypeError,
    AttributeError,
    ImportError,
    LookupError,
    pickle.UnpicklingError,
    MemoryError,
)
"""Errors when a damaged file is read; pickle has no error of its own for most of them."""

IN_USE = ("SQLITE_BUSY", "SQLITE_LOCKED")
"""Errors of a file that another process writes."""

REMEDY = "Remove the folder, or name a new one: what is pending is in the ledger, and comes in the next run"

DEFAULTS = {"method": "GET", "encoding": "utf-8"}
"""Attributes of a request that are not written where they have these values; nor are empty attributes."""


class JobDirError(ValueError):
    """A ``JOBDIR`` that this version cannot resume; the message names it and the remedy."""


def check_job_dir(folder: str | PathLike[str]) -> None:
    """Accept a ``JOBDIR`` that has room, and that is new or whose pending requests this version can read.

    Raises:
        JobDirError: for one that another version wrote, that is damaged, whose disk is full, or that is no folder.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JobDirError(f"JOBDIR {folder}: {error.strerror}. Name another folder") from error
    if (free := scarce_room(folder, MIN_FREE_BYTES)) is not None:
        raise JobDirError(f"JOBDIR {folder}: its disk has {free} free. Free some, or name another folder")
    for path in sorted(Path(folder).rglob("*")):
        try:
            is_old = path.name in CHECKS and CHECKS[path.name](path)
        except (PermissionError, MemoryError) as error:
            raise JobDirError(f"JOBDIR {folder}: {path} cannot be read: {error or type(error).__name__}") from error
        except DAMAGE as error:
            if getattr(error, "sqlite_errorname", "") in IN_USE:
                raise JobDirError(f"JOBDIR {folder}: another crawl uses it; wait for its end") from error
            raise JobDirError(
                f"JOBDIR {folder}: {path} is damaged ({' '.join(str(error).split()) or type(error).__name__}). {REMEDY}"
            ) from error
        if is_old:
            raise JobDirError(
                f"JOBDIR {folder}: written by another version of Copydesk, which this one cannot resume. {REMEDY}"
            )


def _is_old_store(path: Path) -> bool:
    """True for pending requests that another version wrote; reads the tables and sources that requests depend on."""
    with closing(connect(path)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        is_empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        if is_empty or version != FORMAT:
            return not is_empty
        _check_tables(connection)
        connection.execute("SELECT queue, priority, number, request FROM waiting LIMIT 1")
        for (source,) in connection.execute("SELECT source FROM sources"):
            pickle.loads(source)  # noqa: S301  our own file
    return False


def _is_old_table(path: Path) -> bool:
    """False: hashes are the same in all versions; reads the file."""
    with closing(connect(path)) as connection:
        _check_tables(connection)
    return False


def _check_tables(connection: sqlite3.Connection) -> None:
    result = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if result != "ok":
        raise sqlite3.DatabaseError(str(result))


def _is_old_json(path: Path) -> bool:
    """False; reads the file of Scrapy's queues."""
    json.loads(path.read_bytes() or b"null")
    return False


def _is_old_state(path: Path) -> bool:
    """False; reads the file of a spider's state."""
    pickle.loads(path.read_bytes())  # noqa: S301  our own file
    return False


CHECKS = {
    FILE_NAME: _is_old_store,
    "seen.sqlite": _is_old_table,
    "active.json": _is_old_json,
    "spider.state": _is_old_state,
}
"""Checks that read the files of a ``JOBDIR`` before the crawl does; each is True for a file of another version."""


class RequestStore:
    """Stores requests in named queues: highest priority first, then first in, first out.

    Args:
        spider: the spider whose methods are the callbacks of the requests.
        path: the file; a temporary one by default.
        signals: see :class:`~crawler.files.disk_table.DiskTable`.
    """

    def __init__(
        self,
        spider: Spider | None,
        path: str | PathLike[str] = TEMPORARY,
        signals: SignalManager | None = None,
    ) -> None:
        self.spider = spider
        self._db = DiskTable(path, tables=TABLES, signals=signals)
        waiting = self._db.execute("SELECT queue, count(*) FROM waiting GROUP BY queue").rows
        self.sizes: Counter[str] = Counter(dict(waiting))
        """Pending requests, by queue."""
        self._number: int = self._db.execute("SELECT coalesce(max(number), 0) FROM waiting").rows[0][0]
        written = self._db.execute("SELECT source FROM sources ORDER BY number").rows
        self._sources: list[Source] = [pickle.loads(row[0]) for row in written]  # noqa: S301  our own file
        self._numbers = {source: number for number, source in enumerate(self._sources)}
        self._unwritable: dict[int, Request] = {}

    def push(self, queue: str, request: Request) -> None:
        """Add a request as the last of its priority; one that cannot be pickled is kept in memory."""
        self._number += 1
        try:
            data = self._dump(request)
        except (ValueError, TypeError, AttributeError, pickle.PicklingError):
            data = None
            self._unwritable[self._number] = request
        self._db.execute("INSERT INTO waiting VALUES (?, ?, ?, ?)", (queue, -request.priority, self._number, data))
        self.sizes[queue] += 1

    def pop(self, queue: str) -> Request | None:
        """Take the next request of a queue; None when it is empty."""
        while (row := self._next(queue)) is not None:
            self._remove(queue, row)
            if (request := self._read(row)) is not None:
                self._unwritable.pop(row[1], None)
                return request
        self.sizes[queue] = 0  # the disk failed: the other requests are lost
        return None

    def peek(self, queue: str) -> Request | None:
        """The next request of a queue, without removing it; those that cannot be read are removed."""
        while (row := self._next(queue)) is not None:
            if (request := self._read(row)) is not None:
                return request
            self._remove(queue, row)
        return None

    def _read(self, row: tuple[Any, ...]) -> Request | None:
        """The request of a row; None for one that cannot be read, after a warning."""
        number, data = row[1:]
        if data is None and number in self._unwritable:
            return self._unwritable[number]
        try:
            return self._load(data or b"")
        except DAMAGE as error:
            logger.warning("JOBDIR: a pending request cannot be read (%s); its page comes in the next run", error)
            return None

    def _remove(self, queue: str, row: tuple[object, ...]) -> None:
        query = "DELETE FROM waiting WHERE queue = ? AND priority = ? AND number = ?"
        self._db.execute(query, (queue, *row[:2]))
        self.sizes[queue] -= 1

    def _next(self, queue: str) -> tuple[Any, ...] | None:
        query = "SELECT priority, number, request FROM waiting WHERE queue = ? ORDER BY priority, number LIMIT 1"
        return self._db.execute(query, (queue,)).row

    def report_to(self, signals: SignalManager) -> None:
        """Report a failure of the disk through these signals."""
        self._db.signals = signals

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _dump(self, request: Request) -> bytes:
        if request.callback is None and request.dont_filter:
            raise ValueError("scrapy shell sets the callback of its request after it was pushed")
        values = {name: getattr(request, name) for name in request.attributes}
        values |= {
            "headers": dict(request.headers),
            "callback": self._method_name(request.callback),
            "errback": self._method_name(request.errback),
        }
        if type(request) is not Request:
            values["_class"] = f"{type(request).__module__}.{type(request).__name__}"
        slim = {name: value for name, value in values.items() if value and value != DEFAULTS.get(name)}
        buffer = io.BytesIO()
        _Pickler(buffer, self._source_number).dump(slim)
        return buffer.getvalue()

    def _method_name(self, method: Any) -> str | None:
        """The name of a spider's method. ``Request.to_dict`` searches all members of the spider for it, in 0.1 ms."""
        if method is None:
            return None
        if getattr(method, "__self__", None) is not self.spider:
            raise ValueError(f"{method} is no method of the spider")
        return str(method.__name__)

    def _load(self, data: bytes) -> Request:
        return request_from_dict(_Unpickler(io.BytesIO(data), self._sources).load(), spider=self.spider)

    def _source_number(self, source: Source) -> int:
        number = self._numbers.get(source)
        if number is None:
            number = self._numbers[source] = len(self._sources)
            self._sources.append(source)
            self._db.execute("INSERT INTO sources VALUES (?, ?)", (number, pickle.dumps(source)))
        return number


def pending(path: Path) -> Iterator[Request]:
    """The pending requests of a store's file, with the parts that identify them: URL, method and body."""
    with closing(connect(path)) as connection:
        for (data,) in connection.execute("SELECT request FROM waiting WHERE request IS NOT NULL"):
            with suppress(*DAMAGE):
                values = _Unpickler(io.BytesIO(data), None).load()
                yield Request(values["url"], method=values.get("method", "GET"), body=values.get("body") or b"")


class _Pickler(pickle.Pickler):
    """Pickles a source, which thousands of requests share, as its number."""

    def __init__(self, file: io.BytesIO, number: Any) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._number = number

    def persistent_id(self, obj: object) -> int | None:
        return self._number(obj) if type(obj) is Source else None


class _Unpickler(pickle.Unpickler):
    """Reads a request; without its source where there are no sources."""

    def __init__(self, file: io.BytesIO, sources: list[Source] | None) -> None:
        super().__init__(file)
        self._sources = sources

    def persistent_load(self, pid: int) -> Source | None:
        return self._sources[pid] if self._sources is not None else None
