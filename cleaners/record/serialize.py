"""Article and rejection to JSON objects, a line each. The JSON Schema in ``record.schema.json`` describes the article's."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar

from cleaners.types import Article, Duplicate, Evidence, Image, Link, Rejection, Removal, Right

Named = TypeVar("Named", Image, Link)

OPTIONAL = ("evidence", "revision", "previous", "rights", "duplicate_of")
"""Keys that are written only where asked for."""

KEYS = tuple(field.name for field in fields(Article) if field.name not in OPTIONAL)
"""Keys of a record in the order they are written."""


def to_json(value: Article | Rejection) -> str:
    """One line of JSON without its newline: keys in field order, UTF-8 text unescaped, absent values null or empty.

    U+2028, U+2029 and U+0085 are escaped, since some readers break lines at them, and the other controls, since terminals obey
    them. A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.
    """
    record = {
        name: said for name in NAMES[type(value)] if (said := getattr(value, name)) is not None or name not in OPTIONAL
    }
    line = json.dumps(record, ensure_ascii=False, separators=(", ", ": "), default=_fields)
    return line if line.isascii() and "\x7f" not in line else UNSAFE.sub(_escaped, line)


UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _escaped(found: re.Match[str]) -> str:
    """A character of ``UNSAFE`` as JSON spells it."""
    char = found[0]
    return "\ufffd" if "\ud800" <= char <= "\udfff" else f"\\u{ord(char):04x}"


def _fields(value: Any) -> dict[str, Any]:
    """A part of a record as JSON's encoder asks for it."""
    return {name: getattr(value, name) for name in NAMES[type(value)]}


NAMES = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (Article, Rejection, Image, Link, Removal, Right, Evidence, Duplicate)
}
"""The fields of each part of a record, in order."""


def from_json(line: str) -> Article:
    """The article of a line written by :func:`to_json`.

    Raises:
        ValueError: when the line is no JSON object or lacks a key.
    """
    record = json.loads(line)
    if not isinstance(record, dict) or set(record) - set(OPTIONAL) != set(KEYS):
        raise ValueError(f"not an article record: {line[:80]}")
    return Article(
        **{
            **record,
            "authors": tuple(record["authors"]),
            "tags": tuple(record["tags"]),
            "images": tuple(Image(**image) for image in record["images"]),
            "related": tuple(Link(**link) for link in record["related"]),
            "evidence": tuple(Evidence(**e) for e in record["evidence"]) if "evidence" in record else None,
            "removed": tuple(Removal(**removal) for removal in record["removed"]),
            "rights": tuple(Right(**right) for right in record["rights"]) if "rights" in record else None,
            "duplicate_of": Duplicate(**record["duplicate_of"]) if "duplicate_of" in record else None,
        }
    )


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The record's JSON Schema (draft 2020-12)."""
    return dict(json.loads(files("cleaners.record").joinpath("schema.json").read_text("utf-8")))


def merge_pages(parts: list[Article]) -> Article:
    """Join the pages of one article, in order, into the first page's record.

    The first page names the article; texts, pictures, links and removals follow each other, each once; a source line may
    stand on the last page.
    """
    first = parts[0]
    return replace(
        first,
        text="\n".join(part.text for part in parts),
        authors=first.authors or next((part.authors for part in parts if part.authors), ()),
        credit=next((part.credit for part in parts if part.credit), None),
        images=_once([image for part in parts for image in part.images]),
        related=_once([link for part in parts for link in part.related]),
        removed=tuple(removal for part in parts for removal in part.removed),
        page_count=len(parts),
    )


def _once(values: list[Named]) -> tuple[Named, ...]:
    known: dict[str, Named] = {}
    for value in values:
        known.setdefault(value.url, value)
    return tuple(known.values())
