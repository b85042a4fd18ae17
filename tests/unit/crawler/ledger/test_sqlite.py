"""The SQLite ledger: the contract, and its file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.ledger.lock import LedgerBusyError, holder, lock
from crawler.ledger.open import open_ledger
from crawler.ledger.sql.schema import VERSION
from crawler.ledger.types import Ledger, LedgerError
from tests.unit.crawler.ledger.contract import STORY, Contract, run, visit


class TestSqlite(Contract):
    """The contract, kept in a file."""

    @pytest.fixture
    def ledger(self, tmp_path: Path) -> Iterator[Callable[[], Ledger]]:
        opened = []

        def again() -> Ledger:
            opened.append(open_ledger(str(tmp_path / "ledger.sqlite")))
            return opened[-1]

        yield again
        for one in opened:
            one.close()


def test_newer_ledger_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    open_ledger(str(path)).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    content = path.read_bytes()
    with pytest.raises(LedgerError, match=rf"a ledger of version {VERSION + 1}; this Copydesk knows {VERSION}"):
        open_ledger(str(path))
    assert path.read_bytes() == content


def test_other_databases_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE mine (x)")
    connection.close()
    with pytest.raises(LedgerError, match="no ledger of Copydesk"):
        open_ledger(str(path))


def test_a_file_of_a_run_that_was_killed_before_it_made_the_tables_is_used(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")  # writes the file's first page
    connection.close()
    assert path.stat().st_size
    ledger = open_ledger(str(path))
    run(ledger.commit([visit()]))
    ledger.close()
    assert set(run(open_ledger(str(path)).lookup([STORY]))) == {STORY}


def test_damaged_ledger_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    ledger = open_ledger(str(path))
    run(ledger.commit([visit(f"https://news.example/{n}") for n in range(500)]))
    ledger.close()
    content = bytearray(path.read_bytes())
    content[8_192:16_384] = b"\xff" * 8_192
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="scrapy ledger rebuild"):
        open_ledger(str(path))
    assert path.read_bytes() == content


def test_folder_that_cannot_be_written() -> None:
    with pytest.raises(LedgerError, match="/proc/none/ledger.sqlite: the ledger cannot be used"):
        open_ledger("/proc/none/ledger.sqlite")


def test_one_run_at_a_time(tmp_path: Path) -> None:
    path = str(tmp_path / "ledger.sqlite")
    held = lock(path)
    assert held is not None
    ledger = open_ledger(path)
    run(ledger.start_run(4_711, 1))
    with pytest.raises(LedgerBusyError, match="process 4711 is at work"):
        lock(path)
    held.release()
    again = lock(path)
    assert again is not None
    again.release()
    ledger.close()


def test_holder_that_left_no_trace(tmp_path: Path) -> None:
    assert holder(tmp_path / "none.sqlite") == "another process"


def test_a_ledger_in_memory_needs_no_lock() -> None:
    assert lock(":memory:") is None


def test_a_ledger_is_opened_by_its_scheme(tmp_path: Path) -> None:
    open_ledger(f"sqlite:///{tmp_path / 'a.sqlite'}").close()
    assert (tmp_path / "a.sqlite").is_file()
    with pytest.raises(LedgerError, match="redis://host/0: no ledger has the scheme 'redis'; expected one of sqlite"):
        open_ledger("redis://host/0")
    with pytest.raises(LedgerError, match="no ledger has the scheme 'redis'"):
        lock("redis://host/0")
    with pytest.raises(LedgerError, match="sqlite://a.sqlite: expected sqlite:///PATH"):
        lock("sqlite://a.sqlite")
