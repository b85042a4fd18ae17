"""Many values, some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Value = TypeVar("Value")

BATCH = 500
"""Values at a time: below the limit of variables of a query in any build of SQLite, and enough that a query's own cost vanishes."""


def batches(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Values in lists of ``BATCH``."""
    rest = iter(values)
    while some := list(islice(rest, BATCH)):
        yield some
