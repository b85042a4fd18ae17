r"""Checks an operator's regular expressions for the URLs of a site on worst-case URLs, and limits their search time.

A repetition inside a repetition, as in ``/(\w+-?)+\.html$``, takes twice as long with each letter of a URL that does
not match, and blocks the whole crawl. The library ``regex`` avoids this for many expressions, and has a timeout for the
others; ``re`` has neither.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

import regex

LONGEST_URL = 2_000
"""Characters of a URL that are searched: those of the longest ones that are requested."""

MAX_SEARCH_SECONDS = 0.1
"""Seconds that a search may take: a linear one takes .1 ms."""

TRIAL_URL_CHARS = 120
"""Length of the URLs on which an expression is tried: one that takes cubic time takes a millisecond there, and so
passes on any machine; one whose time doubles with each character never ends."""

MAX_CHECK_SECONDS = 2.0
"""Seconds for all trial URLs: an expression that is not too slow on any of them takes some 20 ms."""

LITERAL = re.compile(r"(?:\\[/.?=&-]|[\w/.?=&:-]){1,80}")
"""Literal text in an expression, which a URL must contain before the costly part of the search begins."""

ESCAPED = re.compile(r"\\(.)")

UNITS = ("a", "1", "-", "/", ".", "_", "a-", "a/", "1-", "1/", "a1", "%20", "a.", "?a=1&", "ab-", "0a-", "A", "é")
"""Texts that are repeated in worst-case URLs."""

ENDS = ("", "!", "\n")
"""Ends of worst-case URLs: nothing, and characters that keep the expression from matching to its end."""


MOST_LITERALS = 8
"""Literals of an expression that are tried: they make some thousand URLs, in 20 ms."""


class SlowPatternError(ValueError):
    """Raised for an expression that takes too long; the message names such a URL, and the remedy."""


@lru_cache(maxsize=4096)
def compiled(expression: str) -> regex.Pattern[str]:
    """An expression, compiled.

    Raises:
        ValueError: when it is not valid.
    """
    try:
        re.compile(expression)  # both libraries have to take it: the documentation names Python's
        return regex.compile(expression)
    except (re.error, regex.error, OverflowError, RecursionError) as error:
        raise ValueError(f"not a regular expression: {expression}: {error}") from error


def matches(expression: str, url: str) -> bool:
    """True for a URL in which an expression is found; False where that takes too long."""
    try:
        return compiled(expression).search(url[:LONGEST_URL], timeout=MAX_SEARCH_SECONDS) is not None
    except TimeoutError:
        return False


def check(expression: str) -> None:
    """Accept an expression that is valid, and fast on its worst-case URLs.

    Raises:
        ValueError: when it is not valid.
        SlowPatternError: when it takes too long.
    """
    pattern, until = compiled(expression), time.monotonic() + MAX_CHECK_SECONDS
    for url in worst_cases(expression):
        if time.monotonic() > until:
            return
        try:
            pattern.search(url, timeout=MAX_SEARCH_SECONDS)
        except TimeoutError:
            raise SlowPatternError(
                f"too slow: {expression} takes more than {MAX_SEARCH_SECONDS:g} s on a URL such as {url[:60]}…; "
                r"write it without a repetition in a repetition: \w+ in place of (\w|\w\w)+"
            ) from None


def worst_cases(expression: str) -> Iterator[str]:
    """Yield URLs on which an expression may be slow: literals, a long repetition, and an end that does not match."""
    literals = [*dict.fromkeys(ESCAPED.sub(r"\1", part[0]) for part in LITERAL.finditer(expression))][:MOST_LITERALS]
    beginnings = dict.fromkeys(("", *literals, "".join(literals)))
    units = dict.fromkeys((*UNITS, *literals))
    ends = dict.fromkeys((*ENDS, *(f"{literal}!" for literal in literals)))
    for beginning, unit, end in product(beginnings, units, ends):
        start = f"https://news.example{beginning}"
        yield start + unit * max(1, (TRIAL_URL_CHARS - len(start) - len(end)) // len(unit)) + end
