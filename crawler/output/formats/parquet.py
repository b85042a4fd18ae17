"""Records as Parquet, with the package pyarrow (the extra ``parquet``)."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache
from typing import IO, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from cleaners.types import Article
from crawler.output.formats.fields import MOMENTS, Record, is_optional, plain_type
from crawler.output.formats.values import day, instant

ROWS_OF_A_GROUP = 1_000
"""Records of a row group, which are written together: some 10 MB of RAM."""

SCALARS = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}


def arrow_type(hint: object) -> pa.DataType:
    """The Arrow type of a declared type: a struct for a dataclass, a list for a tuple."""
    plain = plain_type(hint)
    if get_origin(plain) is tuple:
        return pa.list_(arrow_field("element", get_args(plain)[0]))
    if get_origin(plain) is dict:  # values of several types: JSON
        return pa.string()
    if isinstance(plain, type) and is_dataclass(plain):
        return pa.struct(arrow_fields(plain))
    return SCALARS[str if issubclass(plain, Enum) else plain]


def arrow_field(name: str, hint: object) -> pa.Field:
    """A column; it has nulls only where the declaration allows None."""
    return pa.field(name, arrow_type(hint), nullable=is_optional(hint))


def arrow_fields(kind: type) -> list[pa.Field]:
    """The columns of a dataclass, in its order."""
    hints = get_type_hints(kind, include_extras=True)
    return [arrow_field(field.name, hints[field.name]) for field in fields(kind)]


@lru_cache(maxsize=1)
def arrow_schema() -> pa.Schema:
    """The record's columns, then for each date ``*_utc`` (the instant) and ``*_day`` (the day as stated)."""
    derived = [
        column
        for name in MOMENTS
        for column in (pa.field(f"{name}_utc", pa.timestamp("us", tz="UTC")), pa.field(f"{name}_day", pa.date32()))
    ]
    return pa.schema([*arrow_fields(Article), *derived])


def to_row(record: Record) -> Record:
    """A record as a row. An absent optional key is null; what has keys of its own (``extra``, ``uses``) is JSON."""
    rights = record.get("rights")
    return {
        **record,
        "extra": _as_json(record.get("extra")),
        "uses": _as_json(record.get("uses")),
        "rights": None if rights is None else [{**right, "uses": _as_json(right.get("uses"))} for right in rights],
        **{f"{name}_utc": instant(record[name]) for name in MOMENTS},
        **{f"{name}_day": day(record[name]) for name in MOMENTS},
    }


def _as_json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


class ParquetFile:
    """Writes records to a file, a row group at a time, with Zstandard. The file is complete once it is closed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._writer = pq.ParquetWriter(file, arrow_schema(), compression="zstd")
        self._rows: list[Record] = []

    def write(self, record: Record) -> None:
        """Add a record."""
        self._rows.append(to_row(record))
        if len(self._rows) == ROWS_OF_A_GROUP:
            self._write_group()

    def _write_group(self) -> None:
        rows, self._rows = self._rows, []
        self._writer.write_table(pa.Table.from_pylist(rows, arrow_schema()))

    def close(self) -> None:
        """Write the rest, and the footer."""
        if self._rows:
            self._write_group()
        self._writer.close()
