"""Runs statements on PostgreSQL: few and long ones, since each costs a round trip."""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b

import psycopg
from psycopg import errors

from crawler.ledger.postgresql import runs
from crawler.ledger.sql.database import Rows, ValueRefusedError
from crawler.ledger.types import Output

SITE_LOCK = 0x434F5053
"""'COPS': first number of the advisory locks of sites."""

ROWS_PER_INSERT = 100
"""Rows that one statement inserts: with 20 values each far below the 65,535 that a statement may have."""

PLACE = f"{socket.gethostname()}:"
"""Before the paths of outputs: workers on several machines share a ledger, and each has its own files."""


VALUE_ERRORS = (psycopg.DataError, psycopg.IntegrityError, errors.ProgramLimitExceeded, OverflowError, UnicodeError)
"""Errors caused by a value, not by the database: SQLSTATE classes 22, 23 and 54, or raised before sending."""


def first_line(error: BaseException) -> str:
    """The first line of an error: without the values, which may be long."""
    return str(error).partition("\n")[0] or type(error).__name__


class PostgresConnection:
    """:class:`~crawler.ledger.sql.database.Connection` to a database that several workers use."""

    for_update = " FOR UPDATE"
    path_prefix = PLACE

    def __init__(self, connection: psycopg.Connection) -> None:
        self._db = connection

    def execute(self, sql: str, values: Sequence[object] = ()) -> Rows:
        """Run one statement."""
        return self._db.execute(to_psycopg_sql(sql), values)

    def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> int:
        """Run one statement for each row, all in one round trip; returns the number of rows written."""
        if not rows:
            return 0
        with self._db.cursor() as cursor:
            cursor.executemany(to_psycopg_sql(sql), rows)
            return cursor.rowcount

    def insert(self, sql: str, rows: Sequence[Sequence[object]]) -> int:
        """Insert rows of different keys, a hundred by a statement; returns the number of rows written."""
        done = 0
        for start in range(0, len(rows), ROWS_PER_INSERT):
            group = rows[start : start + ROWS_PER_INSERT]
            values = [value for row in group for value in row]
            done += self._db.execute(repeat_values(sql, len(group)), values).rowcount
        return done

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the transaction that is undone alone where it fails."""
        try:
            with self._db.transaction():
                yield
        except VALUE_ERRORS as error:
            raise ValueRefusedError(first_line(error)) from error

    def lock_sites(self, sites: Collection[str]) -> None:
        """Wait for other writers of some sites, and make later ones wait until the end of the transaction."""
        if sites:
            query = "SELECT pg_advisory_xact_lock(%s, site) FROM unnest(%s::int[]) AS site"
            self._db.execute(query, (SITE_LOCK, sorted(set(map(advisory_lock_key, sites)))))

    def claim_outputs(self, run: int, outputs: Iterable[Output]) -> None:
        """Note which run has some outputs open.

        Raises:
            LedgerError: when another run that is at work has one of them open.
        """
        for output in outputs:
            if output.is_open and run:
                runs.claim_output(self._db, run, self.path_prefix + output.path)
            elif not output.is_open:
                self._db.execute("DELETE FROM holders WHERE path = %s", (self.path_prefix + output.path,))


@lru_cache(maxsize=1024)
def to_psycopg_sql(sql: str) -> str:
    """A statement with psycopg's placeholders."""
    return sql.replace("?", "%s")


@lru_cache(maxsize=1024)
def repeat_values(sql: str, number: int) -> str:
    """Turn a one-row INSERT into one for ``number`` rows."""
    before, _, rest = to_psycopg_sql(sql).partition("VALUES (")
    values, _, after = rest.partition(")")
    return f"{before}VALUES {', '.join([f'({values})'] * number)}{after}"


def advisory_lock_key(site: str) -> int:
    """The advisory lock key of a site: 32 bits, signed."""
    return int.from_bytes(blake2b(site.encode("utf-8", "replace"), digest_size=4).digest(), "big", signed=True)
