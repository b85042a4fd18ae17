"""The day in a URL, as many sites write it."""

from __future__ import annotations

import re

DAY_IN_PATH = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?P<between>[/-]?)(?P<month>0[1-9]|1[0-2])(?P=between)"
    r"(?P<day>0[1-9]|[12][0-9]|3[01])(?![0-9])"
)


def day_in_url(url: str) -> str | None:
    """The day in a URL, as in ``/2026/11/05/``, ``/2026-11-05-`` or ``/20261105/``; None where it has none."""
    match = DAY_IN_PATH.search(url)
    return "-".join(match.group("year", "month", "day")) if match else None
