"""The date shown beside the headline, and corrections of the declared date by it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from html import escape
from itertools import islice

from dateutil.parser import UnknownTimezoneWarning
from htmldate import find_date
from lxml import html as lxml_html

from cleaners.labels.labelled_page import LabelledPage
from cleaners.metadata import dates
from cleaners.types import BlockKind, Page

MAX_DATE_CHARS = 200
"""Most characters of a text that are searched for a date."""

MAX_LINE_CHARS = 150
"""Most characters of a line that shows the article's date among other things: section, author, number of comments."""

MAX_SEARCHED = 30
"""Most lines in which a date is searched; htmldate takes up to 20 ms for one in words that it does not know. Of 4,503
development pages one has 112 such lines, and the same date with 30; the others have 12 at most."""

ABOVE = 5
"""Most blocks above the headline in which such a line is searched."""

MODIFIED = re.compile(
    r"(?:.{0,40}\b)?(?:last )?(?:updated|modified|actualizado|aktualisiert|mis à jour|обновлено)(?: on| at)?[:\s]*",
    re.IGNORECASE,
)
"""The part of a date line before the date of the last change."""

PUBLISHED = re.compile(
    r"(?:first )?(?:published|posted|publicado|veröffentlicht|publié)|发布(?:时间|日期)|發布(?:時間|日期)|发表于",
    re.IGNORECASE,
)
"""Start of a date line whose date is that of publication, whatever follows."""

PART_ONLY = re.compile(r"-01-01$")
"""The date that htmldate makes of a year alone."""

CLOCK = re.compile(
    r"(?<![\d.:])(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)(?![\d.]\d)(?::\d\d)?(?:\s?(?P<half>[ap])\.?\s?m\b)?",
    re.IGNORECASE,
)
"""A time of day."""

NUMERIC = re.compile(r"\d{1,2}[/.-]\s?\d{1,2}[/.-]\s?\d{2}")
"""A date of numbers only, in which the order of day and month is ambiguous."""

NUMBER = re.compile(r"\d+")

YEAR = re.compile(r"(?:19|20)[0-9]{2}")

DATED = (BlockKind.DATE, BlockKind.BYLINE)

OFFSETS = frozenset(
    (*(60 * hour for hour in range(-12, 15)), -570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765)
)
"""The offsets from UTC that are in use, in minutes."""


def date_in(text: str, page: Page) -> str | None:
    """The date in a text: machine-readable, or in the words of a language that htmldate knows."""
    if date := dates.parse_date(text, page.fetched_at):
        return date if ":" in text else date[: dates.DAY]
    line = lxml_html.document_fromstring(f"<p>{escape(text[:MAX_DATE_CHARS])}</p>")
    with (
        suppress(ValueError, OverflowError),
        warnings.catch_warnings(action="ignore", category=UnknownTimezoneWarning),
    ):
        return dates.parse_date(find_date(line, original_date=True), page.fetched_at)
    return None


def day_shown(labelled: LabelledPage, page: Page) -> str | None:
    """The date in the first date line or byline above the text, unless it is that of the last change."""
    lines = (text for text, kind in _lines(labelled) if kind in DATED and not is_change(text))
    for text in islice(lines, MAX_SEARCHED):
        start = PUBLISHED.match(text)
        date = date_in(text[start.end() :].lstrip(" :") if start else text, page)
        if date and not PART_ONLY.search(date):
            return date
    return None


def day_of_line(labelled: LabelledPage, page: Page) -> str | None:
    """The day of the first plain date line between headline and text: one without a machine-readable time.

    Dates of numbers only are left to htmldate, which knows more of the page than the order of day and month.
    """
    view, title = labelled.view, labelled.view.title_index
    if title is None or not labelled.body:
        return None
    lines = (
        view.blocks[number].text
        for number in range(title + 1, labelled.body[0].index)
        if labelled.labels[number].kind in DATED
        and not view.has_inside(view.blocks[number].block_scope, "time", "abbr")
    )
    plain = (text for text in lines if YEAR.search(text) and not NUMERIC.search(text) and not is_change(text))
    for text in islice(plain, MAX_SEARCHED):
        date = date_in(text[start.end() :].lstrip(" :") if (start := PUBLISHED.match(text)) else text, page)
        if date and not PART_ONLY.search(date):
            return date
    return None


