"""What the ledger's SQL runs on: one connection to a database, and who may use it when."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from crawler.ledger.types import Output

Answer = TypeVar("Answer")


class ConflictError(Exception):
    """Another writer was faster: the transaction is rolled back and runs again, and then sees what that one wrote."""


class ValueRefusedError(Exception):
    """The database does not take a value: it is too large, of another type, or no text."""


class Rows(Protocol):
    """The rows of a statement."""

    @property
    def rowcount(self) -> int:
        """Number of rows that were written."""

    def __iter__(self) -> Iterator[Any]:
        """The rows, in order."""

    def fetchone(self) -> Any:
        """The next row; None where there is none."""

    def fetchall(self) -> Sequence[Any]:
        """All other rows."""


class Connection(Protocol):
    """Runs statements; their placeholders are ``?``. What differs between databases is here."""

    for_update: str
    """What follows a query whose rows are written in the same transaction, so that no other writer changes them."""
    place: str
    """What distinguishes the paths of this machine from those of others; empty where all are of one machine."""

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Rows:
        """Run one statement."""

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> int:
        """Run one statement for each row; returns the number of rows written."""

    def insert(self, sql: str, rows: Sequence[Sequence[Any]]) -> int:
        """Insert rows of different keys by a statement with one ``VALUES (?, …)``; returns the number written."""

    def savepoint(self) -> AbstractContextManager[object]:
        """A part of the transaction that is undone alone where it fails.

        Raises:
            ValueRefusedError: where the database does not take a value.
        """

    def lock_sites(self, sites: Collection[str]) -> None:
        """Keep other writers away from what is kept of some sites, until the end of the transaction."""

    def hold(self, run: int, outputs: Iterable[Output]) -> None:
        """Note which run has some outputs open.

        Raises:
            LedgerError: when another run that is at work has one of them open.
        """


class Database(Protocol):
    """Gives the connection to one piece of work at a time, in the order in which they were asked for."""

    async def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """The answer of some queries."""

    async def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """The answer of a transaction, which is applied once. It may run several times until then.

        Raises:
            LedgerError: when it cannot be applied.
            ValueRefusedError: when the database does not take a value; nothing is applied.
        """

    async def clock_skew(self) -> int:
        """Seconds by which the clock of the database is ahead of this machine's; 0 where it has none of its own.

        Raises:
            LedgerError: where they differ much.
        """

    async def begin(self, run: int) -> None:
        """A run is at work from now until the database is closed, or this process dies.

        Raises:
            LedgerError: when the database cannot be used.
        """

    async def others(self) -> frozenset[str]:
        """The outputs that other runs have open and are at work on.

        Those of runs that have died become outputs of this run, where it has begun.
        """

    def close(self) -> None:
        """Release the database."""
