"""Tables on a disk that is full."""

from __future__ import annotations

import sqlite3

import pytest
from scrapy.signalmanager import SignalManager

from crawler.files.disk_table import DiskTable
from crawler.signals import disk_failed

TABLES = "CREATE TABLE IF NOT EXISTS things (name TEXT PRIMARY KEY)"


def test_a_full_disk_is_reported_once_and_empty_tables_take_over() -> None:
    reasons: list[str] = []

    def note(reason: str) -> None:
        reasons.append(reason)

    signals = SignalManager()
    signals.connect(note, disk_failed)
    table = DiskTable(tables=TABLES, signals=signals)
    table._db.execute("PRAGMA max_page_count = 4")  # SQLite then answers as it does when the disk is full
    for number in range(500):
        table.execute("INSERT INTO things VALUES (?)", (f"{number:0200}",))
    assert table.is_lost
    (reason,) = reasons
    assert "cannot be written: database or disk is full; what is pending comes in the next run" in reason
    assert 0 < table.execute("SELECT count(*) FROM things").rows[0][0] < 500
    table.close()


def test_a_wrong_statement_is_an_error() -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        DiskTable(tables=TABLES).execute("SELECT * FROM others")


def test_rows_that_a_statement_returns_are_read_with_it() -> None:
    table = DiskTable(tables=TABLES)
    assert table.execute("INSERT INTO things VALUES ('a'), ('b')").count == 2
    done = table.execute("UPDATE things SET name = name || '!' RETURNING name")
    assert done.rows == [("a!",), ("b!",)]
    assert table.execute("SELECT name FROM things WHERE name = 'c'").row is None
