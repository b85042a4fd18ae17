"""The record's JSON Schema (draft 2020-12), generated from the declarations in :mod:`cleaners.types`.

Users read ``schema.json`` in the same directory; a test compares the two. ``python -m cleaners.record.schema``
prints it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from functools import lru_cache
from typing import Any

import msgspec

from cleaners.record.version import SCHEMA_VERSION
from cleaners.types import Article

OPTIONAL = (
    "text_confidence",
    "boxes",
    "entries",
    "site_rules",
    "evidence",
    "markdown",
    "revision",
    "previous",
    "rights",
    "uses",
    "duplicate_of",
    "extra",
)
"""Keys that a record has only when they have a value; they are never null."""

KEYS = tuple(field.name for field in fields(Article) if field.name not in OPTIONAL)
"""Keys that every record has, in the order in which they are written."""


@lru_cache(maxsize=1)
def schema() -> dict[str, object]:
    """The schema of one line of articles.jsonl."""
    made = msgspec.json.schema(Article)
    parts = made["$defs"]
    for part in parts.values():
        part.pop("title", None)
        if part.get("type") == "object":
            _close(part)
    parts["Right"]["required"].remove("uses")  # records of earlier versions have none
    article = parts.pop("Article")
    article["required"] = [*KEYS]
    for name in OPTIONAL:
        article["properties"][name] = _without_null(article["properties"][name])
    article["properties"]["schema_version"] = {"const": SCHEMA_VERSION, "description": "Version of this schema."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:copydesk:record:{SCHEMA_VERSION}",
        "title": "Copydesk article record",
        **article,
        "$defs": parts,
    }


def _close(part: dict[str, Any]) -> None:
    """Require every key and allow no other: a part of a record has all its keys, null where there is no value."""
    part["additionalProperties"] = False
    part["required"] = [*part["properties"]]
    for value in part["properties"].values():
        value.pop("default", None)


def _without_null(value: dict[str, Any]) -> dict[str, object]:
    choice_schema = next(choice for choice in value.pop("anyOf") if choice != {"type": "null"})
    return {**choice_schema, "description": value["description"]}


def as_text() -> str:
    """The schema as the text of ``schema.json``."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_text())
