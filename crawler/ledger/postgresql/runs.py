"""Which runs are active, and which outputs they have open.

An active run has an advisory lock on its number, which the server releases when the connection ends. If another run
can take that lock, the run is dead, and its outputs may be recovered.
"""

from __future__ import annotations

from typing import Any

import psycopg

from crawler.ledger.types import LedgerError

RUN_LOCK = 0x434F5052
"""'COPR': first number of the advisory locks of runs."""

GRACE_SECONDS = 30
"""Seconds after a server start in which no run is taken for dead: the restart ended its connection, and the run, which
checks it every ten seconds, may not have noticed yet."""

UPTIME = "SELECT extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())"

END_OLD = """
SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s::int8::oid
    AND objid = %s::int8::oid AND pid = %s AND granted AND database = (
        SELECT oid FROM pg_database WHERE datname = current_database()
    )
"""

HOLD = """
INSERT INTO holders (path, run) VALUES (%s, %s)
ON CONFLICT (path) DO UPDATE SET run = excluded.run WHERE holders.run = excluded.run
"""


class TooEarlyError(Exception):
    """The server has just started, and a run whose lock is free may still be at work; ``wait`` is in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.wait = wait


def _scalar(db: psycopg.Connection, query: str, values: tuple[object, ...]) -> Any:
    row = db.execute(query, values).fetchone()
    return row[0] if row else None


def take_lock(db: psycopg.Connection, run: int, old: int) -> bool:
    """Take the lock of a run for as long as the connection lives; False where another connection still has it.

    Args:
        db: the connection.
        run: number of the run.
        old: the server's process of this run's connection before; it is ended where it still has the lock.

    Raises:
        LedgerError: when another run has taken over this run's outputs.
    """
    if not _scalar(db, "SELECT pg_try_advisory_lock(%s, %s)", (RUN_LOCK, run)):
        db.execute(END_OLD, (RUN_LOCK, run, old))
        return False
    if _scalar(db, "SELECT is_taken_over FROM runs WHERE id = %s", (run,)) is not False:
        raise LedgerError(
            f"run {run} lost its connection to the ledger, and another run has taken it for dead and its outputs over; "
            "what was not committed comes again in the next run"
        )
    return True


def last_commit(db: psycopg.Connection, run: int) -> int:
    """Number of the last commit of a run that was applied."""
    return int(_scalar(db, "SELECT commits FROM runs WHERE id = %s", (run,)) or 0)


def claim_output(db: psycopg.Connection, run: int, path: str) -> None:
    """Note that a run has an output open, within a transaction.

    Raises:
        LedgerError: when another run has it open. If that run died after this one began, lines must be recovered.
    """
    if db.execute(HOLD, (path, run)).rowcount:
        return
    other = _scalar(db, "SELECT run FROM holders WHERE path = %s", (path,))
    raise LedgerError(
        f"{path}: run {other} has this output open; name another file, or start again where that run has ended"
    )


def outputs_in_use(db: psycopg.Connection, run: int, prefix: str) -> frozenset[str]:
    """Paths of the outputs that other runs of this machine have open and are at work on, within a transaction.

    Args:
        db: the connection.
        run: the run that takes over the outputs of dead runs; 0 to take over none.
        prefix: what the paths of this machine begin with.

    Raises:
        TooEarlyError: when the server has just started.
    """
    query = "SELECT path, run FROM holders WHERE starts_with(path, %s) AND run <> %s ORDER BY run"
    holders = db.execute(query, (prefix, run)).fetchall()
    dead = {other for other in sorted({other for _, other in holders}) if _is_dead(db, other)}
    for other in sorted(dead) if run else ():
        wait = GRACE_SECONDS - float(_scalar(db, UPTIME, ()))
        if wait > 0 and _scalar(db, "SELECT ended IS NULL FROM runs WHERE id = %s", (other,)):
            raise TooEarlyError(wait)
        _take_over(db, other, run)
    return frozenset(path for path, other in holders if other not in dead)


def _is_dead(db: psycopg.Connection, run: int) -> bool:
    """True for a run whose lock is free. This transaction then keeps the lock, so that the run cannot resume."""
    return bool(_scalar(db, "SELECT pg_try_advisory_xact_lock(%s, %s)", (RUN_LOCK, run)))


def _take_over(db: psycopg.Connection, dead: int, run: int) -> None:
    db.execute("UPDATE holders SET run = %s WHERE run = %s", (run, dead))
    db.execute("UPDATE runs SET is_taken_over = true WHERE id = %s", (dead,))
