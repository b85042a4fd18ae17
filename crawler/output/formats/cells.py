"""Records as text: the cells of a row of CSV, and the XML elements that Scrapy's exporter writes without loss."""

from __future__ import annotations

import json
import re
from typing import Any

from crawler.output.formats.fields import TEXTS, Record

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
"""Characters that readers of CSV change, or that end a line for some of them."""

FORMULA = ("=", "+", "-", "@")
"""First characters of a cell that spreadsheets take for a formula (OWASP, CSV injection); tabs are controls."""

NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document can hold, even escaped; and CR, which every XML reader turns into LF."""


def to_xml_text(text: str) -> str:
    """A text as XML can hold it: other characters are U+FFFD."""
    return NOT_XML.sub("\ufffd", text)


def to_flat(record: Record, *, has_formulas: bool = True) -> dict[str, str]:
    """A record as text cells: strings as they are, everything else as JSON. Absent values have no cell.

    A string that is empty, in double quotes, or has control characters is JSON, too: a cell that begins and ends
    with a double quote is always JSON.

    Args:
        record: the record.
        has_formulas: False where a text that a spreadsheet would take for a formula is JSON, too.
    """
    cells = ((name, value) for name, value in record.items() if value is not None)
    return {name: _to_cell(name, value, has_formulas=has_formulas) for name, value in cells}


def _to_cell(name: str, value: Any, *, has_formulas: bool) -> str:
    if name not in TEXTS:
        return json.dumps(value, ensure_ascii=False)
    is_plain = value and not CONTROLS.search(value) and not (value[0] == value[-1] == '"')
    is_plain = is_plain and (has_formulas or not value.startswith(FORMULA))
    return str(value) if is_plain else json.dumps(value, ensure_ascii=bool(CONTROLS.search(value)))


def to_elements(record: Record) -> Record:
    """The values of a record; ``extra``, whose values are of several types, is JSON."""
    extra = record.get("extra")
    text = {} if extra is None else {"extra": json.dumps(extra, ensure_ascii=False)}
    return dict(to_xml_values({**record, **text}))


def to_xml_values(value: object) -> Any:
    """Values as Scrapy's XML exporter writes them without loss: no element for null, ``true`` and ``false``."""
    if isinstance(value, dict):
        return {name: to_xml_values(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [to_xml_values(part) for part in value]
    return to_xml_text(value) if isinstance(value, str) else json.dumps(value)
