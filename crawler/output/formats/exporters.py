"""Scrapy's item exporters for articles and rejections; other items are exported as Scrapy does."""

from __future__ import annotations

import json
from typing import Any

from scrapy.exporters import (
    BaseItemExporter,
    CsvItemExporter,
    JsonItemExporter,
    JsonLinesItemExporter,
    MarshalItemExporter,
    PickleItemExporter,
    XmlItemExporter,
)
from scrapy.utils.serialize import ScrapyJSONEncoder

from cleaners.record import serialize
from cleaners.record.serialize import NAMES
from cleaners.types import Article, Rejection
from crawler.items import ArticleItem
from crawler.output.formats.cells import to_elements, to_flat
from crawler.output.formats.table import CONVERTERS, is_record, record_values
from crawler.reasons import class_of

ENCODER = ScrapyJSONEncoder()

Record = Article | Rejection | dict[str, Any]


def to_line(record: Record) -> bytes:
    """A record as a line of the output: UTF-8, with its newline."""
    if isinstance(record, Article):
        text = serialize.to_json(record)
    else:
        text = serialize.to_line(to_values(record) if isinstance(record, Rejection) else record, ENCODER.default)
    return text.encode("utf-8", "replace") + b"\n"


def to_values(item: Any) -> Any:
    """A record as a dictionary of plain values: text, numbers, lists, dictionaries; other items as they are.

    What a pipeline added (a date, a set) has the form that Scrapy gives it in JSON.
    """
    if isinstance(item, Rejection):
        return {**serialize.to_values(item), "page_class": class_of(item)}
    if isinstance(item, Article):
        return serialize.to_values(item)
    return json.loads(to_line(item)) if is_record(item) else item


class RecordExporter(JsonLinesItemExporter):
    """JSON Lines, with one ``write`` per line."""

    def export_item(self, item: object) -> None:
        """Write one line, with the fields of ``FEED_EXPORT_FIELDS`` where it is set.

        Items that are no record are written as Scrapy writes them.
        """
        if not isinstance(item, (Article, Rejection, ArticleItem)):
            super().export_item(item)
            return
        if self.fields_to_export:
            item = dict(self.get_serialized_fields(to_values(item), include_empty=True))
        self.file.write(to_line(item))


class CsvExporter(CsvItemExporter):
    """CSV: a column for each field, in the form of :mod:`crawler.output.formats.cells`.

    Records that are appended to a file get no second header. With ``formulas=False`` no cell begins as a formula of a
    spreadsheet does.
    """

    def __init__(self, file: Any, *, formulas: bool = True, **options: Any) -> None:
        super().__init__(file, **options)
        self._has_formulas = formulas
        self._is_appended = bool(file.tell())

    def export_item(self, item: object) -> None:
        """Write one row; the first record decides which columns there are."""
        values = to_values(item)
        if is_record(values):
            self.include_headers_line = self.include_headers_line and not self._is_appended
            self.fields_to_export = self.fields_to_export or list(dict.fromkeys((*NAMES[Article], *values)))
            values = to_flat(values, has_formulas=self._has_formulas)
        super().export_item(values)


class PlainValues(BaseItemExporter):
    """Gives an exporter of Scrapy's the plain values of a record."""

    def export_item(self, item: object) -> None:
        """Write one record."""
        super().export_item(to_values(item))  # type: ignore[safe-super]  # of the exporter that is next in line


class XmlExporter(XmlItemExporter):
    """XML, an element a record, in the form of :mod:`crawler.output.formats.cells`."""

    def export_item(self, item: object) -> None:
        """Write one record."""
        values = to_values(item)
        super().export_item(to_elements(values) if is_record(values) else values)


class JsonExporter(PlainValues, JsonItemExporter):
    """A JSON array."""


class MarshalExporter(PlainValues, MarshalItemExporter):
    """Python's marshal format, a dictionary a record."""


class PickleExporter(PlainValues, PickleItemExporter):
    """Pickled dictionaries."""


class ConvertingExporter(RecordExporter):
    """JSON Lines of another form, one of :data:`crawler.output.formats.table.CONVERTERS`."""

    form = ""

    def export_item(self, item: object) -> None:
        """Write one line.

        Raises:
            NotARecordError: for an item that is no article.
        """
        self.file.write(to_line(CONVERTERS[self.form](record_values(to_values(item), self.form))))


class DocumentExporter(ConvertingExporter):
    """Documents for datatrove and Hugging Face."""

    form = "documents"


class JsonLdExporter(ConvertingExporter):
    """schema.org's NewsArticle."""

    form = "jsonld"


class NinjsExporter(ConvertingExporter):
    """IPTC's ninjs 3.1."""

    form = "ninjs"


OWN = (RecordExporter, CsvExporter, XmlExporter, JsonExporter, MarshalExporter, PickleExporter)
"""Exporters that write a new :class:`LineFile` or append to one, and never read or seek in it."""
