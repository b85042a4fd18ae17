"""The last capture of each URL of an archive, with which a later run recognises unchanged content.

Where the database is missing or damaged, it is rebuilt from the indexes of the WARC files in the folder.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

from crawler.files.warc import cdxj
from crawler.files.warc.records import Original

FILE = "captures.sqlite"

TABLE = """
CREATE TABLE IF NOT EXISTS captures (
    key BLOB PRIMARY KEY, digest TEXT NOT NULL, at TEXT NOT NULL, record TEXT NOT NULL
) WITHOUT ROWID
"""

WRITE = """
INSERT INTO captures VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
    digest = excluded.digest, at = excluded.at, record = excluded.record WHERE excluded.at >= captures.at
"""

BUSY_SECONDS = 30.0
"""Seconds to wait for another run that writes to the same archive."""


class LastCaptures:
    """The last capture of each URL of an archive.

    Args:
        folder: of the archive.

    Raises:
        sqlite3.Error: when the file cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._db = self._open(folder)
        except sqlite3.DatabaseError:  # damaged, as by a power failure
            (folder / FILE).unlink(missing_ok=True)
            self._db = self._open(folder)

    def _open(self, folder: Path) -> sqlite3.Connection:
        db = sqlite3.connect(folder / FILE, isolation_level=None, timeout=BUSY_SECONDS)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = OFF")  # it can be made again
        db.execute("BEGIN IMMEDIATE")
        if not db.execute("PRAGMA user_version").fetchone()[0]:
            db.execute(TABLE)
            for index in sorted(folder.glob(f"*{cdxj.ENDING}")):
                db.executemany(WRITE, _rows(index))
            db.execute("PRAGMA user_version = 1")
        db.execute("COMMIT")
        return db

    def find(self, url: str) -> Original | None:
        """The last capture of a URL."""
        with closing(self._db.execute("SELECT record, at, digest FROM captures WHERE key = ?", (_key(url),))) as cursor:
            row = cursor.fetchone()
        return Original(record=row[0], url=url, at=row[1], digest=row[2]) if row else None

    def keep(self, original: Original) -> None:
        """Keep the capture of a URL; it is on disk after :meth:`commit`."""
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")
        self._db.execute(WRITE, (_key(original.url), original.digest, original.at, original.record))

    def commit(self) -> None:
        """Write the captures to disk. Content whose capture a killed run did not write is archived in full again."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self.commit()
        self._db.close()


def _rows(index: Path) -> Iterator[tuple[bytes, str, str, str]]:
    """The captures of an index, without record ids, which it does not have: URL and time also identify a record."""
    for capture in cdxj.read(index):
        if capture.get("mime") != cdxj.REVISIT_MIME and capture.get("status") == "200":
            yield _key(capture["url"]), capture["digest"], _date(capture["timestamp"]), ""


def _key(url: str) -> bytes:
    return blake2b(url.encode("utf-8", "replace"), digest_size=16).digest()


def _date(digits: str) -> str:
    """The WARC-Date of the 14 digits of an index."""
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:14]}Z"
