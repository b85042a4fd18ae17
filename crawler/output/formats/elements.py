"""Records as XML elements: Scrapy's exporter writes the values that are made here without loss."""

from __future__ import annotations

import json
import re
from typing import Any

from crawler.output.formats.fields import Record

NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document can hold, even escaped; and CR, which every XML reader turns into LF."""


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
    return NOT_XML.sub("\ufffd", value) if isinstance(value, str) else json.dumps(value)
