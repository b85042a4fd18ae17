"""Numbers with their nouns."""

from __future__ import annotations


def count_noun(number: int, noun: str, plural: str = "") -> str:
    """A number and its noun: ``1 page``, ``2 pages``, ``14,000 entries``.

    Args:
        number: how many.
        noun: the noun for one.
        plural: the noun for more, where that is not the first with an s.
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
