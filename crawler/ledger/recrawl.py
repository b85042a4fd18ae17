"""When an address is asked again. Pure: what is known of it in, a time out."""

from __future__ import annotations

from dataclasses import dataclass

HOUR = 3_600
DAY = 24 * HOUR

ARTICLE_AGES = (HOUR, 4 * HOUR, DAY, 3 * DAY)
"""Ages at which an article is asked again: newsrooms correct and extend a story within hours, seldom after three days."""

FRESH = 0.1
"""Share of the time since a listing last changed for which it counts as unchanged: the heuristic of RFC 9111, 4.2.2."""

MIN_FRESHNESS = 300
"""Seconds below which leaving a listing alone is not worth it: one that changed within the hour is asked in every run."""

MAX_FRESHNESS = 2 * DAY
"""Most seconds a listing is left alone."""

SECOND_RETRY = HOUR
MAX_RETRIES = 6
"""Tries of a failing address: one in the next run, the others each after twice the time, the last 31 hours after the first."""

NOT_MODIFIED = 304

GONE = (404, 410)
"""Answers after which an article is not asked again unless a listing says that it changed, and a listing seldom."""

LISTINGS = ("start", "section", "feed", "sitemap")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What decides. Times are seconds since 1970."""

    role: str
    at: int
    """When it was asked."""
    first_seen: int
    changed: int
    """When its content was last seen to be new."""
    status: int | None
    failures: int
    """Failures in a row."""


def due(seen: Seen) -> int | None:
    """When to ask again; None for never."""
    if seen.failures:
        is_over = seen.failures > MAX_RETRIES and seen.role not in LISTINGS
        wait = SECOND_RETRY * 2 ** (min(seen.failures, MAX_RETRIES) - 2) if seen.failures > 1 else 0
        return None if is_over else seen.at + wait
    if seen.status in GONE and seen.role != "start":
        return seen.at + MAX_FRESHNESS if seen.role in LISTINGS else None
    if seen.role in LISTINGS:
        wait = min(int(FRESH * (seen.at - seen.changed)), MAX_FRESHNESS)
        return seen.at + (wait if wait >= MIN_FRESHNESS else 0)
    age = seen.at - seen.first_seen
    return next((seen.first_seen + later for later in ARTICLE_AGES if later > age), None)
