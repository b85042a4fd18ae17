"""The scheduler's queue: Scrapy's, which asks the host with the fewest downloads first, with its requests on the disk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.pqueues import DownloaderAwarePriorityQueue

from crawler.shelf import TEMPORARY, Shelf
from crawler.slots import rests

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


SOON = 5.0
"""Seconds within which a host's next request is handed out: Scrapy looks at the queue at least so often (its engine's heartbeat)."""


class Frontier(DownloaderAwarePriorityQueue):
    """Requests that wait, by host and priority, first in first out; in a temporary file, or in ``JOBDIR`` where there is one."""

    def __init__(
        self, crawler: Crawler, downstream_queue_cls: Any, key: str, slot_startprios: Any = None, **more: Any
    ) -> None:
        self.shelf = Shelf(crawler.spider, Path(key, "waiting.sqlite") if key else TEMPORARY)
        super().__init__(crawler, downstream_queue_cls, key, dict.fromkeys(self.shelf.sizes, ()), **more)

    def pqfactory(self, slot: str, startprios: Iterable[int] = ()) -> Any:
        """The queue of a host."""
        return HostQueue(self.shelf, slot)

    def _next_slot(self, stats: list[tuple[int, str]], *, update_state: bool) -> str:
        """The host to ask next."""
        return super()._next_slot(self._ready(stats) or stats, update_state=update_state)

    def pop(self) -> Request | None:
        """The next request of a host that can be asked; None while all of them rest."""
        if self.pqueues and not self._ready(self._downloader_interface.stats(self.pqueues)):
            return None
        request: Request | None = super().pop()
        return request

    def _ready(self, stats: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """Hosts that can be asked: what waits for one that rests would take one of the few places of all (``CONCURRENT_REQUESTS``)."""
        slots = self._downloader_interface.downloader.slots
        return [(active, host) for active, host in stats if host not in slots or not rests(slots[host], SOON)]

    def close(self) -> dict[str, list[int]]:
        """What waits stays in ``JOBDIR``."""
        state = super().close()
        self.shelf.close()
        return state


class HostQueue:
    """One host's requests."""

    def __init__(self, shelf: Shelf, host: str) -> None:
        self.shelf = shelf
        self.host = host

    def push(self, request: Request) -> None:
        """Add a request."""
        self.shelf.push(self.host, request)

    def pop(self) -> Request | None:
        """Take the next request."""
        return self.shelf.pop(self.host)

    def peek(self) -> Request | None:
        """The next request, which stays."""
        return self.shelf.peek(self.host)

    def close(self) -> list[int]:
        """Nothing to let go."""
        return []

    def __len__(self) -> int:
        return self.shelf.sizes[self.host]
