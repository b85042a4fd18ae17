"""The scheduler's queue: Scrapy's, which asks the host with the fewest downloads first, with its requests on the disk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.pqueues import DownloaderAwarePriorityQueue

from crawler.shelf import TEMPORARY, Shelf

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


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
