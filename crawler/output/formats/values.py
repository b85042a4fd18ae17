"""Values of a record as other formats need them: keys with a value only, URLs that any reader accepts, and dates."""

from __future__ import annotations

from datetime import UTC, date, datetime

from w3lib.url import safe_url_string

from crawler.output.formats.fields import Record

UNSAFE = {ord(char): f"%{ord(char):02X}" for char in '|[]{}^`"<>\\ '}
"""Characters that w3lib leaves and RFC 3986 forbids. (Square brackets may be in an IPv6 host; no news site is one.)"""


def present(**values: object) -> Record:
    """The keys that have a value: the JSON formats leave out what is absent. ``type_`` is ``@type``."""
    return {
        f"@{name[:-1]}" if name.endswith("_") else name: value
        for name, value in values.items()
        if value not in (None, [], {})
    }


def uri(url: str) -> str:
    """A URL with only the characters of RFC 3986: records keep letters of any script as the page has them."""
    return safe_url_string(url, quote_path=True).translate(UNSAFE)


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
