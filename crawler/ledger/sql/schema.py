"""The tables of the SQLite ledger, and the migrations between its versions."""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x434F5059
"""'COPY': distinguishes a ledger from any other SQLite file."""

MIGRATIONS = (
    """
    CREATE TABLE urls (
        key BLOB PRIMARY KEY, url TEXT NOT NULL, source TEXT NOT NULL, role TEXT NOT NULL,
        first_seen INTEGER NOT NULL, found_in TEXT NOT NULL, lastmod INTEGER, fetched INTEGER, status INTEGER,
        etag TEXT, last_modified TEXT, fingerprint TEXT, changed INTEGER, due INTEGER,
        failures INTEGER NOT NULL DEFAULT 0, reason TEXT, article TEXT, run INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX urls_due ON urls (source, due) WHERE due IS NOT NULL;
    CREATE TABLE articles (
        id TEXT PRIMARY KEY, url TEXT NOT NULL, revision INTEGER NOT NULL, fingerprint TEXT NOT NULL,
        first_seen INTEGER NOT NULL, changed INTEGER NOT NULL, output TEXT, signature BLOB, duplicate_of TEXT
    ) WITHOUT ROWID;
    CREATE INDEX articles_fingerprint ON articles (fingerprint);
    CREATE INDEX articles_output ON articles (output) WHERE output IS NOT NULL;
    CREATE TABLE bands (band BLOB NOT NULL, article TEXT NOT NULL, PRIMARY KEY (band, article)) WITHOUT ROWID;
    CREATE TABLE outputs (
        path TEXT PRIMARY KEY, offset INTEGER NOT NULL, is_open INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, pid INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER, status INTEGER,
        report TEXT NOT NULL
    );
    CREATE TABLE totals (
        source TEXT PRIMARY KEY, urls INTEGER NOT NULL, articles INTEGER NOT NULL
    ) WITHOUT ROWID;
    """,
    "ALTER TABLE urls ADD COLUMN depth INTEGER NOT NULL DEFAULT 1;",
    # what a Google News sitemap declares of an article, for one that is fetched in a later run
    "ALTER TABLE urls ADD COLUMN title TEXT; ALTER TABLE urls ADD COLUMN published TEXT;",
    # the same of a feed's entry, with its authors and categories: JSON, in place of the two columns
    """
    ALTER TABLE urls ADD COLUMN announced TEXT;
    UPDATE urls SET announced = json_array(published, title, json_array(), json_array(), 'news sitemap')
        WHERE title IS NOT NULL OR published IS NOT NULL;
    ALTER TABLE urls DROP COLUMN title; ALTER TABLE urls DROP COLUMN published;
    """,
    # the memory of each site: the pages that were observed last, the layouts of its articles, and its URL patterns
    """
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
    """,
    # what rendering gave, by site
    """
    CREATE TABLE renderings (
        site TEXT PRIMARY KEY, helped INTEGER NOT NULL, useless INTEGER NOT NULL
    ) WITHOUT ROWID;
    """,
    # a row for each URL of a page, and whether another site alone has listed it
    """
    ALTER TABLE urls RENAME TO pages;
    CREATE TABLE urls (
        key BLOB NOT NULL, variant BLOB NOT NULL, url TEXT NOT NULL, source TEXT NOT NULL, found_in TEXT NOT NULL,
        run INTEGER NOT NULL, depth INTEGER NOT NULL, role TEXT NOT NULL, first_seen INTEGER NOT NULL,
        lastmod INTEGER, fetched INTEGER, status INTEGER, etag TEXT, last_modified TEXT, fingerprint TEXT,
        changed INTEGER, due INTEGER, failures INTEGER NOT NULL, reason TEXT, article TEXT, announced TEXT,
        is_foreign INTEGER NOT NULL, PRIMARY KEY (key, variant)
    ) WITHOUT ROWID;
    INSERT INTO urls SELECT
        key, x'', url, source, found_in, run, depth, role, first_seen, lastmod, fetched, status, etag, last_modified,
        fingerprint, changed, due, failures, reason, article, announced, 0
    FROM pages;
    DROP TABLE pages;
    CREATE INDEX urls_due ON urls (source, due) WHERE due IS NOT NULL;
    ALTER TABLE articles ADD COLUMN claims TEXT;
    """,
    # what an article is about, and its lines with numbers
    "ALTER TABLE articles ADD COLUMN about BLOB; ALTER TABLE articles ADD COLUMN numbered BLOB;",
    # what each page is
    "ALTER TABLE urls ADD COLUMN page_class TEXT;",
)
"""One script per version; the file's ``user_version`` is the number of scripts that were applied."""

VERSION = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection) -> None:
    """Migrate a ledger to this version, each step in its own transaction.

    Raises:
        sqlite3.DatabaseError: when the file is not an SQLite database or cannot be written.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for number in range(version, VERSION):
        connection.executescript(
            f"BEGIN IMMEDIATE; {MIGRATIONS[number]} PRAGMA application_id = {APPLICATION_ID}; "
            f"PRAGMA user_version = {number + 1}; COMMIT;"
        )
