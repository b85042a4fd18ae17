"""What Retry-After asks for."""

from __future__ import annotations

import pytest

from crawler.fetching.politeness.throttle import retry_after

NOW = 1_793_520_000.0  # 2026-11-01 08:00:00 UTC


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"120", 120.0),
        (b" 0 ", 0.0),
        (b"Sun, 01 Nov 2026 08:01:00 GMT", 60.0),
        (b"Sun, 01 Nov 2020 08:01:00 GMT", 0.0),
        (b"soon", None),
        (b"-5", None),
        (b"", None),
        (None, None),
    ],
)
def test_retry_after(value: bytes | None, expected: float | None) -> None:
    assert retry_after(value, NOW) == expected
