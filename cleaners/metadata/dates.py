"""Dates: converts machine-readable dates to ISO 8601 with the offset that the page declares."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from dateutil import parser as dateutil_parser

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""The time of the first news sites; older dates on a page are not publication dates (htmldate's own bound)."""

LATEST_UNKNOWN = datetime(2099, 12, 31, tzinfo=UTC)
"""Upper bound when the time of fetching is unknown. Not now(): the same page must give the same date tomorrow."""

SLACK = timedelta(days=1)
"""How far a date may be after the fetch: sites publish local times without an offset."""

LONGEST_BEHIND, LONGEST_AHEAD = timedelta(hours=12), timedelta(hours=14)
"""The offsets that are farthest from UTC: those of Baker Island and of the Line Islands."""

DAY = len("2026-10-05")
"""Characters of the day of a date in ISO 8601."""

DAY_SECONDS = 24 * 3_600

MAX_DATE_CHARS = 60
"""Characters of a date; longer values are prose."""

DEFAULT = datetime(1, 1, 1)  # noqa: DTZ001  fills missing parts, so that an incomplete date is detected
YEAR = re.compile(r"\d{4}")
MONTHS = (
    "january february march april may june july august september october november december "
    "januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet août septembre octobre "
    "novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre "
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre janeiro fevereiro março maio junho julho "
    "setembro outubro dezembro januari februari maart mei augustus jan feb mar apr jun jul aug sep sept oct nov dec"
)
DAYS_OF_WEEK = "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag"
PART = re.compile(rf"\d{{1,4}}(?:st|nd|rd|th|[年月日])?|{'|'.join(MONTHS.split())}", re.IGNORECASE)
BESIDE = frozenset((*DAYS_OF_WEEK.split(), "of", "de", ""))
"""Words that stand beside the parts of a date."""
BETWEEN_PARTS = re.compile(r"[\s,./-]+|(?<=[年月])")
DATE_ONLY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
DAY_FIRST = re.compile(r"(?<![\d.])\d{1,2}\.\s?\d{1,2}\.\s?\d{4}(?!\d)")
"""Day, month and year with points between: nearly everywhere where dates are written so, the day comes first."""
ZONES = {
    "GMT": 0,
    "UTC": 0,
    "Z": 0,
    "EST": -18000,
    "EDT": -14400,
    "CST": -21600,
    "CDT": -18000,
    "MST": -25200,
    "MDT": -21600,
    "PST": -28800,
    "PDT": -25200,
    "BST": 3600,
    "CET": 3600,
    "CEST": 7200,
    "EET": 7200,
    "EEST": 10800,
    "MSK": 10800,
    "IST": 19800,
}
"""Offsets in seconds of the time zone abbreviations on news sites (RFC 822, and European and Indian ones)."""


def parse_date(value: object, fetched_at: datetime | None) -> str | None:
    """A machine-readable date as ISO 8601; None when it is not a date, or is outside the possible range.

    Keeps the value's own offset. The result has no offset where the value has none, and no time where it has none.
    """
    if not isinstance(value, str) or not YEAR.search(value) or len(value) > MAX_DATE_CHARS:
        return None
    value = value.strip()
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        try:
            is_day_first = DAY_FIRST.search(value) is not None
            moment = dateutil_parser.parse(value, default=DEFAULT, tzinfos=_zone, dayfirst=is_day_first)
        except (ValueError, OverflowError, TypeError):
            return None
        if moment.year < EARLIEST.year or moment != dateutil_parser.parse(
            value, default=DEFAULT.replace(month=2, day=2), tzinfos=_zone, dayfirst=is_day_first
        ):
            return None
    if not is_possible(moment, fetched_at):
        return None
    if DATE_ONLY.match(value) or (len(value) <= len("20 September 2020") and ":" not in value):
        return moment.date().isoformat()
    return _with_plain_offset(moment).replace(microsecond=0).isoformat()


def _with_plain_offset(moment: datetime) -> datetime:
    """The moment, with its offset removed if no time zone has it: one with seconds, or of more than 14 hours.

    RFC 3339 has offsets in minutes; those in use are -12:00 to +14:00.
    """
    offset = moment.utcoffset()
    is_plain = offset is None or (not offset % timedelta(minutes=1) and -LONGEST_BEHIND <= offset <= LONGEST_AHEAD)
    return moment if is_plain else moment.replace(tzinfo=None)


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """The time zone of an abbreviation or of an offset in seconds; None for unknown abbreviations."""
    seconds = offset if offset is not None else ZONES.get(name or "")
    is_odd = seconds is not None and abs(seconds) >= DAY_SECONDS  # Python has none
    return None if seconds is None or is_odd else timezone(timedelta(seconds=seconds))


def is_possible(moment: datetime, fetched_at: datetime | None) -> bool:
    """True for a date between ``EARLIEST`` and the latest date possible for the fetch time."""
    try:
        return EARLIEST <= aware(moment) <= latest(fetched_at)
    except OverflowError:
        return False


def latest(fetched_at: datetime | None) -> datetime:
    """The latest possible date of a page fetched at this time."""
    if fetched_at is None:
        return LATEST_UNKNOWN
    return aware(fetched_at) + SLACK


def is_part_of_date(text: str) -> bool:
    """True for a text that is a date or a part of one: ``2026``, ``November``, ``3 November``, ``11月``."""
    words = [word for word in BETWEEN_PARTS.split(text.casefold()) if word not in BESIDE]
    return bool(words) and all(PART.fullmatch(word) for word in words)


def is_on_day(value: str, day: str) -> bool:
    """True where a date of a record is on a day: a moment with an offset, on that day in any time zone."""
    moment = moment_of(value)
    if moment is None:
        return value.startswith(day)
    earliest, latest_local = (moment.astimezone(UTC) + shift for shift in (-LONGEST_BEHIND, LONGEST_AHEAD))
    return earliest.date().isoformat() <= day <= latest_local.date().isoformat()


def moment_of(value: str | None) -> datetime | None:
    """The moment of a date in ISO 8601; None where it has no offset."""
    moment = datetime.fromisoformat(value) if value else None
    return moment if moment and moment.tzinfo else None


def aware(moment: datetime) -> datetime:
    """A moment with a time zone: UTC where it has none."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
