"""The entries of a live blog: sibling elements that each have a time, completed from JSON-LD.

schema.org LiveBlogPosting lists its entries as liveBlogUpdate; a page often shows only the newest of them.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice

from cleaners.blocks.scope import HEADINGS, Scope
from cleaners.blocks.segment import Block
from cleaners.labels.labelled_page import LabelledPage
from cleaners.metadata import dates
from cleaners.metadata.jsonld import LIVE_BLOG
from cleaners.text.normalise import match_key
from cleaners.types import Entry, Page
from cleaners.urls.resolve import resolve_url

MIN_ENTRIES = 3
"""Fewest entries of a live blog that declares none: two timed parts may be a text and its update."""

TIMED_SHARE = 0.8
"""Least share of sibling elements with a time that makes them entries."""

MAX_TIMES = 3
"""Most ``time`` elements of an entry that are read: when it was posted, when it was changed, and one in its text."""

MAX_ENTRIES = 1_000
"""Most entries that are read of a page; of 4,503 development pages none has more than 35."""

CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.h]([0-5]\d)\b")
"""A time of day, as entries show it that have no machine-readable one."""


def entries(labelled: LabelledPage, page: Page) -> tuple[Entry, ...]:
    """The entries of a live blog, in page order, then those that only JSON-LD has; empty for any other page.

    A page that does not declare its type is a live blog when the entries' permanent links lead to places on the page.
    """
    metadata = labelled.view.metadata
    is_declared = LIVE_BLOG in metadata.types
    day = (metadata.published or "")[: dates.DAY]
    shown_entries = [_entry(scope, blocks, page, day) for scope, blocks in _shown(labelled)[:MAX_ENTRIES]]
    if not is_declared and not (len(shown_entries) >= MIN_ENTRIES and all(entry.url for entry in shown_entries)):
        return ()
    return tuple(_with_declared(shown_entries, metadata.updates)) if is_declared else tuple(shown_entries)


def newest(blog_entries: Iterable[Entry]) -> str | None:
    """The time of the newest entry; None where no entry has one."""
    times = [entry.published for entry in blog_entries if entry.published]
    return max(times, key=lambda value: dates.aware(datetime.fromisoformat(value)), default=None)


def _shown(labelled: LabelledPage) -> list[tuple[Scope, list[Block]]]:
    """The sibling elements with most of the body, ``TIMED_SHARE`` of them with a time, each with its body blocks."""
    groups: dict[tuple[Scope | None, str], dict[Scope, list[Block]]] = defaultdict(lambda: defaultdict(list))
    for block in labelled.body:
        for scope in block.block_scope.chain():
            groups[scope.parent, scope.tag][scope].append(block)
    best: dict[Scope, list[Block]] = {}
    for group in groups.values():
        is_row = len(group) >= MIN_ENTRIES and _size(group) > _size(best)
        if is_row and sum(_time(scope) is not None for scope in group) >= TIMED_SHARE * len(group):
            best = group
    return list(best.items())


def _size(group: dict[Scope, list[Block]]) -> int:
    return sum(block.weight for blocks in group.values() for block in blocks)


def _time(scope: Scope) -> str | None:
    """The time of an entry: machine-readable, else as it is shown, such as 14:05."""
    times = list(islice(scope.element.iter("time"), MAX_TIMES))
    stated = (value for time in times if (value := time.get("datetime")))
    shown = (match[0] for time in times if (match := CLOCK.search(time.text_content())))
    return next(chain(stated, shown), None)


def _moment(time: str | None, day: str, page: Page) -> str | None:
    """The time as ISO 8601; one without a day is on the day of the page."""
    clock = CLOCK.fullmatch(time or "")
    if clock is None:
        return dates.parse_date(time, page.fetched_at)
    return f"{day}T{int(clock[1]):02}:{clock[2]}:00" if day else None


def _entry(scope: Scope, blocks: Sequence[Block], page: Page, day: str) -> Entry:
    heading = next((block for block in blocks if block.scope.flags & HEADINGS), None)
    return Entry(
        title=heading.text if heading else None,
        published=_moment(_time(scope), day, page),
        text="\n".join(block.text for block in blocks if block is not heading),
        url=_permanent_link(scope, page.url),
    )


def _permanent_link(scope: Scope, url: str) -> str | None:
    """The URL of an entry on its page: its id as the fragment, or the first link to a fragment of this page."""
    element = scope.element
    while not element.get("id") and len(element) == 1:  # a box that holds only the entry
        element = element[0]
    own = element.get("id")
    if own and " " not in own:
        return f"{url.partition('#')[0]}#{own}"
    links = (link.get("href") or "" for link in scope.element.iter("a"))
    for href in links:
        target = resolve_url(url, href) if "#" in href else None
        if target and target.partition("#")[0] == url.partition("#")[0] and target.partition("#")[2]:
            return target
    return None


def _with_declared(shown: Sequence[Entry], declared: Sequence[Entry]) -> Iterator[Entry]:
    """The shown entries, with empty fields filled from JSON-LD, then the entries that only JSON-LD has."""
    places: dict[tuple[str, str], deque[int]] = defaultdict(deque)
    for place, other in enumerate(declared):
        for name in _names(other):
            places[name].append(place)
    taken: set[int] = set()
    for entry in shown:
        for name in _names(entry):
            while places[name] and places[name][0] in taken:
                places[name].popleft()
        number = min((places[name][0] for name in _names(entry) if places[name]), default=None)
        if number is None:
            yield entry
            continue
        taken.add(number)
        same = declared[number]
        yield Entry(
            title=entry.title or same.title,
            published=entry.published or same.published,
            text=entry.text or same.text,
            url=entry.url or same.url,
        )
    yield from (other for place, other in enumerate(declared) if place not in taken)


def _names(entry: Entry) -> list[tuple[str, str]]:
    """Keys by which entries are matched: the URL, and the match key of the title or the first 80 characters."""
    key = match_key(entry.title or entry.text[:80])
    return [(kind, name) for kind, name in (("url", entry.url), ("key", key)) if name]
