"""PostgreSQL off the event loop: one thread runs the statements of a ledger, in the order of the calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

from crawler.ledger.postgresql.address import Address
from crawler.ledger.postgresql.session import Session
from crawler.ledger.sql.database import Answer, Connection
from crawler.ledger.sql.ledger import SqlLedger
from crawler.ledger.types import LedgerError

PING_SECONDS = 10
"""Seconds between checks that the run's connection is alive."""


class PostgresDatabase:
    """:class:`~crawler.ledger.sql.database.Database` with one connection and one thread.

    Raises:
        LedgerError: when the database cannot be used.
    """

    def __init__(self, address: Address, job: tuple[int, int] | None = None) -> None:
        self._session = Session(address, job)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._closed = Event()
        self._pinging: Thread | None = None

    async def _run(self, call: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    async def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """The answer of some queries."""
        return await self._run(lambda: self._session.read(work))

    async def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """The answer of a transaction, which is applied once."""
        return await self._run(lambda: self._session.write(work))

    async def clock_skew(self) -> int:
        """Seconds by which the clock of the database is ahead of this machine's."""
        return round(await self._run(self._session.clock_skew))

    async def begin(self, run: int) -> None:
        """Mark a run as active, until the database is closed or the connection is lost for good."""
        await self._run(lambda: self._session.begin(run))
        if self._pinging is None:
            self._pinging = Thread(target=self._ping, name="ledger-ping", daemon=True)
            self._pinging.start()

    def _ping(self) -> None:
        while not self._closed.wait(PING_SECONDS):
            self._thread.submit(self._session.ping).exception()  # waits for it; none is raised

    async def outputs_in_use(self) -> frozenset[str]:
        """Outputs that other active runs of this machine have open; those of dead runs are assigned to this run."""
        return await self._run(self._session.outputs_in_use)

    def close(self) -> None:
        """Finish the queued calls, without waiting for an unreachable database, and close the connection."""
        self._closed.set()
        self._session.stop()
        if self._pinging is not None:
            self._pinging.join()
        self._thread.shutdown()
        self._session.close()


def open_postgresql(url: str, shown: str, job: str = "") -> SqlLedger:
    """The ledger in the database at a URL; its tables are created where there are none.

    Args:
        url: ``postgresql://…``.
        shown: the URL without user and password, for messages.
        job: of a fleet, ``NUMBER:WORKER``; empty for none.

    Raises:
        LedgerError: when it cannot be used.
    """
    number, _, worker = job.partition(":")
    if job and not (number.isdecimal() and worker.isdecimal()):
        raise LedgerError(f"COPYDESK_FLEET_JOB={job}: expected NUMBER:WORKER; a worker of a fleet sets it")
    return SqlLedger(PostgresDatabase(Address.of(url, shown), (int(number), int(worker)) if job else None))
