"""What was measured, at the end of the page of measurements."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

MEASUREMENTS = Path(__file__).resolve().parents[1] / "docs" / "measurements.md"


def written(title: str, command: str, body: str) -> None:
    """Append a section under today's date: the command, then what it gave."""
    today = dt.date.today().isoformat()  # noqa: DTZ011  the day where the person sits
    with MEASUREMENTS.open("a", encoding="utf8") as file:
        file.write(f"\n## {today}: {title}\n\n```\n{command}\n```\n\n{body}\n")
