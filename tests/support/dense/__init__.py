"""Pages and listings that are dense in one thing, of any size: what costs more than its bytes is found by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

Unit = str | Callable[[int], str]
"""Markup with ``{n}`` where the number of the repetition stands, or a function of that number."""


def units(unit: Unit, size: int) -> Iterator[str]:
    """Repetitions of a unit, of ``size`` bytes together."""
    length = 0
    for number in count():
        if length >= size:
            return
        text = unit(number) if callable(unit) else unit.replace("{n}", str(number))
        length += len(text.encode())
        yield text
