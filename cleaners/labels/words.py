"""The words of a block, and of the classes and ids around it, as hashes: what the linear models of the labeller read.

The words of a block identify prompts, notices and biographies in the languages of the training pages; those of classes
and ids identify boxes whose names are not in our lists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from math import isnan, nan
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from cleaners.blocks.class_words import MAX_VALUE_CHARS, split_words
from cleaners.blocks.scope import Scope
from cleaners.labels.page_view import PageView
from cleaners.models import linear
from cleaners.models.linear import HashedTexts, Linear

COLUMNS = {"text": 1 << 16, "names": 1 << 14}
"""Columns of each model. For the texts, 2^14 to 2^18 columns differ by less than 0.002 in the area under the curve."""

HEAD, TAIL = 200, 60
"""Characters at the start and at the end of a block whose words are read."""

UNSPACED = "\u2e80-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
"""Ideographs, kana and Thai, which are written without spaces: each is a word."""

WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+|[^\w\s]")

DIGITS = str.maketrans("123456789", "000000000")
"""Makes all numbers of the same length equal."""

SEPARATOR, CUT = "\0", "\1"
"""Words that no normalised text has: the end of a text, which is the start of the next; the middle of a long one."""

NAMING = ("class", "id", "itemprop", "role", "data-component", "data-testid")
"""Attributes whose words name a part of a page."""

MAX_LEVELS = 8
"""Elements around a block whose names are read, up to the container."""

NAMED_LEVELS = 3
"""Levels that are distinguished: the block's own element, its parent, the parent's parent; all others count as one."""

ANY_LEVEL = 9

Path = tuple[tuple[int, ...], ...]
"""The hashed words of an element and of those around it, innermost first."""

MAX_CACHED_PATHS = 4096
"""Most paths whose scores are cached; beyond that the cache is cleared."""

FACTOR = 1_000_003
"""A prime, by which the hash of a pair depends on its order."""


def load() -> dict[str, Linear]:
    """The linear models that ship with the package: ``text`` and ``names``."""
    return linear.load("words")


def scores(view: PageView, indexes: Sequence[int], models: dict[str, Linear]) -> tuple[NDArray[np.float64], ...]:
    """Log-odds that each block is body: by its text alone, and by the names around it alone."""
    blocks = [view.blocks[index] for index in indexes]
    texts = hashed_texts([block.text for block in blocks])
    return models["text"].scores(texts), _scores_of_names(
        [block.block_scope for block in blocks], view, models["names"]
    )


def hashes(view: PageView, indexes: Sequence[int]) -> tuple[HashedTexts, HashedTexts]:
    """The words of some blocks, and of the names around each, as columns of the two models."""
    blocks = [view.blocks[index] for index in indexes]
    return hashed_texts([block.text for block in blocks]), hashed_names([block.block_scope for block in blocks], view)


def hashed_texts(texts: Sequence[str]) -> HashedTexts:
    """The words and bigrams of texts, in lower case, with all digits as 0; the ends of a text count as words."""
    joined = SEPARATOR.join(("", *map(_shortened, texts), "")).casefold()
    words = WORD.findall(joined)
    word_hashes = np.fromiter(map(word_hash, words), dtype=np.int64, count=len(words))
    is_end = word_hashes == word_hash(SEPARATOR)
    rows = np.cumsum(is_end) - 1  # a separator belongs to the next text, its pair with the word before to that word's
    return HashedTexts.of(
        np.concatenate((rows[~is_end], rows[:-1])),
        np.concatenate((word_hashes[~is_end], _pairs(word_hashes))),
        len(texts),
        COLUMNS["text"],
    )


def _shortened(text: str) -> str:
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} {CUT} {text[-TAIL:]}"


def hashed_names(scopes: Sequence[Scope], view: PageView) -> HashedTexts:
    """The words of the tags, classes and ids of elements and those around them, each with its level."""
    paths = _Paths(view)
    numbers = [paths.number(scope) for scope in scopes]
    places = {path: place for place, path in enumerate(dict.fromkeys(numbers))}  # most paragraphs are like one before
    return _hashed_paths([paths.words(path) for path in places]).of_texts([places[path] for path in numbers])


def _scores_of_names(scopes: Sequence[Scope], view: PageView, model: Linear) -> NDArray[np.float64]:
    """Log-odds by the names around elements; the score of each path is cached."""
    paths = _Paths(view)
    numbers = [paths.number(scope) for scope in scopes]
    words = {path: paths.words(path) for path in dict.fromkeys(numbers)}
    cached_scores = _known_scores(model)
    scores = {path: cached_scores.get(path, nan) for path in words.values()}  # another thread may clear it meanwhile
    fresh = [path for path, score in scores.items() if isnan(score)]
    if fresh:
        scores.update(zip(fresh, model.scores(_hashed_paths(fresh)).tolist(), strict=True))
        if len(cached_scores) + len(fresh) > MAX_CACHED_PATHS:
            cached_scores.clear()
        cached_scores.update((path, scores[path]) for path in fresh)
    return np.array([scores[words[path]] for path in numbers], dtype=np.float64)


@lru_cache(maxsize=1)
def _known_scores(model: Linear) -> dict[Path, float]:  # noqa: ARG001  one cache for each model
    """The cache of scores by path: a score depends on the path only, and the pages of a site share their paths."""
    return {}


def _hashed_paths(paths: Sequence[Path]) -> HashedTexts:
    """The words of paths, each with and without its level, and their bigrams."""
    steps = [words for path in paths for words in path]
    sizes = np.array([len(words) for words in steps], dtype=np.intp)
    rows = np.repeat(np.array([row for row, path in enumerate(paths) for _ in path], dtype=np.int64), sizes)
    levels = np.array([level for path in paths for level in range(len(path))], dtype=np.int64)
    at = np.repeat(np.minimum(levels, NAMED_LEVELS), sizes)
    hashes = np.array([word for words in steps for word in words], dtype=np.int64)
    is_pair = (rows[:-1] == rows[1:]) & (at[:-1] == at[1:]) & (at[:-1] < NAMED_LEVELS - 1)
    pairs = _pairs(hashes)[is_pair] * FACTOR + at[:-1][is_pair]
    return HashedTexts.of(
        np.concatenate((rows, rows, rows[:-1][is_pair])),
        np.concatenate((hashes * FACTOR + at, hashes * FACTOR + ANY_LEVEL, pairs)),
        len(paths),
        COLUMNS["names"],
    )


class _Paths:
    """Numbers elements: those with equal tags and names all the way up to the container have the same number."""

    def __init__(self, view: PageView) -> None:
        self._view = view
        self._numbers: dict[Scope, int] = {}
        self._path_numbers: dict[tuple[object, ...], int] = {}
        self._steps: list[tuple[int, tuple[int, ...]]] = []
        """For each path that of its parent, -1 at the container, and the words of its element."""

    def number(self, scope: Scope | None) -> int:
        """The path of an element; -1 for the container and those around it."""
        if scope is None or self._view.holds_container(scope):
            return -1
        number = self._numbers.get(scope)
        if number is None:
            outer, values = self.number(scope.parent), tuple(map(scope.element.get, NAMING))
            number = self._path_numbers.setdefault((outer, scope.tag, values), len(self._steps))
            if number == len(self._steps):
                words = [word for value in values if value for word in name_hashes(value)]
                self._steps.append((outer, (*words, word_hash(scope.tag))))
            self._numbers[scope] = number
        return number

    def words(self, path: int) -> Path:
        """The words of each element of a path, innermost first, at most ``MAX_LEVELS``."""
        steps: list[tuple[int, ...]] = []
        while path >= 0 and len(steps) < MAX_LEVELS:
            path, words = self._steps[path]
            steps.append(words)
        return tuple(steps)


def _pairs(words: NDArray[np.int64]) -> NDArray[np.int64]:
    """A hash of each two words in a row."""
    return np.asarray((words[:-1] * FACTOR + words[1:]) & 0xFFFFFFFF)


@lru_cache(maxsize=8192)
def name_hashes(value: str) -> tuple[int, ...]:
    """The words of an attribute's value. Pure, so the cache only saves time: sites use the same names on every page."""
    return tuple(map(word_hash, split_words(value))) if len(value) <= MAX_VALUE_CHARS else ()


@lru_cache(maxsize=1 << 15)
def word_hash(word: str) -> int:
    """CRC-32 of a word, with all its digits as 0. Pure, so the cache only saves time."""
    return crc32(word.translate(DIGITS).encode("utf-8", "replace"))
