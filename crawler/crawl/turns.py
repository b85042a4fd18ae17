"""The order in which the outcomes of responses are carried out: that in which the responses came.

Pages are cleaned side by side, and a short one is done before a long one. A crawl that is archived keeps the order, so
that its lines are those of the archive, in the same order, whenever it is replayed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Gives turns.

    Args:
        is_ordered: False where nobody waits.
    """

    def __init__(self, *, is_ordered: bool) -> None:
        self.is_ordered = is_ordered
        self._last: asyncio.Event | None = None

    def take(self) -> Turn:
        """Take the next turn, when a response comes."""
        if not self.is_ordered:
            return Turn()
        before, self._last = self._last, asyncio.Event()
        return Turn(before, self._last)


class Turn:
    """One turn: it comes when the turn before has ended; at once where there is none before."""

    def __init__(self, before: asyncio.Event | None = None, own: asyncio.Event | None = None) -> None:
        self._before, self._own = before, own

    async def come(self) -> None:
        """Wait for it."""
        if self._before is not None:
            await self._before.wait()
            self._before = None

    @asynccontextmanager
    async def held(self) -> AsyncIterator[Turn]:
        """End it, whatever happens, when all is done."""
        try:
            yield self
        finally:
            if self._own is not None:
                self._own.set()
