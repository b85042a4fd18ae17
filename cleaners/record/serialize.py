"""Writes articles and rejections as JSON lines, and reads an article from its line.

The declarations are in :mod:`cleaners.types`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from typing import Any

import msgspec

from cleaners.record.schema import KEYS, OPTIONAL
from cleaners.types import Article, Box, Duplicate, Entry, Evidence, Image, Link, Rejection, Removal, Right

UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Characters not written as they are: line breaks for some readers, terminal controls, or not valid in UTF-8."""

NAMES = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (Article, Rejection, Image, Link, Box, Entry, Removal, Right, Evidence, Duplicate)
}
"""The fields of each part of a record, in order."""


def to_json(value: Article | Rejection) -> str:
    """One line of JSON without its newline: keys in field order, UTF-8 text unescaped, absent values null or empty.

    U+2028, U+2029, U+0085 and the other control characters are escaped. A lone surrogate becomes U+FFFD.
    """
    return to_line(_record(value), _fields)


def to_line(record: dict[str, object], default: Callable[[object], object] | None = None) -> str:
    """A dictionary as :func:`to_json` writes a record.

    Args:
        record: the values by key.
        default: converts a value that JSON cannot represent, as in :func:`json.dumps`.

    Raises:
        TypeError: for a value that JSON does not have.
    """
    line = json.dumps(record, ensure_ascii=False, separators=(", ", ": "), default=default)
    return line if line.isascii() and "\x7f" not in line else UNSAFE.sub(_escaped, line)


def to_values(value: Article | Rejection) -> dict[str, object]:
    """A record as a dictionary of plain values (text, numbers, lists, dictionaries), with the keys of its line."""
    if getattr(value, "extra", None) is None:  # what pipelines add may be a number that msgspec writes otherwise
        with suppress(UnicodeEncodeError):  # a lone surrogate, which a line has as U+FFFD
            return dict(msgspec.json.decode(msgspec.json.encode(_record(value))))
    return dict(json.loads(to_json(value)))


def _record(value: Article | Rejection) -> dict[str, object]:
    """The values of a record that its line has, by key."""
    return {
        name: field_value
        for name in NAMES[type(value)]
        if (field_value := getattr(value, name)) is not None or name not in OPTIONAL
    }


def _escaped(match: re.Match[str]) -> str:
    """The JSON escape of a character of ``UNSAFE``; U+FFFD for a surrogate."""
    char = match[0]
    return "\ufffd" if "\ud800" <= char <= "\udfff" else f"\\u{ord(char):04x}"


def _fields(value: Any) -> dict[str, object]:
    """The fields of a part of a record, for the JSON encoder."""
    return {name: getattr(value, name) for name in NAMES[type(value)]}


def from_json(line: str) -> Article:
    """Read the article of a line written by :func:`to_json`; keys that an item pipeline added are in its ``extra``.

    Raises:
        ValueError: when the line is no JSON object, lacks a key, or a value is not of its type; the message names it.
    """
    record = json.loads(line)
    if not isinstance(record, dict) or not set(KEYS) <= set(record):
        raise ValueError(f"not an article record: {line[:80]}")
    return msgspec.convert(with_extra(record), Article)


def with_extra(record: dict[str, Any]) -> dict[str, object]:
    """The record with keys that an item pipeline added moved into its ``extra``."""
    own = {name: value for name, value in record.items() if name in NAMES[Article]}
    added = {name: extra_value(value) for name, value in record.items() if name not in own}
    return {**own, "extra": {**(own.get("extra") or {}), **added}} if added else own


def extra_value(value: object) -> Any:
    """A JSON value as allowed in ``extra``: objects, and lists with values other than strings, become JSON strings."""
    is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return value if is_list or not isinstance(value, (list, dict)) else json.dumps(value, ensure_ascii=False)
