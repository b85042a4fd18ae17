"""How well a text, a title or a date agrees with an annotator's.

*F1* is of words in order (longest common subsequence) after headline and standfirst are taken from both sides, since
annotators differ on whether they belong to the body; *ready* is F1 of at least 0.98: text that needs no cleaning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from crawler.quality.annotated import Row

WORD = re.compile(r"\w+")
UNSPACED = re.compile("([\u2e80-\u9fff\uf900-\ufaff\u0e00-\u0e7f])")
"""Ideographs, kana and Thai, which are written without spaces: a character counts as a word."""
TAG = re.compile(r"<[^<>]{1,500}>")
"""An element's tag, which some annotators left in their segments."""
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MIN_READY_F1 = 0.98
MIN_CAPTION_WORDS = 4
"""Fewest words of a caption that counts as unwanted: shorter ones may be in an article by chance."""
HEAD_LINES = 10
"""First lines of a text in which the headline and standfirst are searched."""


def words(text: str | None) -> list[str]:
    """Case-folded NFKC words."""
    return WORD.findall(UNSPACED.sub(r" \1 ", unicodedata.normalize("NFKC", text or "").casefold()))


def common_length(a: list[str], b: list[str]) -> int:
    """Length of the longest common subsequence, bit-parallel (Hyyrö 2004): one long-integer step a word of ``b``."""
    if not a or not b:
        return 0
    places: dict[str, int] = {}
    for number, word in enumerate(a):
        places[word] = places.get(word, 0) | (1 << number)
    full = (1 << len(a)) - 1
    state = full
    for word in b:
        matches = state & places.get(word, 0)
        if matches:
            state = ((state + matches) | (state - matches)) & full
    return len(a) - state.bit_count()


def without_head(text: str, head: Iterable[str | None]) -> str:
    """A text without those of its first lines that only repeat the headline or the standfirst."""
    phrases = [f" {' '.join(words(part))} " for part in head if part]
    body_lines = []
    for number, line in enumerate(text.split("\n")):
        mine = words(line)
        is_head = number < HEAD_LINES and mine and any(f" {' '.join(mine)} " in part for part in phrases)
        if not (is_head and (len(mine) > 2 or number < 3)):
            body_lines.append(line)
    return "\n".join(body_lines)


def body_words(row: Row, text: str) -> tuple[list[str], list[str]] | None:
    """Words of the annotated text and of ``text``, without headline and standfirst; None without annotation."""
    if not row.get("body"):
        return None
    summary = row.get("body_summary") or []
    head = [row.get("title"), *([summary] if isinstance(summary, str) else summary)]
    return words(without_head(row["body"], head)), words(without_head(text, head))


def contains(haystack: str, segment: str) -> bool:
    """True when a text contains a segment's words in order. ``haystack`` has only words, joined by spaces."""
    segment_words = words(TAG.sub(" ", segment))
    return bool(segment_words) and f" {' '.join(segment_words)} " in f" {haystack} "


def unwanted(row: Row) -> Iterator[tuple[str, str]]:
    """The segments that must not be in the text, with their kinds. Captions count from four words.

    A removed block of a fixture whose words are also in the text is none: a pull quote, a date.
    """
    without, kinds = row.get("without") or [], row.get("kinds")
    if kinds:
        truth = " ".join(words(row["body"]))
        yield from (pair for pair in zip(kinds, without, strict=True) if not contains(truth, pair[1]))
    else:
        yield from (("segment", segment) for segment in without)
    yield from (
        ("caption", caption) for caption in row.get("captions") or [] if len(words(caption)) >= MIN_CAPTION_WORDS
    )


def is_same_title(row: Row, title: str | None) -> bool | None:
    """True when the words agree; None when the row has no title."""
    return words(row["title"]) == words(title) if row.get("title") else None


def is_same_day(row: Row, date: str | None) -> bool | None:
    """True when the day agrees; None when the row has no date in ISO 8601."""
    day = ISO_DAY.match(str(row.get("published") or ""))
    return day[0] == (date or "")[:10] if day else None
