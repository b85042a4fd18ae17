"""Requests that wait, on the disk: a million of them take no memory, and 0.3 kB of disk each."""

from __future__ import annotations

import io
import pickle
import sqlite3
from collections import Counter
from typing import TYPE_CHECKING, Any
from weakref import finalize

from scrapy import Request, Spider
from scrapy.utils.request import request_from_dict

from crawler.config.sources import Source

if TYPE_CHECKING:
    from os import PathLike

TABLES = """
CREATE TABLE IF NOT EXISTS waiting (
    queue TEXT, priority INTEGER, number INTEGER, request BLOB, PRIMARY KEY (queue, priority, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sources (number INTEGER PRIMARY KEY, source BLOB);
"""

TEMPORARY = ""
"""SQLite's name of a database in a temporary file, which it makes when its cache is full and removes by itself."""

DEFAULTS = {"method": "GET", "encoding": "utf-8"}
"""Attributes of a request that are not written where they are as usual; nor are those that are empty."""


class RequestStore:
    """Keeps requests in queues by name: the highest priority first, then the first come."""

    def __init__(self, spider: Spider | None, path: str | PathLike[str] = TEMPORARY) -> None:
        self.spider = spider
        self._known = opened(path)
        finalize(self, self._known.close)
        self._known.executescript(TABLES)
        self.sizes: Counter[str] = Counter(
            dict(self._known.execute("SELECT queue, count(*) FROM waiting GROUP BY queue"))
        )
        """Requests that wait, by queue."""
        self._number: int = self._known.execute("SELECT coalesce(max(number), 0) FROM waiting").fetchone()[0]
        written = self._known.execute("SELECT source FROM sources ORDER BY number")
        self._sources: list[Source] = [pickle.loads(row[0]) for row in written]  # noqa: S301  our own file
        self._numbers = {source: number for number, source in enumerate(self._sources)}
        self._unwritable: dict[int, Request] = {}

    def push(self, queue: str, request: Request) -> None:
        """Put a request at the end of its priority's row; one that cannot be written is kept in memory."""
        self._number += 1
        try:
            data = self._written(request)
        except (ValueError, TypeError, AttributeError, pickle.PicklingError):
            data = None
            self._unwritable[self._number] = request
        self._known.execute("INSERT INTO waiting VALUES (?, ?, ?, ?)", (queue, -request.priority, self._number, data))
        self.sizes[queue] += 1

    def pop(self, queue: str) -> Request | None:
        """Take the next request of a queue; None when it is empty."""
        found = self._next(queue)
        if found is None:
            return None
        priority, number, data = found
        self._known.execute(
            "DELETE FROM waiting WHERE queue = ? AND priority = ? AND number = ?", (queue, priority, number)
        )
        self.sizes[queue] -= 1
        return self._unwritable.pop(number) if data is None else self._read(data)

    def peek(self, queue: str) -> Request | None:
        """The next request of a queue, which stays there."""
        found = self._next(queue)
        return found and (self._unwritable[found[1]] if found[2] is None else self._read(found[2]))

    def _next(self, queue: str) -> tuple[int, int, bytes | None] | None:
        found: tuple[int, int, bytes | None] | None = self._known.execute(
            "SELECT priority, number, request FROM waiting WHERE queue = ? ORDER BY priority, number LIMIT 1", (queue,)
        ).fetchone()
        return found

    def close(self) -> None:
        """Let the file go."""
        self._known.close()

    def _written(self, request: Request) -> bytes:
        told = {name: getattr(request, name) for name in request.attributes}
        told |= {
            "headers": dict(request.headers),
            "callback": self._name(request.callback),
            "errback": self._name(request.errback),
        }
        if type(request) is not Request:
            told["_class"] = f"{type(request).__module__}.{type(request).__name__}"
        slim = {name: value for name, value in told.items() if value and value != DEFAULTS.get(name)}
        buffer = io.BytesIO()
        _Pickler(buffer, self._source_number).dump(slim)
        return buffer.getvalue()

    def _name(self, method: Any) -> str | None:
        """The spider's method by name. ``Request.to_dict`` looks for it among all of the spider's members, in 0.1 ms."""
        if method is None:
            return None
        if getattr(method, "__self__", None) is not self.spider:
            raise ValueError(f"{method} is no method of the spider")
        return str(method.__name__)

    def _read(self, data: bytes) -> Request:
        return request_from_dict(_Unpickler(io.BytesIO(data), self._sources).load(), spider=self.spider)

    def _source_number(self, source: Source) -> int:
        number = self._numbers.get(source)
        if number is None:
            number = self._numbers[source] = len(self._sources)
            self._sources.append(source)
            self._known.execute("INSERT INTO sources VALUES (?, ?)", (number, pickle.dumps(source)))
        return number


class _Pickler(pickle.Pickler):
    """Writes a source, which thousands of requests share, as its number."""

    def __init__(self, file: io.BytesIO, number: Any) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._number = number

    def persistent_id(self, obj: Any) -> int | None:
        return self._number(obj) if type(obj) is Source else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, sources: list[Source]) -> None:
        super().__init__(file)
        self._sources = sources

    def persistent_load(self, pid: int) -> Source:
        return self._sources[pid]


def opened(path: str | PathLike[str]) -> sqlite3.Connection:
    """A database that outlives a killed process, not a power cut: what it holds is found again by crawling."""
    known = sqlite3.connect(path, isolation_level=None)
    known.execute("PRAGMA synchronous = OFF")
    known.execute(f"PRAGMA journal_mode = {'WAL' if path else 'OFF'}")
    return known
