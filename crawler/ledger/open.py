"""Opens the ledger at a URL. A missing one is created; an unusable one is rejected and left unchanged."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import lru_cache
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.config.settings_values import SettingsValues
from crawler.files.paths import in_data_folder
from crawler.ledger.sql.ledger import SqlLedger
from crawler.ledger.sql.schema import APPLICATION_ID, VERSION, create
from crawler.ledger.sqlite import SqliteDatabase
from crawler.ledger.types import Ledger, LedgerError

SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql", "postgres")
"""Schemes of a URL of PostgreSQL, as libpq has them."""

MEMORY = ":memory:"
"""The path of a ledger in memory, which ends with its process."""

REMEDY = (
    "Move it away and make a new one from what was written: scrapy ledger rebuild articles.jsonl; "
    "or name another file with COPYDESK_LEDGER"
)


NEEDS_PSYCOPG = "needs the package psycopg: pip install 'copydesk[fleet]'"

PASSWORD = re.compile(r"[?&]\w*password=[^&]*")


def ledger_url(settings: BaseSettings) -> str:
    """The ledger of ``COPYDESK_LEDGER``: a relative path is in the project's data folder, an empty one in memory.

    Raises:
        UsageError: naming a setting that is not valid.
    """
    url = SettingsValues.of(settings).ledger
    if not url or url == MEMORY:
        return MEMORY
    if "://" in url and not url.startswith(SQLITE):
        return url
    return in_data_folder(url.removeprefix(SQLITE))


def crawl_ledger_url(settings: BaseSettings) -> str:
    """The ledger of a crawl: that of the project; only in main memory for a crawl without an output."""
    return ledger_url(settings) if settings.getdict("FEEDS") else MEMORY


def open_ledger(url: str, job: str = "") -> Ledger:
    """The ledger at a URL, created where there is none.

    Args:
        url: ``sqlite:///path``, or a path; ``postgresql://user@host:port/database``.
        job: of a fleet, ``NUMBER:WORKER``: each commit asks whether the worker still has it.

    Raises:
        LedgerError: when the scheme is unknown, or the ledger is damaged, not one of Copydesk, from another
            version, not writable, or not to be reached. It is then left unchanged.
    """
    return OPENERS[scheme_of(url)](url, job)


def scheme_of(url: str) -> str:
    """The scheme of a ledger's URL; ``sqlite`` for a path.

    Raises:
        LedgerError: when no ledger has it.
    """
    scheme, separator, _ = url.partition("://")
    if not separator:
        return "sqlite"
    if scheme not in OPENERS:
        raise LedgerError(
            f"{redact_url(url)}: no ledger has the scheme '{scheme}'; expected one of {', '.join(OPENERS)}"
        )
    if scheme == "sqlite" and not url.startswith(SQLITE):
        raise LedgerError(f"{url}: expected sqlite:///PATH, with three slashes")
    return scheme


def redact_url(url: str) -> str:
    """The URL of a ledger for messages: without user, password and parameters."""
    scheme, separator, rest = PASSWORD.sub("", url).partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2].partition('?')[0]}" if separator else url


def ledger_exists(url: str) -> bool:
    """True for a ledger that may hold something: a file that exists, or any database.

    Raises:
        LedgerError: when no ledger has the scheme of the URL.
    """
    path = ledger_path(url)
    return url != MEMORY and (path is None or path.is_file())


def has_many_writers(url: str) -> bool:
    """True for a ledger on which several runs may be at work at once, also on several machines.

    Raises:
        LedgerError: when no ledger has the scheme of the URL.
    """
    return url != MEMORY and ledger_path(url) is None


def ledger_path(url: str) -> Path | None:
    """The file of a ledger; None for a ledger without a file.

    Raises:
        LedgerError: when no ledger has the scheme of the URL.
    """
    return None if url == MEMORY or scheme_of(url) != "sqlite" else Path(url.removeprefix(SQLITE))


def _open_sqlite(url: str, _job: str) -> Ledger:
    path = ledger_path(url)
    try:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            check(path)
        connection = sqlite3.connect(path or MEMORY, isolation_level=None)
        if path is not None:
            connection.execute("PRAGMA journal_mode = WAL")
        # WAL with NORMAL loses at most the last commits in a power failure; the output then has their lines to recover
        connection.execute("PRAGMA synchronous = NORMAL")
        create(connection)
    except (sqlite3.DatabaseError, OSError) as error:
        raise LedgerError(f"{path or url}: the ledger cannot be used: {error}. {REMEDY}") from error
    return SqlLedger(SqliteDatabase(connection))


def _open_postgresql(url: str, job: str) -> Ledger:
    try:
        from crawler.ledger.postgresql.database import open_postgresql  # noqa: PLC0415  of an extra
    except ImportError as error:
        raise LedgerError(f"{redact_url(url)}: a ledger on PostgreSQL {NEEDS_PSYCOPG}") from error
    return open_postgresql(url, redact_url(url), job)


OPENERS: dict[str, Callable[[str, str], Ledger]] = {
    "sqlite": _open_sqlite,
    **dict.fromkeys(POSTGRESQL, _open_postgresql),
}
"""Functions that open a ledger, by URL scheme."""


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that can neither change nor create the file."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def check(path: Path) -> None:
    """Accept a file that is an undamaged ledger, is empty or does not exist; only reads it.

    Raises:
        LedgerError: naming the file and the remedy.
    """
    if not path.exists() or path.stat().st_size == 0:
        return
    with closing(read_only(path)) as connection:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        is_bare = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if is_bare and not application and not version:  # a run was killed before it had made the tables
            return
        if application != APPLICATION_ID:
            raise LedgerError(f"{path}: an SQLite file, but no ledger of Copydesk. {REMEDY}")
        if version != VERSION:
            raise LedgerError(f"{path}: a ledger of version {version}; this Copydesk knows {VERSION}. {REMEDY}")
        status = path.stat()
        verdict = _quick_check(path, status.st_mtime_ns, status.st_size)
        if verdict != "ok":
            raise LedgerError(f"{path}: the ledger is damaged ({verdict}). {REMEDY}")


@lru_cache(maxsize=8)
def _quick_check(path: Path, modified: int, size: int) -> str:  # noqa: ARG001  part of the cache's key
    """SQLite's verdict on a file, which it reads completely: cached, since the crawl command opens a ledger twice."""
    with closing(read_only(path)) as connection:
        return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
