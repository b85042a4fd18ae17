"""The ledger's database in one SQLite file (write-ahead log, one transaction per commit)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from crawler.ledger.sql.database import Answer, Connection, ValueRefusedError
from crawler.ledger.types import LedgerError, Output

REFUSED = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.InterfaceError, OverflowError, UnicodeError)
"""Errors of a value, not of the database."""


class SqliteConnection:
    """:class:`~crawler.ledger.sql.database.Connection` to a file that one run at a time uses.

    :mod:`crawler.ledger.lock` excludes a second run, so no other locking is needed.
    """

    for_update = ""
    path_prefix = ""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.execute = connection.execute

    def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> int:
        """Run one statement for each row; returns the number of rows written."""
        return self._db.executemany(sql, rows).rowcount if rows else 0

    insert = executemany

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the transaction that is undone alone where it fails."""
        self._db.execute("SAVEPOINT part")
        try:
            yield
        except REFUSED as error:
            self._db.execute("ROLLBACK TO part")
            raise ValueRefusedError(str(error)) from error
        finally:
            if self._db.in_transaction:
                self._db.execute("RELEASE part")

    def lock_sites(self, sites: Collection[str]) -> None:
        """Nothing: there is one writer."""

    def claim_outputs(self, run: int, outputs: Iterable[Output]) -> None:
        """Nothing: an output that is open when a run starts is that of a run that died."""


class SqliteDatabase:
    """:class:`~crawler.ledger.sql.database.Database` on one connection.

    A call takes about a millisecond and does not yield to the event loop.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._connection: Connection = SqliteConnection(connection)

    async def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """The answer of some queries."""
        return work(self._connection)

    async def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """The answer of a transaction.

        Raises:
            ValueRefusedError: for a value that SQLite does not take.
            LedgerError: for its other errors.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            answer = work(self._connection)
            self._db.execute("COMMIT")
        except REFUSED as error:
            raise ValueRefusedError(str(error)) from error
        except sqlite3.Error as error:
            raise LedgerError(f"the ledger cannot be written: {error}") from error
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        return answer

    async def clock_skew(self) -> int:
        """0: the file is of this machine."""
        return 0

    async def begin(self, run: int) -> None:
        """Nothing: the lock of the file says whether a run is at work."""

    async def outputs_in_use(self) -> frozenset[str]:
        """None: one run at a time uses the file."""
        return frozenset()

    def close(self) -> None:
        """Close the file."""
        self._db.close()
