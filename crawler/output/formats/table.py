"""The formats that are a JSON object a line, by name."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from cleaners.record.schema import KEYS
from cleaners.record.serialize import NAMES, with_extra
from cleaners.types import Article
from crawler.output.formats.documents import to_document
from crawler.output.formats.fields import Record
from crawler.output.formats.json_ld import to_json_ld
from crawler.output.formats.ninjs import to_ninjs
from crawler.output.formats.zyte import to_zyte

CONVERTERS: dict[str, Callable[[Record], Record]] = {
    "documents": to_document,
    "jsonld": to_json_ld,
    "ninjs": to_ninjs,
    "zyte": to_zyte,
}


class NotARecordError(TypeError):
    """An item that is no record, in a format that has records only."""


def record_values(item: object, form: str) -> Record:
    """The values of a record: what a pipeline added to them is in ``extra``.

    Raises:
        NotARecordError: naming the format, for any other item, and for one with a value of another type.
    """
    if not isinstance(item, dict) or not set(KEYS) <= set(item):
        raise NotARecordError(
            f"the format {form} holds articles only, and this item is {type(item).__name__}: {item!r:.80}"
        )
    values = with_extra(item)
    try:
        msgspec.convert(values, Article)
    except msgspec.ValidationError as error:  # a pipeline has changed the type of a value
        raise NotARecordError(f"the format {form} cannot hold {item['id']}: {error}") from error
    return {name: values[name] for name in NAMES[Article] if name in values}
