"""A blocking connection that survives server restarts and applies each transaction once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event

import psycopg
from psycopg import errors

from crawler.ledger.postgresql import runs
from crawler.ledger.postgresql.address import Address, error_line
from crawler.ledger.postgresql.connection import PLACE, VALUE_ERRORS, PostgresConnection, first_line
from crawler.ledger.postgresql.schema import check_version, create
from crawler.ledger.sql.database import Answer, ConflictError, Connection, ValueRefusedError
from crawler.ledger.types import LedgerError

logger = logging.getLogger("copydesk")

RECONNECT_SECONDS = 90
"""Seconds to wait for an unreachable database: a restart takes a few, a failover to a standby about a minute.
Meanwhile a crawl keeps what it fetched in memory."""

FIRST_WAIT = 0.1
LONGEST_WAIT = 5.0
"""Seconds between two attempts to connect: the first, doubled up to the last."""

MAX_CONFLICTS = 20
"""Attempts of a transaction that conflicts with other writers: at each conflict one of them makes progress."""

LOST_SQLSTATES = ("08", "57P", "25P03")
"""Prefixes of the SQLSTATEs after which the server ends the connection."""

OWN_JOB = """
SELECT 1 FROM procrastinate_jobs WHERE id = %s AND worker_id = %s AND status = 'doing' FOR SHARE
"""

RETRIED = (ConflictError, errors.DeadlockDetected, errors.SerializationFailure)
"""Errors after which a transaction is rolled back and may succeed when it runs again."""


class Session:
    """The connection of one ledger. One thread at a time uses it.

    Raises:
        LedgerError: from each method, when the database has been away for too long, or refuses a statement.
        ValueRefusedError: where it does not take a value.
    """

    def __init__(self, address: Address, job: tuple[int, int] | None = None) -> None:
        self._address = address
        self._job = job
        self._stop = Event()
        self._failed = ""
        """Why the ledger was given up; empty while it works."""
        self._run = self._serial = self._pid = 0
        try:
            self._db = self._connected()
        except psycopg.Error as error:
            raise address.error(error) from error

    def _connected(self) -> psycopg.Connection:
        connection = self._address.connect()
        try:
            create(connection, self._address.name)
        except (psycopg.Error, LedgerError):
            connection.close()
            raise
        return connection

    def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """The answer of some queries."""
        return self._retry(lambda: work(PostgresConnection(self._db)))

    def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """The answer of a transaction.

        Where the connection is lost while it is committed, the number of the run's last commit says whether that was
        applied. Without a run it is applied again, which changes nothing but the counts of failures.
        """
        self._serial += 1
        serial = self._serial
        answers: list[Answer] = []

        def attempt() -> Answer:
            if answers and self._run and runs.last_commit(self._db, self._run) == serial:
                return answers[-1]
            with self._db.transaction():
                check_version(self._db, self._address.name)
                self._check_job()
                answers.append(work(PostgresConnection(self._db)))
                self._db.execute("UPDATE runs SET commits = %s WHERE id = %s", (serial, self._run))
            return answers[-1]

        return self._retry(attempt)

    def _check_job(self) -> None:
        """Check that this worker owns the job of this crawl, and lock that until the end of the transaction.

        Raises:
            LedgerError: where another worker has it.
        """
        if self._job is not None and self._db.execute(OWN_JOB, self._job).fetchone() is None:
            raise LedgerError("another worker of the fleet has taken this crawl over; nothing more is written")

    def clock_skew(self) -> float:
        """Seconds by which the clock of the database is ahead of this machine's."""
        return self._retry(lambda: self._address.clock_skew(self._db))

    def begin(self, run: int) -> None:
        """Take the lock of a run; later connections take it again."""

        def attempt() -> None:
            self._run = run
            self._take(self._db)

        self._retry(attempt)

    def outputs_in_use(self) -> frozenset[str]:
        """Outputs that other runs are at work on: see :func:`crawler.ledger.postgresql.runs.outputs_in_use`."""
        while True:
            try:
                return self.write(lambda _: runs.outputs_in_use(self._db, self._run, PLACE))
            except runs.TooEarlyError as early:
                logger.info("%s has just started: waiting %.0f s for earlier runs", self._address.name, early.wait)
                if self._stop.wait(early.wait):
                    raise LedgerError("the ledger was closed") from None

    def ping(self) -> None:
        """Notice whether the connection is lost, and connect again, so that the run is not taken for dead."""
        try:
            if self._db.closed:
                self._reconnect()
            else:
                self._db.execute("SELECT 1")
        except psycopg.Error:
            self._db.close()
        except LedgerError as error:
            self._failed = str(error)

    def stop(self) -> None:
        """Stop waiting for the database; called from another thread."""
        self._stop.set()

    def close(self) -> None:
        """Close the connection; the server releases the lock of the run."""
        self._db.close()

    def _retry(self, attempt: Callable[[], Answer]) -> Answer:
        """Call ``attempt``, again with a new connection where one is lost; returns its result."""
        conflicts, wait, deadline = 0, FIRST_WAIT, 0.0
        while True:
            if self._failed:
                raise LedgerError(self._failed)
            try:
                if self._db.closed:
                    self._reconnect()
                    logger.info("%s: connected again", self._address.name)
                return attempt()
            except VALUE_ERRORS as error:
                raise ValueRefusedError(first_line(error)) from error
            except RETRIED as error:
                conflicts += 1
                if conflicts >= MAX_CONFLICTS:
                    raise LedgerError(f"{self._address.name}: other runs write the same all the time") from error
            except psycopg.Error as error:
                if not self._is_lost(error):
                    raise self._address.error(error) from error
                now = time.monotonic()
                if not deadline:
                    deadline = now + RECONNECT_SECONDS
                    logger.warning("%s is away; waiting for it: %s", self._address.name, error_line(error))
                if now >= deadline or self._stop.wait(min(wait, deadline - now)):
                    self._failed = str(self._address.error(error))
                wait = min(2 * wait, LONGEST_WAIT)

    def _is_lost(self, error: psycopg.Error) -> bool:
        """True for an error that ended the connection, or was raised because there is none."""
        if not self._db.closed and (error.sqlstate or "").startswith(LOST_SQLSTATES):
            self._db.close()
        return self._db.closed

    def _reconnect(self) -> None:
        connection = self._connected()
        try:
            self._take(connection)
        except (psycopg.Error, LedgerError):
            connection.close()
            raise
        self._db = connection

    def _take(self, connection: psycopg.Connection) -> None:
        """Take the run's lock with a connection.

        Raises:
            psycopg.OperationalError: when the server has not noticed yet that the connection before is lost.
            LedgerError: when another run took this one for dead.
        """
        if self._run:
            if not runs.take_lock(connection, self._run, self._pid):
                self._db.close()
                raise psycopg.OperationalError("the connection before still has the lock of this run")
            self._pid = connection.info.backend_pid
