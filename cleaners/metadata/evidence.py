"""Where each metadata value came from, and which sources say otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from cleaners.text.normalise import match_key
from cleaners.types import Evidence, Metadata
from cleaners.urls.credentials import strip_credentials_in_text

Candidate = tuple[str, str, str]
"""Field, origin and value: what one source says of one field."""

SHOWN = "page"
"""Origin of values that no machine-readable source gives: read off the visible page, or found by searching it."""

DAYS = frozenset(("published", "modified"))
"""Fields that agree when they name the same day: sources round times and shift zones."""

DAY = 10
"""Characters of a day in ISO 8601."""


def collect_evidence(metadata: Metadata, candidates: Iterable[Candidate]) -> tuple[Evidence, ...]:
    """Each thing said of each field that has a value, the sources of the record's own value marked.

    A field is in conflict when a source differs from the record's value.
    """
    found: list[Evidence] = []
    said = list(candidates)
    for field in FIELDS:
        value = values(metadata, field)
        if not value:
            continue
        mine = [(origin, strip_credentials_in_text(other)) for name, origin, other in said if name == field]
        found += [
            Evidence(field=field, origin=origin, value=other, agrees=any(is_same(field, one, other) for one in value))
            for origin, other in dict.fromkeys(mine)
        ]
        if not any(e.field == field and e.agrees for e in found):
            found += [Evidence(field=field, origin=SHOWN, value=one, agrees=True) for one in value]
    return tuple(found)


def conflicts(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Fields on which sources differ, in the order of the record."""
    return tuple(dict.fromkeys(e.field for e in evidence if not e.agrees))


FIELDS = (
    "canonical_url",
    "title",
    "description",
    "authors",
    "published",
    "modified",
    "language",
    "site_name",
    "section",
)
"""Fields that several sources of a page may give."""


def values(metadata: Metadata, field: str) -> tuple[str, ...]:
    """A field's value as a tuple of strings; empty when there is none."""
    value = getattr(metadata, field)
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def is_same(field: str, one: str, other: str) -> bool:
    """True when two sources agree: the same letters, the same day; of texts that sites cut or extend, the same beginning."""
    if field in DAYS:
        return one[:DAY] == other[:DAY]
    a, b = match_key(one), match_key(other)
    return a == b or (field in CUT and bool(a and b) and (a.startswith(b) or b.startswith(a)))


CUT = frozenset(("title", "description"))
"""Fields that sites cut, or to which they add their name."""
