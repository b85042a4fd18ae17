"""The tables of the ledger on PostgreSQL."""

from __future__ import annotations

import psycopg

from crawler.ledger.types import LedgerError

SCHEMA_LOCK = 0x434F504D
"""'COPM': first number of the advisory lock: exclusive while tables are created, shared by commits."""

HAS_TABLES = "SELECT 1 FROM pg_tables WHERE schemaname = 'copydesk' AND tablename = 'ledger'"

TABLES = """
CREATE TABLE urls (
    key BYTEA NOT NULL, variant BYTEA NOT NULL, url TEXT NOT NULL, source TEXT NOT NULL, found_in TEXT NOT NULL,
    run INTEGER NOT NULL, depth INTEGER NOT NULL, role TEXT NOT NULL, first_seen BIGINT NOT NULL,
    lastmod BIGINT, fetched BIGINT, status INTEGER, etag TEXT, last_modified TEXT, fingerprint TEXT,
    changed BIGINT, due BIGINT, failures INTEGER NOT NULL, reason TEXT, article TEXT, announced TEXT,
    is_foreign INTEGER NOT NULL, page_class TEXT, PRIMARY KEY (key, variant)
);
CREATE INDEX urls_due ON urls (source, coalesce(due, 0), key, variant);
CREATE TABLE articles (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, revision INTEGER NOT NULL, fingerprint TEXT NOT NULL,
    first_seen BIGINT NOT NULL, changed BIGINT NOT NULL, output TEXT, signature BYTEA, duplicate_of TEXT,
    claims TEXT, about BYTEA, numbered BYTEA, published BIGINT
);
CREATE INDEX articles_fingerprint ON articles (fingerprint);
CREATE INDEX articles_output ON articles (output) WHERE output IS NOT NULL;
CREATE TABLE bands (band BYTEA NOT NULL, article TEXT NOT NULL, PRIMARY KEY (band, article));
CREATE TABLE outputs (path TEXT PRIMARY KEY, "offset" BIGINT NOT NULL, is_open INTEGER NOT NULL);
CREATE TABLE runs (
    id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pid BIGINT NOT NULL, started BIGINT NOT NULL,
    ended BIGINT, status INTEGER, report TEXT NOT NULL,
    commits BIGINT NOT NULL DEFAULT 0, is_taken_over BOOLEAN NOT NULL DEFAULT false
);
CREATE TABLE holders (path TEXT PRIMARY KEY, run INTEGER NOT NULL);
CREATE TABLE totals (source TEXT PRIMARY KEY, urls BIGINT NOT NULL, articles BIGINT NOT NULL);
CREATE TABLE observations (
    site TEXT NOT NULL, page BIGINT NOT NULL, day INTEGER NOT NULL, data BYTEA NOT NULL, PRIMARY KEY (site, page)
);
CREATE TABLE layouts (
    site TEXT NOT NULL, section TEXT NOT NULL, layout BIGINT NOT NULL, pages INTEGER NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, began BIGINT NOT NULL, seen BIGINT NOT NULL,
    missing TEXT NOT NULL, examples TEXT NOT NULL, PRIMARY KEY (site, section, layout)
);
CREATE INDEX layouts_seen ON layouts (seen);
CREATE TABLE url_patterns (
    site TEXT NOT NULL, pattern TEXT NOT NULL, pages INTEGER NOT NULL, articles INTEGER NOT NULL,
    PRIMARY KEY (site, pattern)
);
CREATE TABLE renderings (site TEXT PRIMARY KEY, helped INTEGER NOT NULL, useless INTEGER NOT NULL);
"""
"""Those of SQLite, and ``holders``, which says which run has an output open, and two columns of ``runs``: the number of
its commits, and whether another run took over its outputs."""

VERSION = 1


def create(connection: psycopg.Connection, name: str) -> None:
    """Create the tables where there are none; of workers that start at once one does it.

    Raises:
        LedgerError: when they are from another version. They are then left unchanged.
        psycopg.Error: when the database refuses it.
    """
    if _stored_version(connection) == VERSION:
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, 0)", (SCHEMA_LOCK,))
        version = _stored_version(connection)
        if not version:
            connection.execute("CREATE SCHEMA IF NOT EXISTS copydesk")
            connection.execute("CREATE TABLE ledger (version INTEGER NOT NULL)")
            connection.execute("INSERT INTO ledger VALUES (%s)", (VERSION,))
            connection.execute(TABLES)
        else:
            refuse_other(version, name)


def _stored_version(connection: psycopg.Connection) -> int:
    """The version of the tables; 0 where there are none."""
    row = connection.execute(HAS_TABLES).fetchone()  # to_regclass would not see tables created meanwhile
    return stored_version(connection) if row else 0


def stored_version(connection: psycopg.Connection) -> int:
    """The version of the tables that are there."""
    row = connection.execute("SELECT version FROM copydesk.ledger").fetchone()
    return int(row[0]) if row else 0


def refuse_other(version: int, name: str) -> None:
    """Refuse tables that this version does not know.

    Raises:
        LedgerError: with the remedy.
    """
    if version != VERSION:
        raise LedgerError(
            f"{name}: a ledger of version {version}; this Copydesk knows {VERSION}. Name another database with "
            "COPYDESK_LEDGER"
        )


def check_version(connection: psycopg.Connection, name: str) -> None:
    """Check that the tables are of this version; nobody changes it until the transaction ends.

    Raises:
        LedgerError: when another version replaced them while the run was at work.
    """
    connection.execute("SELECT pg_advisory_xact_lock_shared(%s, 0)", (SCHEMA_LOCK,))
    refuse_other(stored_version(connection), name)
