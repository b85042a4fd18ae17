"""One run at a time on a ledger: a lock that the system takes back when its process dies."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from filelock import FileLock, Timeout

from crawler.ledger.file import MEMORY, read_only


class LedgerBusyError(Exception):
    """Another run works on the ledger; the message names its process."""


def lock(path: str) -> FileLock | None:
    """Take the lock of a ledger, until the process ends or releases it; None for a ledger in memory.

    Raises:
        LedgerBusyError: at once, when another process has it.
        OSError: when the lock's file cannot be made.
    """
    if path == MEMORY:
        return None
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    taken = FileLock(f"{path}.lock", timeout=0)
    try:
        taken.acquire()
    except Timeout as error:
        raise LedgerBusyError(f"{path}: {holder(path)} is at work on this ledger") from error
    return taken


def holder(path: str) -> str:
    """The process of the run that began last and has not ended."""
    try:
        with closing(read_only(path)) as connection:
            row = connection.execute("SELECT pid FROM runs WHERE ended IS NULL ORDER BY id DESC LIMIT 1").fetchone()
    except sqlite3.Error:
        row = None
    return f"process {row[0]}" if row else "another process"
