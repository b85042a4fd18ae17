"""Reads records back from the flat forms, as docs/how-to/formats.md describes them."""

from __future__ import annotations

import csv
import json
import marshal
import pickle
import sys
from collections.abc import Callable
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pyarrow.parquet as pq
from lxml import etree

from cleaners.record.schema import OPTIONAL
from cleaners.types import Article
from crawler.output.formats.fields import HINTS, TEXTS, is_optional, plain_type


def from_cells(row: dict[str, str]) -> dict[str, Any]:
    return {name: _value(name, row[name]) for name in HINTS if row[name] or name not in OPTIONAL}


def _value(name: str, cell: str) -> Any:
    if not cell:
        return None if is_optional(HINTS[name]) else []
    return json.loads(cell) if name not in TEXTS or cell[0] == cell[-1] == '"' else cell


def from_element(element: etree._Element, hint: Any) -> Any:
    plain = plain_type(hint)
    if get_origin(plain) is tuple:
        return [from_element(part, get_args(plain)[0]) for part in element]
    if is_dataclass(plain):
        hints = get_type_hints(plain, include_extras=True)
        found = {part.tag: from_element(part, hints[part.tag]) for part in element}
        skipped = OPTIONAL if plain is Article else ()
        return {name: found.get(name) for name in hints if name in found or name not in skipped}
    text = element.text or ""
    return text if get_origin(plain) is not dict and issubclass(plain, str) else json.loads(text)


def read_csv(path: Path) -> list[dict[str, Any]]:
    csv.field_size_limit(sys.maxsize)
    with path.open(newline="", encoding="utf-8") as file:
        return [from_cells(row) for row in csv.DictReader(file)]


def read_xml(path: Path) -> list[dict[str, Any]]:
    parser = etree.XMLParser(huge_tree=True, resolve_entities=False)
    return [from_element(one, Article) for one in etree.parse(path, parser).getroot()]


def from_row(row: dict[str, Any]) -> dict[str, Any]:
    record = {name: row[name] for name in HINTS if name not in OPTIONAL or row[name] is not None}
    record |= {name: json.loads(record[name]) for name in ("extra", "uses") if name in record}
    if "rights" in record:
        record["rights"] = [
            {**right, "uses": json.loads(right["uses"]) if right["uses"] else None} for right in record["rights"]
        ]
    return record


def read_parquet(path: Path) -> list[dict[str, Any]]:
    return [from_row(row) for row in pq.read_table(path).to_pylist()]


def read_documents(path: Path) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]
    return [{"id": one["id"], "text": one["text"], **json.loads(one["metadata"])} for one in found]


def one_after_the_other(load: Callable[[Any], Any]) -> Callable[[Path], list[Any]]:
    def read(path: Path) -> list[Any]:
        found = []
        with path.open("rb") as file:
            while file.peek(1):
                found.append(load(file))
        return found

    return read


READERS: dict[str, Callable[[Path], list[dict[str, Any]]]] = {
    "csv": read_csv,
    "documents": read_documents,
    "json": lambda path: json.loads(path.read_bytes()),
    "jsonl": lambda path: [json.loads(line) for line in path.read_bytes().splitlines()],
    "marshal": one_after_the_other(marshal.load),
    "parquet": read_parquet,
    "pickle": one_after_the_other(pickle.load),
    "xml": read_xml,
}
