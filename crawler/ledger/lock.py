"""One run at a time on a ledger: a file lock that the operating system releases when the process dies."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from filelock import FileLock, Timeout

from crawler.ledger.open import ledger_path, read_only


class LedgerBusyError(Exception):
    """Another run uses the ledger; the message names its process."""


def lock(url: str) -> FileLock | None:
    """Acquire the lock of a ledger, until the process ends or releases it; None for a ledger that is not a file.

    Raises:
        LedgerBusyError: at once, when another run holds it, in this process or in another one.
        LedgerError: when no ledger has the scheme of the URL.
        OSError: when the lock file cannot be created.
    """
    path = ledger_path(url)
    if path is None:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    taken = FileLock(f"{path}.lock", timeout=0, is_singleton=True)
    if taken.is_locked:
        raise LedgerBusyError(f"{path}: {holder(path)} is at work on this ledger")
    try:
        taken.acquire()
    except Timeout as error:
        raise LedgerBusyError(f"{path}: {holder(path)} is at work on this ledger") from error
    return taken


def holder(path: Path) -> str:
    """The process of the latest run that has not ended."""
    try:
        with closing(read_only(path)) as connection:
            row = connection.execute("SELECT pid FROM runs WHERE ended IS NULL ORDER BY id DESC LIMIT 1").fetchone()
    except sqlite3.Error:
        row = None
    return f"process {row[0]}" if row else "another process"
