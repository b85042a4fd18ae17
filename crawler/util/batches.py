"""Values in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Value = TypeVar("Value")

BATCH = 500
"""Values in a batch: fewer than the variables that any build of SQLite allows in a query, and enough that the cost of
the query itself is negligible."""


def batches(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Values in lists of at most ``BATCH``."""
    rest = iter(values)
    while batch := list(islice(rest, BATCH)):
        yield batch
