"""The ledger's file: made where there is none, refused and left alone where it cannot be used."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from crawler.ledger.schema import APPLICATION_ID, VERSION, migrate
from crawler.ledger.sqlite import SqliteLedger
from crawler.ledger.types import LedgerError

MEMORY = ":memory:"


def open_ledger(path: str, *, is_checked: bool = False) -> SqliteLedger:
    """The ledger at a path, made where there is none. A file that was checked is not read through again.

    Raises:
        LedgerError: when the file is damaged, none of ours, from a newer version, or cannot be written; it is not touched then.
    """
    try:
        if path != MEMORY:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            if not is_checked:
                check(path)
        connection = sqlite3.connect(path, isolation_level=None)
        if path != MEMORY:
            connection.execute("PRAGMA journal_mode = WAL")
        # WAL with NORMAL loses at most the last commits in a power cut; their lines are then adopted from the output
        connection.execute("PRAGMA synchronous = NORMAL")
        migrate(connection)
    except (sqlite3.DatabaseError, OSError) as error:
        raise LedgerError(f"{path}: the ledger cannot be used: {error}. {WAY_OUT}") from error
    return SqliteLedger(connection)


WAY_OUT = "Move it away and make a new one from what was written: scrapy ledger rebuild articles.jsonl; or set LEDGER_PATH to another file"


def read_only(path: str) -> sqlite3.Connection:
    """A connection that cannot change the file, nor make one."""
    return sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)


def check(path: str) -> None:
    """Let a file pass that is a ledger, empty or not there; only reads it.

    Raises:
        LedgerError: naming the file and the way out.
    """
    if not Path(path).exists() or Path(path).stat().st_size == 0:
        return
    with closing(read_only(path)) as connection:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if application != APPLICATION_ID:
            raise LedgerError(f"{path}: an SQLite file, but no ledger of Copydesk. {WAY_OUT}")
        if version > VERSION:
            raise LedgerError(
                f"{path}: a ledger of version {version}; this Copydesk knows {VERSION}. Upgrade Copydesk. {WAY_OUT}"
            )
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0] if version else "ok"
        if found != "ok":
            raise LedgerError(f"{path}: the ledger is damaged ({found}). {WAY_OUT}")
