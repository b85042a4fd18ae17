"""The scheduler's queue: Scrapy's, which prefers the host with the fewest downloads, with its requests on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.fetching.network.slots import is_backing_off
from crawler.frontier.request_store import RequestStore
from crawler.scrapy_internals import HostQueues
from crawler.util import batches

MAX_EARLY_SECONDS = 5.0
"""A host's next request may be taken from the queue this many seconds early: Scrapy polls the queue at least that often
(the heartbeat of its engine)."""


class DiskPriorityQueue(HostQueues):
    """Pending requests by host and priority, first in, first out; they are in a temporary file."""

    def __init__(
        self, crawler: Crawler, downstream_queue_cls: Any, key: str, slot_startprios: object = None, **more: Any
    ) -> None:
        self.store = RequestStore(crawler.spider, crawler.signals)
        super().__init__(crawler, downstream_queue_cls, key, **more)

    def pqfactory(self, slot: str, startprios: Iterable[int] = ()) -> Any:
        """The queue of a host."""
        return HostQueue(self.store, slot)

    def pop(self) -> Request | None:
        """The next request of a host that is ready for one; None while no host is ready."""
        host = self._next_host()
        if host is None:
            return None
        queue = self.pqueues[host]
        request: Request | None = queue.pop()
        if not len(queue):
            del self.pqueues[host]
        return request

    def _next_host(self) -> str | None:
        """Of the hosts that are ready for a request, the one with the fewest in flight, in turn.

        Hosts are examined in batches, so that a site with fifty thousand hosts does not cost a pass over all of them
        for each request.
        """
        in_flight = Counter(map(self.downloader.get_slot_key, self.downloader.active))
        for hosts in batches(self.pqueues):
            ready = [(in_flight[host], host) for host in hosts if self._is_ready(host, in_flight[host])]
            if ready:
                return self.next_host(ready)
        return None

    def _is_ready(self, host: str, in_flight: int) -> bool:
        """True unless a request would only wait: for robots.txt, for other requests, or for the end of a back-off.

        A waiting request takes one of the few slots for all hosts (``CONCURRENT_REQUESTS``).
        """
        slot = self.downloader.slots.get(host)
        if slot is None:
            return in_flight < self.downloader.domain_concurrency
        return in_flight < slot.concurrency and not is_backing_off(slot, MAX_EARLY_SECONDS)

    def close(self) -> dict[str, list[int]]:
        """Close the file."""
        state = super().close()
        self.store.close()
        return state


class HostQueue:
    """The requests of one host."""

    def __init__(self, store: RequestStore, host: str) -> None:
        self.store = store
        self.host = host

    def push(self, request: Request) -> None:
        """Add a request."""
        self.store.push(self.host, request)

    def pop(self) -> Request | None:
        """Take the next request."""
        return self.store.pop(self.host)

    def peek(self) -> Request | None:
        """The next request, without removing it."""
        return self.store.peek(self.host)

    def close(self) -> list[int]:
        """Do nothing: the store is closed once for all hosts."""
        return []

    def __len__(self) -> int:
        return self.store.sizes[self.host]
