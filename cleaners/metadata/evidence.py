"""The sources of each metadata value, and whether they agree."""

from __future__ import annotations

from collections.abc import Iterable

from cleaners.metadata import dates
from cleaners.text.normalise import match_key
from cleaners.types import Evidence, Metadata
from cleaners.urls.credentials import strip_credentials_in_text

Candidate = tuple[str, str, str]
"""Field, origin and value: the value of one field in one source."""

SHOWN = "page"
"""Origin of a value that no machine-readable source declares: it is from the visible page."""

DAYS = frozenset(("published", "modified"))
"""Fields that agree when they have the same day: sources round times and convert time zones."""

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
"""Fields that several sources of a page may declare."""

SHORTENED_FIELDS = frozenset(("title", "description"))
"""Fields that sites shorten, or append their own name to: a common beginning counts as agreement."""


def collect_evidence(metadata: Metadata, candidates: Iterable[Candidate]) -> tuple[Evidence, ...]:
    """Every declared value of each field that has a value; those that agree with the record are marked.

    A field is in conflict when a source differs from the record's value.
    """
    evidence: list[Evidence] = []
    declared_values = list(candidates)
    for field in FIELDS:
        value = values(metadata, field)
        if not value:
            continue
        of_field = [
            (origin, strip_credentials_in_text(other)) for name, origin, other in declared_values if name == field
        ]
        evidence += [
            Evidence(field=field, origin=origin, value=other, agrees=any(is_same(field, text, other) for text in value))
            for origin, other in dict.fromkeys(of_field)
        ]
        if not any(e.field == field and e.agrees for e in evidence):
            evidence += [Evidence(field=field, origin=SHOWN, value=text, agrees=True) for text in value]
    return tuple(evidence)


def conflicts(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Fields for which sources differ, in the order of the record."""
    return tuple(dict.fromkeys(e.field for e in evidence if not e.agrees))


def values(metadata: Metadata, field: str) -> tuple[str, ...]:
    """A field's value as a tuple of strings; empty when there is none."""
    value = getattr(metadata, field)
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def is_same(field: str, value: str, other: str) -> bool:
    """True when two sources agree.

    Dates agree when they have the same day, or are the same moment; texts when they have the same letters and digits. A
    title or description also agrees when one begins with the other.
    """
    if field in DAYS:
        moment = dates.moment_of(value)
        return value[: dates.DAY] == other[: dates.DAY] or (moment is not None and moment == dates.moment_of(other))
    a, b = match_key(value), match_key(other)
    return a == b or (field in SHORTENED_FIELDS and bool(a and b) and (a.startswith(b) or b.startswith(a)))
