"""The records that go through every format: those of all fixtures, and one that is as odd as a record may be."""

from __future__ import annotations

import json
from typing import Any

from cleaners.record.serialize import from_json, to_json
from tests.golden import cases


def line(record: dict[str, Any]) -> str:
    """The line of a record, as it is written."""
    return to_json(from_json(json.dumps(record)))


def golden() -> list[dict[str, Any]]:
    folders = [*cases.page_cases(), *cases.site_cases()]
    return [one for folder in folders if "stage" not in (one := cases.expected(folder))]


def odd(base: dict[str, Any]) -> dict[str, Any]:
    """A record with every optional key, dates that are none, empty strings, control characters and foreign URLs."""
    return {
        **base,
        "id": "0" * 20,
        "url": "https://пример.example/путь/a b|c[1]?q=ü&x=%zz#é",
        "canonical_url": "https://news.example/{x}/ñ",
        "title": "a\x01b\x0bc\x7fd\u0085e\u2028f\ufffeg\r\nh\ti ]]> <&\" '=1+1",
        "description": "",
        "site_name": "None",
        "section": "null",
        "text": "1.5\n" + "x" * 200_000 + "\n\U0001f600 =cmd()",
        "authors": [],
        "tags": ["a,b", '"q"', "\x00nul"],
        "published": "2024-02-03T10:30",
        "modified": "1900-01-01T00:00:00.1234567+00:19:32",
        "fetched_at": None,
        "images": [{"url": "https://i.example/ä b.jpg", "caption": None, "credit": ""}],
        "page_type_score": 1.0,
        "free_access": False,
        "boxes": [],
        "entries": [{"title": None, "published": "2024-13-45", "text": "t", "url": None}],
        "site_rules": "s (f)",
        "evidence": [{"field": "title", "origin": "json-ld", "value": "v", "agrees": False}],
        "revision": 2,
        "previous": "1" * 20,
        "rights": [{"origin": "meta", "value": "noai"}],
        "duplicate_of": {"id": "2" * 20, "similarity": 0.1 + 0.2},
        "extra": {"n": 1, "f": 1.5, "t": "", "l": ["a", "b"], "none": None, "b": True},
    }


GOLDEN = golden()
RECORDS = [json.loads(line(one)) for one in (*GOLDEN, odd(GOLDEN[0]))]
LINES = [line(one) for one in RECORDS]
