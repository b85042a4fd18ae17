"""The tables of the SQLite ledger."""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x434F5059
"""'COPY': distinguishes a ledger from any other SQLite file."""

VERSION = 1
"""Of the tables: the file's ``user_version``."""

TABLES = f"""
BEGIN IMMEDIATE;
CREATE TABLE urls (
    key BLOB NOT NULL, variant BLOB NOT NULL, url TEXT NOT NULL, source TEXT NOT NULL, found_in TEXT NOT NULL,
    run INTEGER NOT NULL, depth INTEGER NOT NULL, role TEXT NOT NULL, first_seen INTEGER NOT NULL,
    lastmod INTEGER, fetched INTEGER, status INTEGER, etag TEXT, last_modified TEXT, fingerprint TEXT,
    changed INTEGER, due INTEGER, failures INTEGER NOT NULL, reason TEXT, article TEXT, announced TEXT,
    is_foreign INTEGER NOT NULL, page_class TEXT, PRIMARY KEY (key, variant)
) WITHOUT ROWID;
CREATE INDEX urls_due ON urls (source, due) WHERE due IS NOT NULL;
CREATE TABLE articles (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, revision INTEGER NOT NULL, fingerprint TEXT NOT NULL,
    first_seen INTEGER NOT NULL, changed INTEGER NOT NULL, output TEXT, signature BLOB, duplicate_of TEXT,
    claims TEXT, about BLOB, numbered BLOB, published INTEGER
) WITHOUT ROWID;
CREATE INDEX articles_fingerprint ON articles (fingerprint);
CREATE INDEX articles_output ON articles (output) WHERE output IS NOT NULL;
CREATE TABLE bands (band BLOB NOT NULL, article TEXT NOT NULL, PRIMARY KEY (band, article)) WITHOUT ROWID;
CREATE TABLE outputs (path TEXT PRIMARY KEY, offset INTEGER NOT NULL, is_open INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, pid INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER, status INTEGER,
    report TEXT NOT NULL
);
CREATE TABLE totals (source TEXT PRIMARY KEY, urls INTEGER NOT NULL, articles INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE observations (
    site TEXT NOT NULL, page INTEGER NOT NULL, day INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (site, page)
);
CREATE TABLE layouts (
    site TEXT NOT NULL, section TEXT NOT NULL, layout INTEGER NOT NULL, pages INTEGER NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, began INTEGER NOT NULL, seen INTEGER NOT NULL,
    missing TEXT NOT NULL, examples TEXT NOT NULL, PRIMARY KEY (site, section, layout)
) WITHOUT ROWID;
CREATE INDEX layouts_seen ON layouts (seen);
CREATE TABLE url_patterns (
    site TEXT NOT NULL, pattern TEXT NOT NULL, pages INTEGER NOT NULL, articles INTEGER NOT NULL,
    PRIMARY KEY (site, pattern)
) WITHOUT ROWID;
CREATE TABLE renderings (site TEXT PRIMARY KEY, helped INTEGER NOT NULL, useless INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};
COMMIT;
"""
"""``urls`` has a row for each URL of a page; ``observations``, ``layouts``, ``url_patterns`` and ``renderings`` are the
memory of each site."""


def create(connection: sqlite3.Connection) -> None:
    """Create the tables in a new ledger.

    Raises:
        sqlite3.DatabaseError: when the file is not an SQLite database or cannot be written.
    """
    if not connection.execute("PRAGMA user_version").fetchone()[0]:
        connection.executescript(TABLES)
