"""Scrapy's feed storage for a database: a crawl's articles are written to it in one transaction at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.extensions.feedexport import BlockingFeedStorage

from crawler.files.line_files import OutputError

if TYPE_CHECKING:
    from crawler.output.databases.postgresql import Table

SCHEMES = ("postgresql", "postgres")

MISSING = "needs the extra 'fleet': pip install 'copydesk[fleet]'"


def is_database(uri: str) -> bool:
    """True for the address of a database."""
    return urlsplit(uri).scheme in SCHEMES


def table_of(uri: str) -> Table:
    """The table that an address names.

    Raises:
        OutputError: for an invalid address, or where the driver is not installed.
    """
    try:
        from crawler.output.databases.postgresql import Table  # noqa: PLC0415  of an extra
    except ImportError as error:
        raise OutputError(f"an output in PostgreSQL {MISSING}") from error
    return Table.of(uri)


class TableStorage(BlockingFeedStorage):
    """Writes the lines of a feed as rows."""

    def __init__(self, uri: str, *, feed_options: dict[str, Any] | None = None) -> None:
        """Accept the address of a database.

        Raises:
            OutputError: for an invalid one, and for a format that is not one of records, one a line.
        """
        form = (feed_options or {}).get("format", "jsonl")
        if form not in ("jsonlines", "jsonl", "jl"):
            raise OutputError(f"{uri}: rows are made from JSON Lines, not from {form}: name the format jsonl")
        self.table = table_of(uri)

    def _store_in_thread(self, file: IO[bytes]) -> None:
        file.seek(0)
        with file:
            self.table.write(records(file))


def records(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The records of a file of JSON Lines."""
    for line in file:
        yield json.loads(line)
