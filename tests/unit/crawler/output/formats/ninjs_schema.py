"""The rules of IPTC's ninjs 3.1 for the properties that we write, stated by us.

No property may be null or unknown, at any depth; names and values are those of the standard (iptc.org, ninjs 3.1).
"""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string"}
URI = {"type": "string", "format": "uri"}
MOMENT = {"type": "string", "format": "date-time"}


def closed(required: list[str] | None = None, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": required or []}


def many(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TEXTS = many(closed(["value"], role=TEXT, contentType=TEXT, value=TEXT))
COUNT = {"type": "integer"}

ITEM: dict[str, Any] = {
    "uri": URI,
    "type": {"enum": ["text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning"]},
    "representationType": {"enum": ["full", "partial"]},
    "profile": TEXT,
    "version": TEXT,
    "versionCreated": MOMENT,
    "contentCreated": MOMENT,
    "language": TEXT,
    "headlines": TEXTS,
    "descriptions": TEXTS,
    "bodies": many(closed(["value"], role=TEXT, contentType=TEXT, charCount=COUNT, wordCount=COUNT, value=TEXT)),
    "by": TEXT,
    "infoSources": many(closed(name=TEXT, role=TEXT, uri=URI, literal=TEXT)),
    "subjects": many(closed(name=TEXT, rel=TEXT, uri=URI, literal=TEXT)),
    "usageTerms": TEXT,
    "altIds": many(closed(role=TEXT, value=TEXT)),
    "standard": closed(name=TEXT, version=TEXT, schema=URI),
    "renditions": many(closed(["name"], name=TEXT, href=URI, contentType=TEXT)),
}

ASSOCIATION = closed(["name", "uri"], **ITEM, name=TEXT, rel=TEXT)

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **closed(["uri"], **ITEM, associations=many(ASSOCIATION)),
}