def is_change(text: str) -> bool:
    """True for a line that gives the date of the last change first."""
    return MODIFIED.match(text) is not None and PUBLISHED.match(text) is None


def correct_date(published: str, labelled: LabelledPage, page: Page) -> str:
    """A date with its day and month in the order that the lines beside the headline show, or in their local time."""
    lines = [text for text, _ in _lines(labelled)]
    return in_shown_time(published, lines) or in_shown_order(published, lines, page) or published


def in_shown_order(published: str, lines: list[str], page: Page) -> str | None:
    """The date with day and month exchanged, if a line shows that one and none shows the declared one; else None."""
    year, month, day = published[:4], int(published[5:7]), int(published[8:10])
    if day > 12 or day == month:
        return None
    other = f"{year}-{day:02}-{month:02}"
    stated = (line for line in lines if year in line and not NUMERIC.search(line))
    lines = list(islice(stated, MAX_SEARCHED))
    if not any(str(month) in line or not line.isascii() for line in lines):  # no line has the exchanged day: usual case
        return None
    is_exchanged = False
    for line in lines:
        shown = date_in(line, page)
        if shown and shown[: dates.DAY] == published[: dates.DAY]:
            return None
        is_exchanged = is_exchanged or (shown is not None and shown[: dates.DAY] == other)
    return other + published[dates.DAY :] if is_exchanged else None


def in_shown_time(published: str, lines: list[str]) -> str | None:
    """A moment in UTC, in the local time that a line shows, if its local day differs from the UTC day; else None.

    None where a line shows the moment in UTC.
    """
    moment = dates.moment_of(published)
    if moment is None or moment.utcoffset():
        return None
    shown_time = None
    for line in lines:
        for offset, around in _offsets(moment, line):
            local = moment.astimezone(timezone(timedelta(minutes=offset)))
            numbers = {int(number) for number in NUMBER.findall(around)}
            if {local.day, local.year} <= numbers:
                if not offset:
                    return None
                if local.day != moment.day and moment.day not in numbers:
                    shown_time = shown_time or local.isoformat()
    return shown_time


def _offsets(moment: datetime, line: str) -> Iterator[tuple[int, str]]:
    """The offsets from UTC with which a moment would be a time of day in the line, and the text around that time."""
    clocks = list(CLOCK.finditer(line))
    for number, clock in enumerate(clocks):
        hour = int(clock["hour"])
        if clock["half"]:
            hour = hour % 12 + (12 if clock["half"].lower() == "p" else 0)
        start = clocks[number - 1].end() if number else 0
        end = clocks[number + 1].start() if number + 1 < len(clocks) else len(line)
        around = (line[start : clock.start()], line[clock.end() : end])
        ahead = (hour - moment.hour) * 60 + int(clock["minute"]) - moment.minute
        for offset in (ahead - 24 * 60, ahead, ahead + 24 * 60):
            if offset in OFFSETS:
                yield from ((offset, text) for text in around)


def _lines(labelled: LabelledPage) -> Iterator[tuple[str, BlockKind]]:
    """The short lines beside the headline and above the text, nearest above it last."""
    view, body = labelled.view, labelled.body
    first = body[0].index if body else len(view.blocks)
    title = view.title_index if view.title_index is not None else max(0, first - ABOVE)
    for number in (*range(title + 1, first), *range(min(title, first - 1), max(-1, title - ABOVE - 1), -1)):
        block, label = view.blocks[number], labelled.labels[number]
        if block.weight <= MAX_LINE_CHARS and NUMBER.search(block.text):
            yield block.text, label.kind
