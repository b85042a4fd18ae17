"""The words of a block, and of the classes and ids around it, as hashes: what the linear models of the labeller read.

The words of a block tell prompts, notices and biographies in the languages of the training pages; those of classes and
ids tell boxes whose names no list of ours has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice, pairwise, takewhile
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from cleaners.blocks.class_words import MAX_VALUE_CHARS, split_words
from cleaners.blocks.scope import Scope
from cleaners.labels.page_view import PageView
from cleaners.models import linear
from cleaners.models.linear import Hashed, Linear

COLUMNS = {"text": 1 << 16, "names": 1 << 14}
"""Columns of each model. For the texts, 2^14 to 2^18 columns differ by less than 0.002 in the area under the curve."""

HEAD, TAIL = 200, 60
"""Characters at the start and at the end of a block whose words are read."""

UNSPACED = "\u2e80-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
"""Ideographs, kana and Thai, which are written without spaces: each is a word."""

WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+|[^\w\s]")

DIGITS = str.maketrans("123456789", "000000000")
"""Makes all numbers of the same length equal."""

START, END, CUT = 1, 2, 3
"""Numbers that stand for the ends of a text, and for the middle of a long one."""

ATTRIBUTES = ("class", "id", "itemprop", "role", "data-component", "data-testid")
"""Attributes whose words name a part of a page."""

MAX_LEVELS = 8
"""Elements around a block whose names are read, up to the container."""

NAMED_LEVELS = 3
"""Levels that are told apart: the block's own element, its parent, the parent's parent; all others are one."""

ANY_LEVEL = 9

FACTOR = 1_000_003
"""A prime, by which the hash of a pair depends on its order."""


def load() -> dict[str, Linear]:
    """The linear models that ship with the package: ``text`` and ``names``."""
    return linear.load("words")


def scores(view: PageView, indexes: Sequence[int], models: dict[str, Linear]) -> tuple[NDArray[np.float64], ...]:
    """Log-odds that each of some blocks is body, by its text alone and by the names around it alone."""
    return tuple(models[name].scores(hashed) for name, hashed in zip(COLUMNS, hashes(view, indexes), strict=True))


def hashes(view: PageView, indexes: Sequence[int]) -> tuple[Hashed, Hashed]:
    """The words of some blocks, and of the names around each, as columns of the two models."""
    texts = [text_hashes(view.blocks[index].text) for index in indexes]
    known: dict[Scope, list[int]] = {}
    names = [name_hashes(view.blocks[index].block_scope, view, known) for index in indexes]
    return Hashed.of(texts, COLUMNS["text"]), Hashed.of(names, COLUMNS["names"])


def text_hashes(text: str) -> list[int]:
    """The words of a text and each two in a row, in lower case, with all digits as 0."""
    if len(text) <= HEAD + TAIL:
        words = list(map(word_hash, WORD.findall(text.translate(DIGITS).casefold())))
    else:
        head, tail = (
            map(word_hash, WORD.findall(part.translate(DIGITS).casefold())) for part in (text[:HEAD], text[-TAIL:])
        )
        words = [*head, CUT, *tail]
    return [*words, *_pairs((START, *words, END))]


def name_hashes(scope: Scope, view: PageView, known: dict[Scope, list[int]]) -> list[int]:
    """The words of the tags, classes and ids of an element and those around it, each with its level.

    ``known`` keeps the words of each element, which are read once a page.
    """
    found = []
    around = takewhile(lambda outer: not view.holds_container(outer), scope.chain())
    for level, outer in enumerate(islice(around, MAX_LEVELS)):
        if outer not in known:
            known[outer] = [word_hash(word) for word in _names(outer)]
        named = min(level, NAMED_LEVELS)
        words = known[outer]
        found += [word * FACTOR + named for word in words]
        found += [word * FACTOR + ANY_LEVEL for word in words]
        if level < NAMED_LEVELS - 1:
            found += [pair * FACTOR + named for pair in _pairs(words)]
    return found


def _names(scope: Scope) -> Iterator[str]:
    values = (scope.element.get(name) for name in ATTRIBUTES)
    return chain(
        *(split_words(value) for value in values if value and len(value) <= MAX_VALUE_CHARS), (f"<{scope.tag}",)
    )


def _pairs(words: Sequence[int]) -> Iterator[int]:
    return ((one * FACTOR + two) & 0xFFFFFFFF for one, two in pairwise(words))


@lru_cache(maxsize=1 << 15)
def word_hash(word: str) -> int:
    """CRC-32 of a word. Pure, so the cache only saves time."""
    return crc32(word.encode("utf-8", "replace"))
