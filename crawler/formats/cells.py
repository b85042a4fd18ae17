"""Records as rows of text cells: CSV."""

from __future__ import annotations

import json
import re
from typing import Any

from crawler.formats.fields import TEXTS, Record

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
"""Characters that readers of CSV change, or that end a line for some of them."""


def to_flat(record: Record) -> dict[str, str]:
    """A record as text cells: strings as they are, everything else as JSON. Absent values have no cell.

    A string that is empty, in double quotes, or has control characters is JSON, too: a cell that begins and ends
    with a double quote is always JSON.
    """
    return {name: _to_cell(name, value) for name, value in record.items() if value is not None}


def _to_cell(name: str, value: Any) -> str:
    if name not in TEXTS:
        return json.dumps(value, ensure_ascii=False)
    is_plain = value and not CONTROLS.search(value) and not (value[0] == value[-1] == '"')
    return str(value) if is_plain else json.dumps(value)
