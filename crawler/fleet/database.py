"""The database of a fleet, and connections to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from crawler.ledger.open import POSTGRESQL, redact_url, scheme_of
from crawler.ledger.postgresql.address import KEEPALIVES, Address, error_line


class FleetError(Exception):
    """A fleet that cannot work; the message names what is wrong, and the remedy."""


def address_of(url: str) -> Address:
    """The database of ``COPYDESK_LEDGER``.

    Raises:
        FleetError: for a ledger that is not on PostgreSQL.
        LedgerError: for a URL that is not valid.
    """
    if scheme_of(url) not in POSTGRESQL:
        raise FleetError(
            f"COPYDESK_LEDGER={redact_url(url)}: a fleet needs a ledger on PostgreSQL: "
            "-s COPYDESK_LEDGER=postgresql://USER@HOST/DATABASE"
        )
    return Address.of(url, redact_url(url))


SESSION = {
    "search_path": "copydesk",
    # a worker that is suspended during a transaction blocks the others for at most this long
    "idle_in_transaction_session_timeout": "10s",
    **KEEPALIVES,
}
"""Settings of each connection at the server."""


def parameters(address: Address) -> dict[str, Any]:
    """The parameters of a connection that finds the tables of the fleet."""
    url_options = address.parameters.get("options", "")
    options = " ".join([url_options, *(f"-c{name}={value}" for name, value in SESSION.items())])
    return {**address.parameters, "options": options.strip()}


async def connect(address: Address) -> psycopg.AsyncConnection[object]:
    """A connection, where each statement outside of a transaction is one.

    Raises:
        FleetError: when the database cannot be reached.
    """
    try:
        return await psycopg.AsyncConnection.connect(**parameters(address), autocommit=True)
    except psycopg.Error as error:
        raise FleetError(f"{address.name}: cannot be used: {error_line(error)}") from error


async def fetch_value(
    connection: psycopg.AsyncConnection[Any], query: str, values: Sequence[object] | Mapping[str, object] = ()
) -> Any:
    """The first value of the first row of a query; None where there is none."""
    row = await (await connection.execute(query, values)).fetchone()
    return row[0] if row is not None else None
