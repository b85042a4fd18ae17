"""Protocols of the ledger's database: a connection that runs SQL, and the database that serialises its use."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from crawler.ledger.types import Output

Answer = TypeVar("Answer")


class ConflictError(Exception):
    """Conflict with another writer: the transaction is rolled back and run again, and then sees the other's rows."""


class ValueRefusedError(Exception):
    """The database rejects a value: it is too large, of the wrong type, or not valid text."""


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
    """Runs SQL statements with ``?`` placeholders, and covers the differences between databases."""

    for_update: str
    """SQL appended to a query whose rows the transaction then writes: it locks them against other writers."""
    path_prefix: str
    """Prefix of the stored paths of this machine's outputs; empty where only one machine uses the ledger."""

    def execute(self, sql: str, values: Sequence[object] = ()) -> Rows:
        """Run one statement."""

    def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> int:
        """Run one statement for each row; returns the number of rows written."""

    def insert(self, sql: str, rows: Sequence[Sequence[object]]) -> int:
        """Insert rows of different keys by a statement with one ``VALUES (?, …)``; returns the number written."""

    def savepoint(self) -> AbstractContextManager[object]:
        """A savepoint: when the block fails, only its own statements are rolled back.

        Raises:
            ValueRefusedError: when the database rejects a value.
        """

    def lock_sites(self, sites: Collection[str]) -> None:
        """Lock the rows about the sites against other writers, until the end of the transaction."""

    def claim_outputs(self, run: int, outputs: Iterable[Output]) -> None:
        """Record that a run has outputs open.

        Raises:
            LedgerError: when another run that is at work has one of them open.
        """


class Database(Protocol):
    """Runs functions on the connection one at a time, in the order of the calls."""

    async def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """Run read-only queries; returns the result of ``work``."""

    async def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """Run a transaction; returns the result of ``work``, which may run several times but is committed once.

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
        """Mark a run as active, until the database is closed or this process dies.

        Raises:
            LedgerError: when the database cannot be used.
        """

    async def outputs_in_use(self) -> frozenset[str]:
        """Paths of the outputs that other active runs have open.

        The outputs of dead runs are assigned to this run, if it has begun.
        """

    def close(self) -> None:
        """Release the database."""
