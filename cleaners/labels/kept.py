"""What trafilatura kept: its lines, found again among the page's blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cleaners.blocks import Block
from cleaners.normalise import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What trafilatura kept: of each block a share of 0 to 1."""

    shares: tuple[float, ...]

    @classmethod
    def of(cls, blocks: Sequence[Block], lines: Iterable[str], asked: range | None = None) -> Kept:
        """Find each block's text among trafilatura's lines; ``asked`` are the blocks it was shown, all by default.

        Long texts are looked up anywhere, in windows when not whole; short ones must be a line of their own or continue the
        line of a neighbour, since a word such as 'Sport' stands everywhere.
        """
        keys = [key(line) for line in lines]
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


MOST_SEARCHED = 20_000_000
"""Letters looked through for windows before every window of the text is noted instead, which takes as long as looking through 500 times."""


class Passages:
    """What windows of ``WINDOW`` letters a text has: looked for in it, or where many are asked for in a long text, noted once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._left = MOST_SEARCHED // max(1, len(text))
        self._known: Counter[str] | None = None

    def count(self, window: str) -> int:
        """How often it stands there."""
        if self._left > 0:
            self._left -= 1
            return self.text.count(window)
        if self._known is None:
            self._known = Counter(self.text[start : start + WINDOW] for start in range(len(self.text) - WINDOW + 1))
        return self._known[window]

    def __contains__(self, window: str) -> bool:
        if self._known is None and self._left > 0:
            self._left -= 1
            return window in self.text
        return self.count(window) > 0


KEPT = 0.7
"""Share of a block from which it counts as kept."""
