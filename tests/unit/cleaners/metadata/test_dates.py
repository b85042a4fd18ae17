"""Machine-readable dates."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cleaners.metadata.dates import parse_date

ODD_OFFSETS = ("+01:00:00.000001", "+01:00:30", "-00:00:01", "+99:99", "+24:00", "+23:59", "-13:00", "+14:01")
"""Offsets that no place has; what is left is the time without one."""

FETCHED = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-10-31T08:15:00+01:00", "2026-10-31T08:15:00+01:00"),
        ("2026-10-31T08:15:00Z", "2026-10-31T08:15:00+00:00"),
        ("2026-10-31T08:15:00.123Z", "2026-10-31T08:15:00+00:00"),
        ("2026-10-31T08:15:00", "2026-10-31T08:15:00"),
        ("2026-10-31T08:15:00+14:00", "2026-10-31T08:15:00+14:00"),
        ("2026-10-31T08:15:00-12:00", "2026-10-31T08:15:00-12:00"),
        ("2026-10-31T08:15:00+05:45", "2026-10-31T08:15:00+05:45"),
        *((f"2026-10-31T08:15:00{offset}", "2026-10-31T08:15:00") for offset in ODD_OFFSETS),
        ("Sat, 31 Oct 2026 08:15:00 +9999", "2026-10-31T08:15:00"),
        ("2026-10-31", "2026-10-31"),
        ("20 Nov 2019 08:02 GMT", "2019-11-20T08:02:00+00:00"),
        ("Tue, 20 Oct 2026 06:45:12 +0200", "2026-10-20T06:45:12+02:00"),
        ("October 5, 2026", "2026-10-05"),
        ("5.10.2026", "2026-10-05"),
        ("05.10.2026 08:15", "2026-10-05T08:15:00"),
        ("10.31.2026", "2026-10-31"),
        ("2026-11-02T08:00:00Z", "2026-11-02T08:00:00+00:00"),
        ("2026-11-05T08:00:00Z", None),
        ("1970-01-01T00:00:00Z", None),
        ("October 2026", None),
        ("2026", None),
        ("yesterday", None),
        ("", None),
        ("2026-13-45", None),
        ("99999999999999999999 2026", None),
        ("x" * 100 + "2026-10-10", None),
        (None, None),
        (20261031, None),
        ({"@value": "2026-10-31"}, None),
    ],
)
def test_iso(value: object, expected: str | None) -> None:
    assert parse_date(value, FETCHED) == expected


def test_no_clock_is_read_when_the_fetching_is_unknown() -> None:
    assert parse_date("2098-01-01", None) == "2098-01-01"
    assert parse_date("2100-06-01", None) is None
