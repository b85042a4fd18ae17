"""The formats that are a JSON object a line, by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeGuard

import msgspec

from cleaners.record import schema
from cleaners.record.serialize import NAMES, with_extra
from cleaners.types import Article
from crawler.output.formats.fields import Record
from crawler.output.formats.json_ld import to_json_ld
from crawler.output.formats.ninjs import to_ninjs


def to_document(record: Record) -> Record:
    """A document as datatrove and Hugging Face pipelines have it: ``text``, ``id``, ``metadata``.

    Its metadata is JSON in a string: datatrove reads it as an object, and ``datasets``, which infers a type for every
    key of an object, sees only a string.
    """
    metadata = {name: value for name, value in record.items() if name not in {"text", "id"}}
    return {"text": record["text"], "id": record["id"], "metadata": json.dumps(metadata, ensure_ascii=False)}


KEYS = frozenset(schema.KEYS)

CONVERTERS: dict[str, Callable[[Record], Record]] = {
    "documents": to_document,
    "jsonld": to_json_ld,
    "ninjs": to_ninjs,
}


class NotARecordError(TypeError):
    """An item that is no record, in a format that has records only."""


def is_record(item: object) -> TypeGuard[Record]:
    """True for the values of an article, with or without keys that a pipeline added."""
    return isinstance(item, dict) and set(item) >= KEYS


def record_values(item: object, form: str) -> Record:
    """The values of a record: what a pipeline added to them is in ``extra``.

    Raises:
        NotARecordError: naming the format, for any other item, and for one with a value of another type.
    """
    if not is_record(item):
        raise NotARecordError(
            f"the format {form} holds articles only, and this item is {type(item).__name__}: {item!r:.80}"
        )
    values = with_extra(item)
    try:
        msgspec.convert(values, Article)
    except msgspec.ValidationError as error:  # a pipeline has changed the type of a value
        raise NotARecordError(f"the format {form} cannot hold {item['id']}: {error}") from error
    return {name: values[name] for name in NAMES[Article] if name in values}
