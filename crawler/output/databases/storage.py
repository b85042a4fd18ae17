"""Scrapy's feed storage for a database: a crawl's articles are written to it at the end."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Any, cast

from scrapy import Spider
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread

from crawler.files.line_files import OutputError
from crawler.output.formats.table import record_values
from crawler.util import count_noun

if TYPE_CHECKING:
    from crawler.output.databases.postgresql import Table

logger = logging.getLogger("copydesk")

SCHEMES = ("postgresql", "postgres")

MISSING = "an output in PostgreSQL needs the extra 'fleet': pip install 'copydesk[fleet]'"


def is_database(uri: str) -> bool:
    """True for the address of a database."""
    return uri.partition("://")[0] in SCHEMES


def target_of(uri: str) -> Table:
    """The table that an address names.

    Raises:
        OutputError: for an invalid address, or where the driver is not installed.
    """
    try:
        from crawler.output.databases.postgresql import Table  # noqa: PLC0415  of an extra
    except ImportError as error:
        raise OutputError(MISSING) from error
    return Table.of(uri)


class DatabaseStorage:
    """Writes the lines of a feed as rows, in a thread."""

    def __init__(self, uri: str, *, feed_options: dict[str, Any] | None = None) -> None:
        """Accept the address of a database.

        Raises:
            OutputError: for an invalid one, and for a format that is not one of records, one a line.
        """
        self.target = target_of(uri)
        check_options(self.target, feed_options or {})

    def open(self, spider: Spider) -> IO[bytes]:
        """The temporary file that the exporter writes to."""
        return cast("IO[bytes]", NamedTemporaryFile(prefix="copydesk-"))

    def store(self, file: IO[bytes]) -> Deferred[None]:
        """Write them; fires with OutputError where the database refuses."""
        return deferToThread(self.write, file)

    def write(self, file: IO[bytes]) -> None:
        """Write the lines of a file.

        Raises:
            OutputError: where the database cannot be reached, or refuses.
        """
        file.seek(0)
        with file:
            self.target.write(records(file))


def check_options(target: Table, options: Mapping[str, Any]) -> None:
    """Accept the options of a feed.

    Raises:
        OutputError: for a format that is not one of records, one a line, and for a choice of fields.
    """
    form = options.get("format", "jsonl")
    if form not in ("jsonlines", "jsonl", "jl"):
        raise OutputError(f"{target.name}: records are taken from JSON Lines, not from {form}: name the format jsonl")
    if options.get("fields"):
        raise OutputError(f"{target.name}: it gets whole records: choose no fields")


def records(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The records of a file of JSON Lines; other items, which no table of articles holds, are counted in the log."""
    others, first = 0, ""
    for line in file:
        try:
            record = record_values(json.loads(line), "of a database")
        except (ValueError, TypeError, RecursionError) as error:
            others, first = others + 1, first or f"{error!s:.200}"
        else:
            yield record
    if others:
        logger.error("not written: %s, no record of an article; the first: %s", count_noun(others, "item"), first)
