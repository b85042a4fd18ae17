"""Computes from its fetch history when a URL is fetched again. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.types import Role
from crawler.util import DAY, HOUR

ARTICLE_AGES = (HOUR, 4 * HOUR, DAY, 3 * DAY)
"""Ages at which an article is fetched again: newsrooms correct and extend an article within hours, and rarely after
three days."""

FRESH_SHARE = 0.1
"""Share of the time since a listing last changed for which it counts as fresh: the heuristic of RFC 9111, 4.2.2."""

MIN_FRESHNESS = 300
"""Shorter times of freshness, in seconds, are ignored: a listing that changed in the last 50 minutes is fetched in
every run."""

MAX_FRESHNESS = 2 * DAY
"""Most seconds for which a listing counts as fresh."""

LONGEST_WAIT = ARTICLE_AGES[-1]
"""The longest time from a fetch to the next. A later due time was written under a clock that was ahead, and counts as
due."""

LONGEST_AGE = 5 * 365 * DAY
"""Age from which a stored time counts as that of a clock that was behind, such as 1970. An article that is so old is
fetched a few times more."""

SECOND_RETRY = HOUR
MAX_RETRIES = 6
"""Retries of a failing URL: one in the next run, the others each after twice the time, the last 31 hours after the
first."""

NEVER_FETCHED = 0
"""Due time of URLs that were discovered and not fetched yet: they are before all others."""

OK, NOT_MODIFIED = 200, 304

GONE = (404, 410)
"""Statuses after which an article is fetched again only if a listing declares a change, and a listing rarely."""

LISTINGS = (Role.START, Role.SECTION, Role.FEED, Role.SITEMAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchHistory:
    """What decides when one URL is fetched again. Times are seconds since 1970."""

    role: Role
    at: int
    """When it was last fetched."""
    first_seen: int
    changed: int
    """When a fetch last found changed content."""
    status: int | None
    failures: int
    """Transient failures in a row."""
    is_walled: bool = False
    """True where the last failure was a bot challenge, which says nothing of the page."""


def is_due(due: int | None, now: int) -> bool:
    """True for a due time that has passed, or is further ahead than any wait."""
    return due is not None and not now < due <= now + LONGEST_WAIT


def plausible_time(stored: int, at: int) -> int:
    """When a URL was first seen, or its content last changed, by what an earlier run stored and the time now.

    A stored time later than now, or ``LONGEST_AGE`` ago or more, was written by a wrong clock and is not used.
    """
    return stored if at - LONGEST_AGE < stored <= at else at


def next_due(history: FetchHistory) -> int | None:
    """When to fetch a URL again; None for never, as for a further page of an article, which comes with the first."""
    if history.role is Role.NEXT:
        return None
    if history.failures:
        is_over = history.failures > MAX_RETRIES and history.role not in LISTINGS and not history.is_walled
        wait = SECOND_RETRY * 2 ** (min(history.failures, MAX_RETRIES) - 2) if history.failures > 1 else 0
        return None if is_over else history.at + wait
    if history.status in GONE and history.role is not Role.START:
        return history.at + MAX_FRESHNESS if history.role in LISTINGS else None
    if history.role in LISTINGS:
        wait = min(int(FRESH_SHARE * (history.at - history.changed)), MAX_FRESHNESS)
        return history.at + (wait if wait >= MIN_FRESHNESS else 0)
    age = history.at - history.first_seen
    return next((history.first_seen + later for later in ARTICLE_AGES if later > age), None)


def is_changed(
    lastmod: int | None, fetched: int | None, stored_lastmod: int | None, run_started: int, now: int | None = None
) -> bool:
    """True when a listing declares a change after the page was fetched, or a later one than in earlier runs.

    Args:
        lastmod: the date of the change that the listing declares now, seconds since 1970.
        fetched: when the page was last fetched; None for never.
        stored_lastmod: the latest ``lastmod`` that the ledger has.
        run_started: when this run started.
        now: the time now. A fetch more than a day later was made under a clock that was ahead.
    """
    if lastmod is None or fetched is None:
        return False
    is_earlier_run = fetched < run_started or fetched > (now or run_started) + DAY
    return lastmod > fetched or (stored_lastmod is not None and lastmod > stored_lastmod and is_earlier_run)
