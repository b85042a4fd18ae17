"""Address and connection parameters of a PostgreSQL database. No message contains the password."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Self

import psycopg
from psycopg.abc import Buffer
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.string import StrDumperUnknown

from crawler.ledger.types import LedgerError

EXPECTED = "expected postgresql://USER@HOST:PORT/DATABASE; the password is better in ~/.pgpass or PGPASSWORD"

REMEDY = "Check that it runs and that COPYDESK_LEDGER names it"

DEFAULTS = {
    "application_name": "copydesk",
    "connect_timeout": 10,
    # both sides notice within about half a minute that the other one is gone
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}
"""Parameters of the connection, where the URL does not name them."""

KEEPALIVES = {
    # as for the client's side: the locks of a worker whose machine died are free within half a minute
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "4",
    "tcp_user_timeout": "30s",
}
"""Settings at the server, by which it notices that a client is gone."""

SESSION = {
    "search_path": "copydesk",
    "client_encoding": "UTF8",
    # a stuck writer is terminated before the writers that wait for it time out; a commit takes milliseconds
    "idle_in_transaction_session_timeout": "30s",
    "statement_timeout": "90s",
    # every query of the ledger has an index, but without statistics the planner takes a new table for small, scans
    # it completely, and keeps that plan: 8 ms for a query at 500 articles, and more with each article
    "enable_seqscan": "off",
    **KEEPALIVES,
}
"""Settings of each connection at the server."""

CONFIGURE = "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[]) AS setting (name, value)"


MAX_SKEW = 300.0
"""Seconds by which two clocks may differ: that of Kerberos (RFC 4120, 8.2)."""


def check_skew(skew: float, name: str) -> None:
    """Accept the difference of two clocks.

    Args:
        skew: seconds by which the clock of the database is ahead.
        name: of the database.

    Raises:
        LedgerError: for a large one.
    """
    if abs(skew) > MAX_SKEW:
        raise LedgerError(
            f"the clock of this machine is {abs(skew):,.0f} s {'behind' if skew > 0 else 'ahead of'} that of {name}: "
            "set it (with NTP); dates and what is due would be wrong"
        )


def error_line(error: BaseException) -> str:
    """An error in one line."""
    return " ".join(str(error).split()) or type(error).__name__


class TextDumper(StrDumperUnknown):
    """Text without NUL, which PostgreSQL does not store."""

    def dump(self, obj: str) -> Buffer | None:
        """The bytes of a text."""
        return super().dump(obj.replace("\x00", "") if "\x00" in obj else obj)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A database."""

    parameters: dict[str, Any] = field(repr=False)
    """Of the connection, with the password where the URL has one."""
    name: str
    """Host, port and database, for messages."""

    @classmethod
    def of(cls, url: str, shown: str) -> Self:
        """The address that a URL names.

        Args:
            url: ``postgresql://…``, as of libpq.
            shown: the URL without user and password.

        Raises:
            LedgerError: when it is not valid. libpq's own message may quote a part of the password.
        """
        try:
            parameters = conninfo_to_dict(url)
        except (psycopg.Error, UnicodeError):
            raise LedgerError(f"{shown}: no valid URL of a database; {EXPECTED}") from None
        host = parameters.get("host") or parameters.get("hostaddr")
        where = ":".join(str(part) for part in (host, parameters.get("port")) if part)
        database = parameters.get("dbname") or parameters.get("service") or parameters.get("user")
        return cls(
            parameters={**DEFAULTS, **parameters},
            name=f"PostgreSQL at {where or 'the default host'}, database {database or 'by default'}",
        )

    def connect(self) -> psycopg.Connection:
        """A new connection, where each statement outside of a transaction is one.

        Raises:
            psycopg.OperationalError: when the database cannot be reached.
        """
        connection = psycopg.connect(**self.parameters, autocommit=True)
        connection.adapters.register_dumper(str, TextDumper)
        try:
            connection.execute(CONFIGURE, (list(SESSION), list(SESSION.values())))
        except psycopg.Error:
            connection.close()
            raise
        return connection

    def clock_skew(self, connection: psycopg.Connection) -> float:
        """Seconds by which the clock of the database is ahead of this machine's.

        Raises:
            LedgerError: where they differ by more than ``MAX_SKEW``.
        """
        row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float").fetchone()
        skew = float(row[0]) - time.time() if row else 0.0
        check_skew(skew, self.name)
        return skew

    def error(self, error: psycopg.Error) -> LedgerError:
        """An error of the database in one line."""
        return LedgerError(f"{self.name}: the ledger cannot be used: {error_line(error)}. {REMEDY}")
