"""Scrapy's item exporters for articles and rejections, which may also be dictionaries that a pipeline made of them."""

from __future__ import annotations

import json
from typing import IO, Any

from scrapy.exporters import (
    BaseItemExporter,
    CsvItemExporter,
    JsonItemExporter,
    MarshalItemExporter,
    PickleItemExporter,
    XmlItemExporter,
)

from cleaners.record.serialize import NAMES, to_json
from cleaners.types import Article, Rejection

Record = Article | Rejection | dict[str, Any]


def to_line(record: Record) -> bytes:
    """A record as a line of the output: UTF-8, with its newline."""
    text = json.dumps(record, ensure_ascii=False) if isinstance(record, dict) else to_json(record)
    return text.encode("utf-8", "replace") + b"\n"


def to_values(record: Record) -> dict[str, Any]:
    """A record as a dictionary of plain values: text, numbers, lists, dictionaries."""
    return record if isinstance(record, dict) else dict(json.loads(to_json(record)))


class RecordExporter(BaseItemExporter):
    """JSON Lines, with one ``write`` per line."""

    def __init__(self, file: IO[bytes], **options: Any) -> None:
        super().__init__(dont_fail=True, **options)
        self.file = file

    def export_item(self, item: Record) -> None:
        """Write one line, with the fields of ``FEED_EXPORT_FIELDS`` where it is set."""
        if self.fields_to_export:
            item = dict(self.get_serialized_fields(to_values(item), include_empty=True))
        self.file.write(to_line(item))


class CsvExporter(CsvItemExporter):
    """CSV: a column for each field; lists and objects as JSON. The header is written to an empty file only."""

    def __init__(self, file: Any, **options: Any) -> None:
        options["fields_to_export"] = options.get("fields_to_export") or NAMES[Article]
        super().__init__(file, **{**options, "include_headers_line": not file.tell()})

    def export_item(self, item: Record) -> None:
        """Write one row."""
        values = to_values(item).items()
        super().export_item({name: _cell(value) for name, value in values})


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


class PlainValues(BaseItemExporter):
    """Gives an exporter of Scrapy's the plain values of a record."""

    def export_item(self, item: Record) -> None:
        """Write one record."""
        super().export_item(to_values(item))  # type: ignore[safe-super]  # of the exporter that is next in line


class XmlExporter(PlainValues, XmlItemExporter):
    """XML, an element a record."""


class JsonExporter(PlainValues, JsonItemExporter):
    """A JSON array."""


class MarshalExporter(PlainValues, MarshalItemExporter):
    """Python's marshal format, a dictionary a record."""


class PickleExporter(PlainValues, PickleItemExporter):
    """Pickled dictionaries."""
