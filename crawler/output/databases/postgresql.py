"""Articles as rows of PostgreSQL: copied, then inserted, or updated by their id."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from crawler.files.line_files import OutputError
from crawler.ledger.postgresql.address import EXPECTED, Address, TextDumper, error_line
from crawler.ledger.types import LedgerError
from crawler.output.databases.records import Record, storable
from crawler.output.formats.values import day, instant

TABLE = "articles"
"""The table, where the address names none."""

COLUMNS: Mapping[str, str] = {
    "id": "text PRIMARY KEY",
    "revision": "bigint NOT NULL",
    "url": "text NOT NULL",
    "title": "text",
    "text": "text NOT NULL",
    "authors": "text[] NOT NULL",
    "tags": "text[] NOT NULL",
    "published": "timestamptz",
    "published_day": "date",
    "modified": "timestamptz",
    "language": "text",
    "site_name": "text",
    "section": "text",
    "page_type": "text NOT NULL",
    "text_confidence": "real",
    "fetched_at": "timestamptz",
    "record": "jsonb NOT NULL",
}
"""The columns with their types: those that queries ask for, and the whole record. ``published`` and ``modified`` are
moments: null where the page gives no offset."""

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext(%s))"
"""CREATE TABLE IF NOT EXISTS fails where two sessions create the table at the same time."""

UPSERT = """
INSERT INTO {table} AS old ({columns})
SELECT DISTINCT ON (id) {columns} FROM copied ORDER BY id, revision DESC, fetched_at DESC NULLS LAST, line DESC
ON CONFLICT (id) DO UPDATE SET ({columns}) = ROW ({excluded})
WHERE (excluded.revision, coalesce(excluded.fetched_at, 'infinity'))
    >= (old.revision, coalesce(old.fetched_at, '-infinity'))
"""
"""The last version of each article; an older one never replaces a newer one."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of articles."""

    address: Address
    table: tuple[str, ...]
    """The table's name, after that of its schema where there is one."""

    @property
    def name(self) -> str:
        """What messages call it; without user and password."""
        return f"{self.address.name}, table {'.'.join(self.table)}"

    @classmethod
    def of(cls, url: str) -> Self:
        """The table that an address names: ``postgresql://USER@HOST:PORT/DATABASE?table=SCHEMA.TABLE``.

        Raises:
            OutputError: for an invalid address, or one with a password, which Scrapy would log.
        """
        try:
            parts = urlsplit(url)
        except ValueError:
            raise OutputError(f"no valid URL of a database; {EXPECTED}") from None
        shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        name = tuple(query.pop("table", TABLE).split("."))
        if not all(name) or len(name) > 2:
            raise OutputError(f"{shown}: expected table=TABLE or table=SCHEMA.TABLE, not {'.'.join(name)}")
        try:
            address = Address.of(urlunsplit(parts._replace(query=urlencode(query, quote_via=quote))), shown)
        except LedgerError as error:
            raise OutputError(str(error)) from error
        if any("password" in key for key, value in address.parameters.items() if value):
            raise OutputError(
                f"{shown}: the address of an output is logged: give the password in PGPASSWORD or ~/.pgpass"
            )
        return cls(address, name)

    def create(self) -> None:
        """Create the table where there is none.

        Raises:
            OutputError: where the database cannot be reached, or refuses.
        """
        self.write(())

    def write(self, records: Iterable[Record]) -> int:
        """Write records in one transaction: all, or none.

        Args:
            records: of articles. Of several versions of an article the last one is kept.

        Returns:
            The number of rows that were inserted or updated.

        Raises:
            OutputError: where the database cannot be reached, or refuses.
        """
        try:
            with psycopg.connect(**self.address.parameters) as connection:
                connection.adapters.register_dumper(str, TextDumper)
                return self._write(connection, records)
        except (psycopg.Error, RecursionError) as error:
            raise OutputError(f"{self.name}: {error_line(error)}") from error

    def _write(self, connection: psycopg.Connection, records: Iterable[Record]) -> int:
        table, columns = sql.Identifier(*self.table), [sql.Identifier(name) for name in COLUMNS]
        declared = sql.SQL(", ").join(sql.SQL(f"{name} {kind}") for name, kind in COLUMNS.items())
        connection.execute(ONE_AT_A_TIME, (".".join(self.table),))
        connection.execute(sql.SQL("CREATE TABLE IF NOT EXISTS {} ({})").format(table, declared))
        copied = sql.SQL(", ").join(sql.SQL(f"{name} {kind.split()[0]}") for name, kind in COLUMNS.items())
        connection.execute(sql.SQL("CREATE TEMPORARY TABLE copied ({}, line bigint) ON COMMIT DROP").format(copied))
        with connection.cursor() as cursor:
            with cursor.copy("COPY copied FROM STDIN") as copy:
                for line, record in enumerate(records):
                    copy.write_row([*row(storable(record)), line])
            excluded = sql.SQL(", ").join(sql.SQL("excluded.{}").format(column) for column in columns)
            cursor.execute(sql.SQL(UPSERT).format(table=table, columns=sql.SQL(", ").join(columns), excluded=excluded))
            return cursor.rowcount


def row(record: Record) -> Iterator[Any]:
    """The values of a record, in the order of the columns."""
    values: dict[str, Any] = {name: record.get(name) for name in COLUMNS}
    values |= {
        "revision": record.get("revision") or 1,
        "authors": list(record.get("authors") or ()),
        "tags": list(record.get("tags") or ()),
        "published": instant(record.get("published")),
        "published_day": day(record.get("published")),
        "modified": instant(record.get("modified")),
        "fetched_at": instant(record.get("fetched_at")),
        "record": json.dumps(record, ensure_ascii=False, allow_nan=False),
    }
    yield from values.values()
