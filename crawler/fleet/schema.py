"""The tables of a fleet: ``scrapy fleet migrate`` creates and migrates them, all other commands only check them.

Workers that run may be of an older version, and their database user need not be allowed to make tables.
"""

from __future__ import annotations

import re
import time
from typing import Any

import psycopg
from procrastinate import schema

from crawler.fleet.database import FleetError, address_of, connect, fetch_value
from crawler.ledger.open import open_ledger
from crawler.ledger.postgresql.address import Address, check_skew, error_line
from crawler.ledger.postgresql.schema import VERSION as LEDGER_VERSION

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
ALTER TABLE fleet_sites ADD COLUMN IF NOT EXISTS alone BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE fleet_sites ADD COLUMN IF NOT EXISTS discharged BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX IF NOT EXISTS fleet_sites_due ON fleet_sites (due);
ALTER TABLE fleet_sites DROP CONSTRAINT IF EXISTS fleet_sites_valid;
ALTER TABLE fleet_sites ADD CONSTRAINT fleet_sites_valid CHECK (
    length(key) BETWEEN 1 AND 4000 AND length(host) BETWEEN 1 AND 255 AND length(url) <= 4000
    AND url ~* '^https?://[^/?#@]+([/?#]|$)' AND every BETWEEN 1 AND 31622400
    AND cycle >= 0 AND failures >= 0 AND lost >= 0
    AND length(source) <= 100000 AND jsonb_typeof(source::jsonb) = 'object'
) NOT VALID;
ALTER TABLE procrastinate_jobs DROP CONSTRAINT IF EXISTS copydesk_crawl_valid;
ALTER TABLE procrastinate_jobs ADD CONSTRAINT copydesk_crawl_valid CHECK (
    queue_name <> 'crawl' OR coalesce(jsonb_typeof(args) = 'object' AND jsonb_typeof(args -> 'site') = 'string'
    AND jsonb_typeof(args -> 'host') = 'string' AND jsonb_typeof(args -> 'cycle') = 'number', false)
) NOT VALID;
"""
"""``cycle`` counts the crawls of a site: a job is for one of them, and a second job for the same does nothing.

``alone`` says that a crawl has a worker for itself. ``discharged`` says that a worker withdrew a failure of the
site once; a successful crawl resets it. The constraints apply to rows of earlier versions once they are changed.
"""

VERSION = 2
"""Of these tables."""

MIGRATION = re.compile(r"(\d\d\.\d\d\.\d\d_\d\d)")
"""How the names of procrastinate's migrations begin, in their order."""

SCHEMA_LOCK = "copydesk:fleet:schema"

MIGRATE = "`scrapy fleet migrate` makes and updates its tables, by a user who may do that"

UPGRADE = "run the newest version of Copydesk on all machines"


async def migrate(url: str) -> Address:
    """Create the tables, or bring them up to date; several may do so at once.

    Raises:
        FleetError: when the database cannot be used, or its queue is that of a newer version of procrastinate.
        LedgerError: when its ledger cannot be used.
    """
    address = address_of(url)
    open_ledger(url).close()
    connection = await connect(address)
    try:
        async with connection, connection.transaction():
            await _create(connection, address)
    except psycopg.Error as error:
        raise FleetError(f"{address.name}: cannot be used: {error_line(error)}") from error
    return address


async def check(url: str) -> Address:
    """Accept a database whose tables are those of this version; nothing is changed.

    Raises:
        FleetError: naming the remedy.
        LedgerError: for a URL that is not valid, and where the clocks differ much.
    """
    address = address_of(url)
    connection = await connect(address)
    try:
        async with connection:
            await _check(connection, address)
            here = time.time()
            there = await fetch_value(connection, "SELECT extract(epoch FROM clock_timestamp())::float")
            check_skew(there - here, address.name)
    except psycopg.errors.UndefinedTable as error:
        raise FleetError(f"{address.name}: there is no fleet in it; {MIGRATE}") from error
    except psycopg.Error as error:
        raise FleetError(f"{address.name}: cannot be used: {error_line(error)}") from error
    return address


async def _check(connection: psycopg.AsyncConnection[object], address: Address) -> None:
    ledger = await fetch_value(connection, "SELECT version FROM ledger")
    fleet, queue = await _meta(connection, "fleet"), await _meta(connection, "procrastinate")
    versions = {
        "ledger is of version": (f"{ledger or 0:06}", f"{LEDGER_VERSION:06}"),
        "fleet is of version": ((fleet or "1").zfill(6), f"{VERSION:06}"),
        "queue is of migration": (queue or "", max(migrations())),
    }
    for name, (there, ours) in versions.items():
        statement = f"{address.name}: its {name} {there.lstrip('0')}"
        if there > ours:
            raise FleetError(f"{statement}, and this Copydesk knows {ours.lstrip('0')}. Upgrade Copydesk: {UPGRADE}")
        if there < ours:
            raise FleetError(f"{statement}, and this Copydesk needs {ours.lstrip('0')}; {MIGRATE}")


async def _meta(connection: psycopg.AsyncConnection[Any], key: str) -> str | None:
    value = await fetch_value(connection, "SELECT value FROM fleet_meta WHERE key = %s", (key,))
    return str(value) if value is not None else None


async def _create(connection: psycopg.AsyncConnection[object], address: Address) -> None:
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (SCHEMA_LOCK,))
    is_new = await fetch_value(connection, "SELECT to_regclass('copydesk.procrastinate_jobs')") is None
    if is_new:
        await connection.execute(schema.SchemaManager.get_schema())
    await connection.execute(TABLES)
    scripts = migrations()
    newest = max(scripts)
    last_applied = newest if is_new else await _meta(connection, "procrastinate") or ""
    if last_applied > newest:
        raise FleetError(
            f"{address.name}: its queue is of procrastinate's migration {last_applied}, and this version knows "
            f"{newest}: {UPGRADE}"
        )
    for name, script in scripts.items():
        if name > last_applied:
            await connection.execute(script)
    query = "INSERT INTO fleet_meta VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    for key, value in (("procrastinate", newest), ("fleet", str(VERSION))):
        await connection.execute(query, (key, value))


def migrations() -> dict[str, str]:
    """The scripts of the installed procrastinate's migrations by number, in order."""
    matches = ((MIGRATION.match(path.name), path) for path in sorted(schema.migrations_path.glob("*.sql")))
    return {match[1]: path.read_text("utf-8") for match, path in matches if match is not None}
