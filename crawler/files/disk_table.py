"""SQLite tables of one crawl: pending requests, and the requests and URLs seen."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import finalize

from crawler.signals import disk_failed

if TYPE_CHECKING:
    from scrapy.signalmanager import SignalManager

logger = logging.getLogger("copydesk")

TEMPORARY = ""
"""SQLite's name for a database in a temporary file, which it creates when its cache is full, and removes at the end."""

MEMORY = ":memory:"

PRIMARY_CODE_MASK = 0xFF
"""Bits of an SQLite result code that are its primary code."""
DISK_FAILURE_CODES = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
"""Primary result codes of a disk failure: the disk is full, damaged, read-only, or was removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementResult:
    """Result of an SQL statement."""

    rows: list[tuple[Any, ...]]
    count: int
    """Number of rows that it wrote."""

    @property
    def row(self) -> tuple[Any, ...] | None:
        """The first row; None where there is none."""
        return self.rows[0] if self.rows else None


class DiskTable:
    """A database in a temporary file, which ends with the crawl.

    When the disk is full the content is lost, and the crawl ends: what is pending is in the ledger, for the next run.

    Args:
        tables: the statements that create the tables.
        signals: where ``disk_failed`` is sent.
    """

    def __init__(self, *, tables: str, signals: SignalManager | None = None) -> None:
        self._tables = tables
        self.signals = signals
        self.is_lost = False
        """True after the disk failed."""
        self._db = _connect(TEMPORARY)
        self._closing = finalize(self, self._db.close)
        self._db.executescript(tables)

    def execute(self, query: str, values: tuple[object, ...] = ()) -> StatementResult:
        """Execute one statement; it is committed when it returns.

        Where the disk fails, the statement is executed on empty tables in memory, with which the crawl can end.
        """
        try:
            return self._execute(query, values)
        except sqlite3.OperationalError as error:
            if self.is_lost or error.sqlite_errorcode & PRIMARY_CODE_MASK not in DISK_FAILURE_CODES:
                raise
            self._fail(error)
            return self._execute(query, values)

    def _execute(self, query: str, values: tuple[object, ...]) -> StatementResult:
        cursor = self._db.execute(query, values)
        rows = cursor.fetchall()  # a statement that writes ends with its last row
        return StatementResult(rows=rows, count=cursor.rowcount)

    def _fail(self, error: sqlite3.Error) -> None:
        reason = (
            f"the folder for temporary files (TMPDIR) cannot be written: {error}; what is pending comes in the next run"
        )
        self.is_lost = True
        self._closing()
        self._db = _connect(MEMORY)
        self._closing = finalize(self, self._db.close)
        self._db.executescript(self._tables)
        if self.signals is None:
            logger.error(reason)
        else:
            self.signals.send_catch_log(disk_failed, reason=reason)

    def close(self) -> None:
        """Close the file."""
        self._closing()


def _connect(path: str) -> sqlite3.Connection:
    """A connection without the safeguards against power failures."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)  # scrapy shell ends in another
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA journal_mode = OFF")
    return connection
