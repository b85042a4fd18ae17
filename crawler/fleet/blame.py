"""Decides whether a failed crawl is the fault of its site or of the worker that ran it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

MIN_ALIKE_CRAWLS = 3
"""Consecutive sites whose crawls end with the same status, from which the worker counts as at fault: an incomplete
upgrade or a missing secret fails all crawls alike, and three sites in a row that fail on their own are rare."""


@dataclass(slots=True)
class AlikeEndings:
    """The last crawls of a worker that ended with the same status, where that may be the worker's fault."""

    status: int = 0
    charged: dict[str, int] = field(default_factory=dict)
    """The sites that were charged, with the cycle of their next crawl."""

    def record_end(self, site: str, cycle: int, status: int, *, is_unclear: bool) -> dict[str, int]:
        """Record the end of a crawl; return the sites to discharge, with their cycles, if the worker is at fault."""
        if not is_unclear or status != self.status:
            self.charged.clear()
        self.status = status if is_unclear else 0
        if is_unclear:
            self.charged[site] = cycle + 1
        if len(self.charged) < MIN_ALIKE_CRAWLS:
            return {}
        discharged, self.charged = self.charged, {}
        return discharged


@dataclass(slots=True)
class Room:
    """The slots of a worker; a crawl that may have killed workers before runs alone."""

    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _running: int = 0
    _waiting: int = 0
    """Number of crawls that run alone or wait for that; no other crawl begins before them."""

    @asynccontextmanager
    async def shared(self) -> AsyncIterator[None]:
        """Run beside others."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._waiting)
            self._running += 1
        try:
            yield
        finally:
            await self._end()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Run when the others have ended, and before others begin."""
        async with self._changed:
            self._waiting += 1
            try:
                await self._changed.wait_for(lambda: not self._running)
                self._running += 1
            except BaseException:
                self._waiting -= 1
                self._changed.notify_all()
                raise
        try:
            yield
        finally:
            self._waiting -= 1
            await self._end()

    async def _end(self) -> None:
        async with self._changed:
            self._running -= 1
            self._changed.notify_all()
