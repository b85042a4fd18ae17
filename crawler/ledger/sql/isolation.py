"""Writes records one by one after the database rejected a value, so that one bad record loses no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.ledger.sql import writes as sql_writes
from crawler.ledger.sql.database import Connection, ValueRefusedError
from crawler.ledger.types import FetchRecord, Output, RefusedUrl


def write_singly(
    db: Connection, records: Sequence[FetchRecord], outputs: Sequence[Output], *, run: int, started: int
) -> list[RefusedUrl]:
    """Write records one by one within a transaction, each as far as the database takes it.

    Returns:
        What it did not take.

    Raises:
        ValueRefusedError: when it does not take the outputs.
    """
    refused: list[RefusedUrl] = []
    for record in records:
        for url, forms in _parts(record):
            if error := _write_first_accepted(db, forms, run, started):
                refused.append(RefusedUrl(url=url, source=record.source, error=error))
    sql_writes.write(db, (), outputs, run=run, started=started)
    return refused


def _parts(record: FetchRecord) -> Iterator[tuple[str, Sequence[FetchRecord]]]:
    """The URLs of a record, each with the versions of its record to try, in order."""
    for entry in record.discovered:
        yield entry.url, (replace(record, discovered=(entry,), is_partial=True),)
    if not record.is_partial:
        own = replace(record, discovered=())
        yield record.url, (own, _without_response_data(own), replace(_without_response_data(own), article=None))


def _without_response_data(record: FetchRecord) -> FetchRecord:
    """A copy without response data and observations: it says only that the URL was fetched, with this article."""
    return replace(
        record,
        status=None,
        etag=None,
        last_modified=None,
        fingerprint=None,
        observed=(),
        layout=None,
        rendering_helped=None,
    )


def _write_first_accepted(db: Connection, forms: Sequence[FetchRecord], run: int, started: int) -> str:
    """Write the first form that the database accepts; returns the first form's error, empty if it was accepted."""
    first = ""
    for form in forms:
        try:
            with db.savepoint():
                sql_writes.write(db, [form], (), run=run, started=started)
        except ValueRefusedError as error:
            first = first or str(error)
        else:
            break
    return first
