"""Small functions without a better place: batches, times, nearest names, numbers with nouns."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

Value = TypeVar("Value")

HOUR = 3_600
DAY = 24 * HOUR
"""Seconds."""

BATCH = 500
"""Values in a batch: fewer than the variables that any build of SQLite allows in a query, and enough that the cost of
the query itself is negligible."""


def batches(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Values in lists of at most ``BATCH``."""
    rest = iter(values)
    while batch := list(islice(rest, BATCH)):
        yield batch


def now() -> int:
    """Seconds since 1970."""
    return int(time.time())


def nearest(name: str, names: Sequence[str]) -> str:
    """The most similar of ``names``; empty when there are none."""
    from difflib import get_close_matches  # noqa: PLC0415  only where something is mistyped

    return next(iter(get_close_matches(name, names, n=1, cutoff=0.0)), "")


def count_noun(number: int, noun: str, plural: str = "") -> str:
    """A number and its noun: ``1 page``, ``2 pages``, ``14,000 entries``.

    Args:
        number: how many.
        noun: the noun for one.
        plural: the noun for more, where that is not the first with an s.
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
