"""Compares texts of one site by headline, facts and numbers, and recognises changes that no editor made.

Notices, briefs and reports of a site share most of their words and yet are separate articles: they have another
headline, other names, other numbers. And a new value of a counter, as of readers, is not a new revision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b

from cleaners.text.normalise import match_key

MOST_FACTS = 64
"""Hashes of facts that are kept, the lowest: the share of two texts' facts is then known to within .06."""

SAME_FACTS = 0.8
"""Two texts are about one event if at least this share of their facts is common. Copies that differ in one edited
paragraph are above .9; police notices that differ in name, place and hour are below .6."""

ONE_EDIT = 2
"""Facts that may always differ, however few the texts have: one replaced by another."""

MOST_NUMBERED = 50
"""A text with more lines with numbers than this is a table, in which every number matters."""

SHORT_LINE = 120
"""Characters of the longest line that may be a counter."""

LEAST_LETTERS = 5
"""Fewest letters of a counter's line, besides its numbers: scores and dates are no counters."""

REPEATED = 5
"""A site repeats a line if at least this many of its articles have it, apart from numbers. A few articles on one event
may share a line in which the number is news."""

FACT = re.compile(r"(?<!\w)(?:(?<![.!?:…»“\"] )(?<!^)[^\W\d_a-z]\w+|\w*\d[\w.,:]*)", re.MULTILINE)
"""A word with a digit, or one in capitals that does not begin a sentence: names, where a script has capitals."""

DIGITS = re.compile(r"\d(?:[\d.,\u00a0\u202f' ]*\d)?")

LINE_BYTES = 12
"""Of a line: eight of what it says without numbers, four of the whole."""


def about(title: str | None, text: str) -> bytes:
    """The headline, eight bytes, and the facts, four each, ascending."""
    names = {match[0].casefold().rstrip(".,:") for match in FACT.finditer(text) if not match[0].islower()}
    facts = sorted(_hash(name, 4) for name in names)[:MOST_FACTS]
    return _hash(match_key(title or ""), 8) + b"".join(facts)


def is_one_event(summary: bytes | None, other: bytes | None) -> bool:
    """True for two texts with the same headline and nearly the same facts; False where a value is missing."""
    if not summary or not other or summary[:8] != other[:8]:
        return False
    mine, theirs = _facts(summary), _facts(other)
    lowest = sorted(mine | theirs)[:MOST_FACTS]
    common = sum(fact in mine and fact in theirs for fact in lowest)
    return common >= SAME_FACTS * len(lowest) or len(lowest) - common <= ONE_EDIT


def _facts(value: bytes) -> frozenset[bytes]:
    return frozenset(value[start : start + 4] for start in range(8, len(value), 4))


def number_digest(text: str, site: str) -> bytes:
    """Hash of the text without its numbers, eight bytes, and of each line with numbers, ``LINE_BYTES`` each.

    Args:
        text: of an article.
        site: part of the hash, so that lines of different sites are never equal.
    """
    lines = ((DIGITS.sub("#", line), line) for line in text.split("\n"))
    line_hashes = [_line(bare, site) + _hash(line, 4) for bare, line in lines if bare != line]
    if len(line_hashes) > MOST_NUMBERED:  # a table: its numbers are what it says
        return b""
    return _hash(DIGITS.sub("#", text), 8) + b"".join(line_hashes)


def counters(text: str, site: str) -> frozenset[bytes]:
    """The lines of a text of a site, without their numbers, that may be counters: few words and a number."""
    lines = (line for line in text.split("\n") if len(line) <= SHORT_LINE)
    bare = ((DIGITS.sub("#", line), line) for line in lines)
    line_hashes = [
        _line(without, site) for without, line in bare if without != line and len(match_key(without)) >= LEAST_LETTERS
    ]
    return frozenset(line_hashes if len(line_hashes) <= MOST_NUMBERED else ())


def changed_counters(before: bytes | None, now: bytes | None) -> frozenset[bytes] | None:
    """Hashes, without numbers, of the lines in which only numbers changed; None where anything else changed."""
    if not before or not now or before[:8] != now[:8] or len(before) != len(now):
        return None
    pairs = zip(_lines(before), _lines(now), strict=True)
    return frozenset(line[:8] for line, other in pairs if line != other)


def _lines(value: bytes) -> Iterator[bytes]:
    return (value[start : start + LINE_BYTES] for start in range(8, len(value), LINE_BYTES))


def _line(bare: str, site: str) -> bytes:
    return _hash(f"line {site} {bare}", 8)


def _hash(text: str, size: int) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=size).digest()
