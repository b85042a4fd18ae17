"""What trafilatura kept: its lines, found again among the page's blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from cleaners.blocks.segment import Block
from cleaners.text.normalise import match_key


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyAlignment:
    """What trafilatura kept: of each block a share of 0 to 1."""

    shares: tuple[float, ...]

    @classmethod
    def of(cls, blocks: Sequence[Block], lines: Iterable[str], asked: range | None = None) -> BodyAlignment:
        """Find each block's text among trafilatura's lines; ``asked`` are the blocks it was shown, all by default.

        Long texts are looked up anywhere, in windows when not whole; short ones must be a line of their own or continue the
        line of a neighbour, since a word such as 'Sport' stands everywhere.
        """
        keys = [match_key(line) for line in lines]
        joined, own = "\n".join(keys), set(keys)
        passages = Passages(joined)
        run_on = "".join(keys)
        shares = [0.0] * len(blocks)
        for block in blocks if asked is None else blocks[asked.start : asked.stop]:
            index = block.index
            if len(block.key) >= SHORT_KEY:
                share = 1.0 if block.key in run_on else _window_share(block.key, passages)
            elif not block.key:
                share = 0.0
            elif block.key in own:
                share = 1.0
            else:
                after = blocks[index + 1].key if index + 1 < len(blocks) else ""
                before = blocks[index - 1].key if index else ""
                share = float(
                    bool(len(after) >= SHORT_KEY and block.key + after[:40] in joined)
                    or bool(len(before) >= SHORT_KEY and before[-40:] + block.key in joined)
                )
            shares[index] = share
        return cls(shares=tuple(shares))


SHORT_KEY = 25
"""Letters from which a text hardly stands twice by chance."""


WINDOW = 20
"""Letters of a window when a long text is not kept whole."""


def _window_share(text: str, passages: Passages) -> float:
    windows = range(0, len(text) - WINDOW + 1, WINDOW)
    return sum(text[start : start + WINDOW] in passages for start in windows) / max(1, len(windows))


MAX_SEARCHED = 500
"""Windows that are looked for before every window of the text is noted, which takes as long in texts of 10 kB to 10 MB."""
PRIME = np.uint64(1_099_511_628_211)
"""FNV's prime for 64 bits."""


class Passages:
    """What windows of ``WINDOW`` letters a text has: looked for in it, or where many are asked for, noted once in 16 bytes a letter."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._left = MAX_SEARCHED
        self._noted: tuple[np.ndarray, np.ndarray] | None = None

    def __contains__(self, window: str) -> bool:
        return window in self.text if self._is_sought() else self._places(window) is not None

    def is_repeated(self, window: str) -> bool:
        """True for a window that stands at two places or more, which do not overlap."""
        if self._is_sought():
            first = self.text.find(window)
            return first >= 0 and self.text.find(window, first + WINDOW) >= 0
        places = self._places(window)
        return places is not None and places[1] - places[0] >= WINDOW

    def _is_sought(self) -> bool:
        """True as long as a window is looked for in the text itself."""
        self._left -= 1
        return self._left >= 0

    def _places(self, window: str) -> tuple[int, int] | None:
        """Where a window stands first and last; None where nowhere."""
        if self._noted is None:
            hashes = hashed(self.text)
            order = np.argsort(hashes, kind="stable")
            self._noted = hashes[order], order
        known, order = self._noted
        wanted = hashed(window)[0]
        begin, end = (int(np.searchsorted(known, wanted, side)) for side in ("left", "right"))
        return (int(order[begin]), int(order[end - 1])) if begin < end else None


def hashed(text: str) -> np.ndarray:
    """A number of 64 bits for each window of a text, as Rabin and Karp's but for all places at once."""
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    found = np.zeros(max(0, len(letters) - WINDOW + 1), dtype=np.uint64)
    for place in range(WINDOW if len(found) else 0):
        found *= PRIME
        found += letters[place : place + len(found)]
    return found


KEPT_SHARE = 0.7
"""Share of a block from which it counts as kept."""
