"""What tells two texts of one site apart, or makes a change of a text one that nobody wrote: headline, facts, numbers.

Notices, briefs and reports of a site share most of their words and are stories of their own: another headline, other
names, other numbers. And a counter of readers that moves is no new revision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b

from cleaners.text.normalise import match_key

MOST_FACTS = 64
"""Hashes of facts that are kept, the lowest: the share of two texts' facts is then known to within .06."""

SAME_FACTS = 0.8
"""Share of facts in common from which two texts are of one event. Copies that differ by an edited paragraph are above
.9, notices of a police desk that differ in name, place and hour below .6."""

ONE_EDIT = 2
"""Facts that may differ however few there are: one in the place of another."""

MOST_NUMBERED = 50
"""Lines with a number from which a text is a table of numbers, in which each counts."""

SHORT_LINE = 120
"""Characters of the longest line that may be a counter."""

LEAST_LETTERS = 5
"""Letters that a line must have besides its numbers: scores and dates are no counters."""

REPEATED = 5
"""Articles of a site that have a line, its numbers apart, from which the site repeats it. Some stories of one event may
have a line in common in which a number is news."""

FACT = re.compile(r"(?<!\w)(?:(?<![.!?:…»“\"] )(?<!^)[^\W\d_a-z]\w+|\w*\d[\w.,:]*)", re.MULTILINE)
"""A word with a digit, or one in capitals that does not begin a sentence: names, where a script has capitals."""

DIGITS = re.compile(r"\d(?:[\d.,\u00a0\u202f' ]*\d)?")

LINE_BYTES = 12
"""Of a line: eight of what it says without numbers, four of the whole."""


def about(title: str | None, text: str) -> bytes:
    """The headline, eight bytes, and the facts, four each, ascending."""
    names = {found[0].casefold().rstrip(".,:") for found in FACT.finditer(text) if not found[0].islower()}
    facts = sorted(_hash(name, 4) for name in names)[:MOST_FACTS]
    return _hash(match_key(title or ""), 8) + b"".join(facts)


def is_one_event(one: bytes | None, other: bytes | None) -> bool:
    """True for two texts with one headline and the same facts; False where that is not known."""
    if not one or not other or one[:8] != other[:8]:
        return False
    mine, theirs = _facts(one), _facts(other)
    lowest = sorted(mine | theirs)[:MOST_FACTS]
    common = sum(fact in mine and fact in theirs for fact in lowest)
    return common >= SAME_FACTS * len(lowest) or len(lowest) - common <= ONE_EDIT


def _facts(value: bytes) -> frozenset[bytes]:
    return frozenset(value[start : start + 4] for start in range(8, len(value), 4))


def numbered(text: str, site: str) -> bytes:
    """What a text says without its numbers, eight bytes, and its lines with numbers, ``LINE_BYTES`` each.

    Args:
        text: of an article.
        site: what one site repeats says nothing of another one's lines.
    """
    lines = ((DIGITS.sub("#", line), line) for line in text.split("\n"))
    found = [_line(bare, site) + _hash(line, 4) for bare, line in lines if bare != line]
    if len(found) > MOST_NUMBERED:  # a table: its numbers are what it says
        return b""
    return _hash(DIGITS.sub("#", text), 8) + b"".join(found)


def counters(text: str, site: str) -> frozenset[bytes]:
    """The lines of a text of a site, without their numbers, that may be counters: few words and a number."""
    lines = (line for line in text.split("\n") if len(line) <= SHORT_LINE)
    bare = ((DIGITS.sub("#", line), line) for line in lines)
    found = [
        _line(without, site) for without, line in bare if without != line and len(match_key(without)) >= LEAST_LETTERS
    ]
    return frozenset(found if len(found) <= MOST_NUMBERED else ())


def moved(before: bytes | None, now: bytes | None) -> frozenset[bytes] | None:
    """The lines, without their numbers, whose numbers alone have changed; None where anything else has."""
    if not before or not now or before[:8] != now[:8] or len(before) != len(now):
        return None
    pairs = zip(_lines(before), _lines(now), strict=True)
    return frozenset(one[:8] for one, other in pairs if one != other)


def _lines(value: bytes) -> Iterator[bytes]:
    return (value[start : start + LINE_BYTES] for start in range(8, len(value), LINE_BYTES))


def _line(bare: str, site: str) -> bytes:
    return _hash(f"line {site} {bare}", 8)


def _hash(text: str, size: int) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=size).digest()
