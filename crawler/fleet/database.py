"""The database of a fleet: its own tables beside those of the ledger and of procrastinate."""

from __future__ import annotations

import re
from typing import Any

import psycopg
from procrastinate import schema

from crawler.ledger.open import POSTGRESQL, open_ledger, scheme_of, shown
from crawler.ledger.postgresql.address import KEEPALIVES, Address

TABLES = """
CREATE TABLE IF NOT EXISTS fleet_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS fleet_control (one BOOLEAN PRIMARY KEY DEFAULT true CHECK (one), draining BOOLEAN NOT NULL);
ALTER TABLE fleet_control ADD COLUMN IF NOT EXISTS looked TIMESTAMPTZ;
INSERT INTO fleet_control VALUES (true, false) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS fleet_hosts (host TEXT PRIMARY KEY, free TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS fleet_sites (
    key TEXT PRIMARY KEY, url TEXT NOT NULL, host TEXT NOT NULL, source TEXT NOT NULL, every DOUBLE PRECISION NOT NULL,
    due TIMESTAMPTZ NOT NULL DEFAULT now(), cycle BIGINT NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
    lost INTEGER NOT NULL DEFAULT 0, error TEXT, done TIMESTAMPTZ
);
CREATE INDEX IF NOT EXISTS fleet_sites_due ON fleet_sites (due);
"""
"""``cycle`` counts the crawls of a site: a job is for one of them, and a second job for the same does nothing."""

MIGRATION = re.compile(r"(\d\d\.\d\d\.\d\d_\d\d)")
"""How the names of procrastinate's migrations begin, in their order."""

SCHEMA_LOCK = "copydesk:fleet:schema"


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
            f"COPYDESK_LEDGER={shown(url)}: a fleet needs a ledger on PostgreSQL: "
            "-s COPYDESK_LEDGER=postgresql://USER@HOST/DATABASE"
        )
    return Address.of(url, shown(url))


SESSION = {
    "search_path": "copydesk",
    # a worker that is suspended in the midst of a transaction holds up the others for no longer
    "idle_in_transaction_session_timeout": "10s",
    **KEEPALIVES,
}
"""Settings of each connection at the server."""


def parameters(address: Address) -> dict[str, Any]:
    """The parameters of a connection that finds the tables of the fleet."""
    given = address.parameters.get("options", "")
    options = " ".join([given, *(f"-c{name}={value}" for name, value in SESSION.items())])
    return {**address.parameters, "options": options.strip()}


async def connect(address: Address) -> psycopg.AsyncConnection[Any]:
    """A connection, where each statement outside of a transaction is one.

    Raises:
        FleetError: when the database cannot be reached.
    """
    try:
        return await psycopg.AsyncConnection.connect(**parameters(address), autocommit=True)
    except psycopg.Error as error:
        raise FleetError(f"{address.name}: cannot be used: {words(error)}") from error


def words(error: BaseException) -> str:
    """An error in one line."""
    return " ".join(str(error).split()) or type(error).__name__


async def prepare(url: str) -> Address:
    """Create the tables where there are none; several workers may do so at once.

    Raises:
        FleetError: when the database cannot be used, or its queue is that of another version of procrastinate.
        LedgerError: when its ledger cannot be used.
    """
    address = address_of(url)
    open_ledger(url).close()
    connection = await connect(address)
    try:
        async with connection, connection.transaction():
            await _create(connection, address)
    except psycopg.Error as error:
        raise FleetError(f"{address.name}: cannot be used: {words(error)}") from error
    return address


async def _create(connection: psycopg.AsyncConnection[Any], address: Address) -> None:
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (SCHEMA_LOCK,))
    found = await connection.execute("SELECT to_regclass('copydesk.procrastinate_jobs')")
    row = await found.fetchone()
    is_new = row is None or row[0] is None
    if is_new:
        await connection.execute(schema.SchemaManager.get_schema())
    await connection.execute(TABLES)
    scripts = migrations()
    newest = max(scripts)
    if is_new:
        await connection.execute("INSERT INTO fleet_meta VALUES ('procrastinate', %s)", (newest,))
    row = await (await connection.execute("SELECT value FROM fleet_meta WHERE key = 'procrastinate'")).fetchone()
    known = str(row[0]) if row is not None else ""
    if known > newest:
        raise FleetError(
            f"{address.name}: its queue is of procrastinate's migration {known}, and this version knows "
            f"{newest}: run the newest version of Copydesk on all machines"
        )
    for name, script in scripts.items():
        if name > known:
            await connection.execute(script)
    await connection.execute("UPDATE fleet_meta SET value = %s WHERE key = 'procrastinate'", (newest,))


def migrations() -> dict[str, str]:
    """The scripts of the installed procrastinate's migrations by number, in order."""
    found = ((MIGRATION.match(path.name), path) for path in sorted(schema.migrations_path.glob("*.sql")))
    return {match[1]: path.read_text("utf-8") for match, path in found if match is not None}
