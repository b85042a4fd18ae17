"""What the declarations of the record say of its fields: the types of columns, cells and elements."""

from __future__ import annotations

import types
import typing
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from cleaners.types import Article, Moment

Record = dict[str, Any]
"""The values of a JSON line by key: an optional key that has no value is absent."""


def plain_type(hint: object) -> Any:
    """A declared type without its ``Annotated`` and without ``| None``."""
    while get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) in {types.UnionType, typing.Union}:
        return plain_type(next(choice for choice in get_args(hint) if choice is not type(None)))
    return hint


def is_optional(hint: Any) -> bool:
    """True where a declared type allows None."""
    while get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    return type(None) in get_args(hint)


def holds(hint: object, kind: object) -> bool:
    """True where a declared type is ``kind``, or an alternative or element of it is."""
    return bool(hint == kind) or any(holds(part, kind) for part in get_args(hint))


HINTS = get_type_hints(Article, include_extras=True)

MOMENTS = tuple(name for name, hint in HINTS.items() if holds(hint, Moment))
"""Fields of the record that hold a date."""

TEXTS = frozenset(
    name for name, hint in HINTS.items() if isinstance(plain_type(hint), type) and issubclass(plain_type(hint), str)
)
"""Fields whose JSON value is a string (enumerations included)."""
