"""News in JSON 3.1, the format of news agencies (IPTC, ninjs)."""

from __future__ import annotations

from crawler.output.formats.fields import Record
from crawler.output.formats.values import present, to_rfc3339, uri

NINJS = {"name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"}

SOURCES = {"site_name": "publisher", "credit": "credit"}
"""Roles of the sources that are not the authors, by the key of the record."""


def to_ninjs(record: Record) -> Record:
    """A text item of IPTC's ninjs 3.1. Dates are given only where they are complete: the standard has no others."""
    return present(
        standard=NINJS,
        uri=f"urn:copydesk:article:{record['id']}",
        type="text",
        representationType="partial" if record["page_type"] == "paywall_stub" else "full",
        profile=record["page_type"],
        version=str(record.get("revision") or 1),
        versionCreated=to_rfc3339(record["fetched_at"]),
        contentCreated=to_rfc3339(record["published"]),
        language=record["language"],
        headlines=_texts("main", record["title"]),
        descriptions=_texts("summary", record["description"]),
        bodies=[{**_texts("main", record["text"])[0], "charCount": len(record["text"])}],
        by=", ".join(record["authors"]) or None,
        infoSources=[
            *({"name": name, "role": "author"} for name in record["authors"]),
            *({"name": record[key], "role": role} for key, role in SOURCES.items() if record[key]),
        ],
        subjects=[
            *({"name": record["section"], "rel": "section"} for _ in range(bool(record["section"]))),
            *({"name": tag, "rel": "keyword"} for tag in record["tags"]),
        ],
        usageTerms="; ".join(f"{right['origin']}: {right['value']}" for right in record.get("rights") or ()) or None,
        altIds=[{"role": key, "value": record[key]} for key in ("url", "canonical_url") if record[key]],
        associations=[
            *(_picture(number, image) for number, image in enumerate(record["images"], 1)),
            *(_link(number, link) for number, link in enumerate(record["related"], 1)),
        ],
    )


def _texts(role: str, text: str | None) -> list[Record]:
    return [{"role": role, "contentType": "text/plain", "value": text}] if text else []


def _picture(number: int, image: Record) -> Record:
    return present(
        name=f"picture-{number}",
        uri=uri(image["url"]),
        type="picture",
        rel="main" if number == 1 else "body",
        by=image["credit"],
        descriptions=_texts("caption", image["caption"]),
        renditions=[{"name": "original", "href": uri(image["url"])}],
    )


def _link(number: int, link: Record) -> Record:
    return {
        "name": f"related-{number}",
        "uri": uri(link["url"]),
        "type": "text",
        "rel": "related",
        "representationType": "partial",
        "headlines": _texts("main", link["title"]),
    }
