"""Looks up the records of articles in the outputs that the ledger knows."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from scrapy.settings import BaseSettings

from cleaners.record.serialize import from_json
from cleaners.types import Article
from crawler.files.line_files import DamagedLineError, json_lines
from crawler.ledger.read import read_outputs
from crawler.ledger.types import LedgerError

RECORD_ID = re.compile("[0-9a-f]{20}")
"""The id of a record (:mod:`cleaners.urls.identity`)."""


class RecordError(ValueError):
    """A record that cannot be found or read; the message says where it was looked for."""


def find_record(settings: BaseSettings, id_: str) -> Article:
    """The last record with an id in the outputs of the project.

    Raises:
        RecordError: where none of them has it, or there is none.
    """
    try:
        paths = [Path(output.path) for output in read_outputs(settings)]
    except LedgerError as error:
        raise RecordError(f"{id_}: {error}") from error
    existing_paths = [path for path in paths if path.is_file()]
    for path in reversed(existing_paths):
        if article := last_record(path, id_):
            return article
    looked = ", ".join(map(str, existing_paths)) or "no output that is still there"
    raise RecordError(f"{id_}: no record with this id in {looked}")


def last_record(path: Path, id_: str) -> Article | None:
    """The last record with an id in a file of JSON lines, compressed or not; None where there is none.

    Raises:
        RecordError: where the file cannot be read, or the line is no record.
    """
    mark, last_line = f'"{id_}"'.encode(), None
    try:
        with suppress(DamagedLineError):  # a crawl that was killed leaves the last line incomplete
            for _, line in json_lines(path):
                if mark in line[:60]:
                    last_line = line
        return from_json(last_line.decode()) if last_line is not None else None
    except (OSError, ValueError) as error:
        raise RecordError(f"{path}: {error}") from error
