"""The scheduler's queue: Scrapy's, which asks the host with the fewest downloads first, with its requests on the disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.pqueues import DownloaderAwarePriorityQueue

from crawler.network.slots import is_backing_off
from crawler.scheduling.request_store import TEMPORARY, RequestStore
from crawler.util.batches import batches

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


SOON = 5.0
"""Seconds within which a host's next request is handed out: Scrapy looks at the queue at least so often (its engine's heartbeat)."""


class DiskPriorityQueue(DownloaderAwarePriorityQueue):
    """Requests that wait, by host and priority, first in first out; in a temporary file, or in ``JOBDIR`` where there is one."""

    def __init__(
        self, crawler: Crawler, downstream_queue_cls: Any, key: str, slot_startprios: Any = None, **more: Any
    ) -> None:
        self.shelf = RequestStore(crawler.spider, Path(key, "waiting.sqlite") if key else TEMPORARY)
        super().__init__(crawler, downstream_queue_cls, key, dict.fromkeys(self.shelf.sizes, ()), **more)

    def pqfactory(self, slot: str, startprios: Iterable[int] = ()) -> Any:
        """The queue of a host."""
        return HostQueue(self.shelf, slot)

    def pop(self) -> Request | None:
        """The next request of a host that can be asked; None while none can."""
        host = self._next_host()
        if host is None:
            return None
        queue = self.pqueues[host]
        request: Request | None = queue.pop()
        if not len(queue):
            del self.pqueues[host]
        return request

    def _next_host(self) -> str | None:
        """Of the hosts that can be asked the one of which least is on its way, in turn.

        Some are looked at at a time: nobody's fifty thousand hosts make each request cost a look at all of them.
        """
        interface = self._downloader_interface
        on_its_way = Counter(map(interface.get_slot_key, interface.downloader.active))
        for some in batches(self.pqueues):
            ready = [(on_its_way[host], host) for host in some if self._is_ready(host, on_its_way[host])]
            if ready:
                return self._next_slot(ready, update_state=True)
        return None

    def _is_ready(self, host: str, on_its_way: int) -> bool:
        """True unless a request would only wait: for robots.txt, for others of the host, or for its rest to end.

        What waits takes one of the few places of all hosts (``CONCURRENT_REQUESTS``).
        """
        downloader = self._downloader_interface.downloader
        slot = downloader.slots.get(host)
        if slot is None:
            return on_its_way < downloader.domain_concurrency
        return on_its_way < slot.concurrency and not is_backing_off(slot, SOON)

    def close(self) -> dict[str, list[int]]:
        """What waits stays in ``JOBDIR``."""
        state = super().close()
        self.shelf.close()
        return state


class HostQueue:
    """One host's requests."""

    def __init__(self, shelf: RequestStore, host: str) -> None:
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
