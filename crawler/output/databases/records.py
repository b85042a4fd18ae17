"""Records as databases store them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

Record = Mapping[str, Any]

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL does not store, and halves of a character, which UTF-8 does not have."""


class Target(Protocol):
    """A table or an index of articles."""

    @property
    def name(self) -> str:
        """What messages call it; without user and password."""

    def create(self) -> None:
        """Create it where there is none.

        Raises:
            OutputError: where the database cannot be reached, or refuses.
        """

    def write(self, records: Iterable[Record]) -> int:
        """Write records; returns the number of those that were created or replaced.

        Raises:
            OutputError: where the database cannot be reached, or refuses.
        """


def storable(value: Any) -> Any:
    """A value of JSON as databases store it: texts and keys without NUL and lone surrogates, finite numbers.

    Raises:
        RecursionError: for lists in lists in lists that are too deep.
    """
    if isinstance(value, str):
        return UNSTORABLE.sub(_replacement, value)
    if isinstance(value, Mapping):
        return {storable(key): storable(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _replacement(match: re.Match[str]) -> str:
    return "" if match[0] == "\x00" else "\ufffd"
