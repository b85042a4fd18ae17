"""Alignment: finds the lines that trafilatura kept among the page's blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cleaners.blocks.segment import Block
from cleaners.text.normalise import match_key

SHORT_KEY = 25
"""Fewest letters of a text that is unlikely to occur twice by chance."""

WINDOW = 20
"""Letters of a window, for a long text that is not kept as a whole."""

MAX_SEARCHED = 500
"""Windows that are searched in the text before all its windows are indexed.

In texts of 10 kB to 10 MB the index takes as long as so many searches.
"""

MAX_PLACES = 1_000
"""Places of a window that are compared with a passage. On 4,503 development pages the most frequent window has 392."""

PRIME = 1_099_511_628_211
"""FNV's prime for 64 bits."""

BITS_64 = (1 << 64) - 1

KEPT_SHARE = 0.7
"""Share of a block's text from which it counts as kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyAlignment:
    """How much of each block trafilatura kept, as a share of 0 to 1."""

    shares: tuple[float, ...]

    @classmethod
    def of(cls, blocks: Sequence[Block], lines: Iterable[str], searched: range | None = None) -> BodyAlignment:
        """Find each block's text among trafilatura's lines.

        Long texts are searched anywhere, in windows if not found whole. Short texts must be a line of their own or
        adjoin a neighbour's text in one line, since a word such as 'Sport' occurs everywhere. ``searched`` is the range
        of blocks that trafilatura received, all by default.
        """
        keys = [match_key(line) for line in lines]
        own = set(keys)
        passages, run_on = Passages("\n".join(keys)), Passages("".join(keys))
        shares = [0.0] * len(blocks)
        for block in blocks if searched is None else blocks[searched.start : searched.stop]:
            index = block.index
            if not block.key:
                share = 0.0
            elif block.key in own:
                share = 1.0
            elif len(block.key) >= SHORT_KEY:
                share = 1.0 if block.key in run_on else _window_share(block.key, passages)
            else:
                after = blocks[index + 1].key if index + 1 < len(blocks) else ""
                before = blocks[index - 1].key if index else ""
                share = float(
                    bool(len(after) >= SHORT_KEY and block.key + after[:40] in passages)
                    or bool(len(before) >= SHORT_KEY and before[-40:] + block.key in passages)
                )
            shares[index] = share
        return cls(shares=tuple(shares))


def _window_share(text: str, passages: Passages) -> float:
    windows = range(0, len(text) - WINDOW + 1, WINDOW)
    return sum(text[start : start + WINDOW] in passages for start in windows) / max(1, len(windows))


class Passages:
    """The passages of a text: parts of ``WINDOW`` letters or more.

    The first ``MAX_SEARCHED`` lookups search the text; later ones use an index of its windows, built once, of 16 bytes
    per letter.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._remaining_searches = MAX_SEARCHED
        self._noted: tuple[np.ndarray, np.ndarray] | None = None

    def __contains__(self, passage: str) -> bool:
        return passage in self.text if self._is_sought(passage) else next(self._places(passage), None) is not None

    def count(self, passage: str) -> int:
        """How often a passage occurs, without overlaps."""
        if self._is_sought(passage):
            return self.text.count(passage)
        occurrences, end = 0, 0
        for place in self._places(passage):
            if place >= end:
                occurrences, end = occurrences + 1, place + len(passage)
        return occurrences

    def is_repeated(self, window: str) -> bool:
        """True for a window that occurs at two or more places that do not overlap."""
        if self._is_sought(window):
            first = self.text.find(window)
            return first >= 0 and self.text.find(window, first + WINDOW) >= 0
        places = self._indexed(window)
        return len(places) > 0 and bool(places[-1] - places[0] >= WINDOW)

    def _is_sought(self, passage: str) -> bool:
        """Count a lookup; True where it searches the text itself: for the first lookups, and for short passages."""
        self._remaining_searches -= 1
        return self._remaining_searches >= 0 or len(passage) < WINDOW

    def _places(self, passage: str) -> Iterator[int]:
        """The offsets of a passage in order, looked up by the rarest of three of its windows."""
        starts = {0, (len(passage) - WINDOW) // 2, len(passage) - WINDOW}
        start, places = min(
            ((start, self._indexed(passage[start : start + WINDOW])) for start in starts),
            key=lambda pair: len(pair[1]),
        )
        for place in places[:MAX_PLACES].tolist():
            if place >= start and self.text.startswith(passage, place - start):
                yield place - start

    def _indexed(self, window: str) -> np.ndarray:
        """The places of a window, in order."""
        if self._noted is None:
            hashes = hashed(self.text)
            order = np.argsort(hashes, kind="stable")
            self._noted = hashes[order], order
        sorted_hashes, order = self._noted
        wanted = np.uint64(hashed_window(window))
        begin, end = (int(np.searchsorted(sorted_hashes, wanted, side)) for side in ("left", "right"))
        return order[begin:end]


def hashed(text: str) -> np.ndarray:
    """A 64-bit hash of each window of a text, like that of Rabin and Karp but for all places at once."""
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    hashes = np.zeros(max(0, len(letters) - WINDOW + 1), dtype=np.uint64)
    for place in range(WINDOW if len(hashes) else 0):
        hashes *= np.uint64(PRIME)
        hashes += letters[place : place + len(hashes)]
    return hashes


def hashed_window(window: str) -> int:
    """The hash of a single window, as in :func:`hashed`, in a tenth of its time."""
    window_hash = 0
    for letter in window:
        window_hash = (window_hash * PRIME + ord(letter)) & BITS_64
    return window_hash
