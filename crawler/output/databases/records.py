"""Records as databases store them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL does not store, and halves of a character, which UTF-8 does not have."""


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
