"""Records as plain values: what JSON has."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from msgspec import to_builtins


def plain_values(record: Any) -> dict[str, object]:
    """The values of a dataclass, without those that are None and are so by default, with lists for tuples."""
    values = ((field, getattr(record, field.name)) for field in fields(record))
    present = {field.name: value for field, value in values if value is not None or field.default is MISSING}
    return dict(_with_lists(to_builtins(present)))


def _with_lists(value: object) -> Any:
    if isinstance(value, dict):
        return {name: _with_lists(part) for name, part in value.items()}
    return list(map(_with_lists, value)) if isinstance(value, (list, tuple)) else value
