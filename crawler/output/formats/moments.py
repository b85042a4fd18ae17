"""The dates of a record, which may lack a time or an offset, as other formats need them."""

from __future__ import annotations

from datetime import UTC, date, datetime


def parse_moment(text: str | None) -> datetime | None:
    """The date and time of a record; None for a date without a time, or one that no calendar has."""
    try:
        return datetime.fromisoformat(text) if text and "T" in text else None
    except ValueError:
        return None


def instant(text: str | None) -> datetime | None:
    """A moment in UTC; None where the page declares no offset, since it is unknown then."""
    moment = parse_moment(text)
    try:
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except OverflowError:
        return None


def day(text: str | None) -> date | None:
    """The calendar day of a moment, as the page states it."""
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def to_rfc3339(text: str | None) -> str | None:
    """A date as a ``date-time`` of RFC 3339; None where the page gives no time or no offset."""
    moment = parse_moment(text)
    offset = moment.utcoffset() if moment else None
    return moment.isoformat() if moment and offset is not None and not offset.seconds % 60 else None
