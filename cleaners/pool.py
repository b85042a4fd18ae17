"""Worker processes: a deadline for each page, recycling, and no page that can harm another.

A hang, a crash or an exception in a worker costs that page a :class:`~cleaners.types.Rejection` of stage ``worker``.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent import futures
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from cleaners.options import DEFAULT, Options
from cleaners.pipeline import rejection
from cleaners.reading import Reading, read
from cleaners.types import Page, Refused, Rejection

DEADLINE = 10.0
"""Seconds a page may take. The slowest of 4,503 development pages takes 1.1 s."""

PAGES_A_WORKER = 2_000
"""Pages after which a worker is replaced: libxml2 and the caches of trafilatura grow slowly."""

AHEAD = 4
"""Pages in flight for each worker: enough to keep it busy, few enough to keep memory flat."""


class Pool:
    """Reads pages in worker processes."""

    def __init__(self, workers: int, *, deadline: float = DEADLINE, options: Options = DEFAULT) -> None:
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload(["cleaners.reading"])
        self.workers = workers
        self.deadline = deadline
        self.options = options
        self._pool = ProcessPool(max_workers=workers, max_tasks=PAGES_A_WORKER, context=context)

    def submit(self, page: Page, *, with_links: bool = False) -> Future[Reading]:
        """Start reading a page. The future never raises for what the page did: see :func:`settled`."""
        settled_future: Future[Reading] = Future()
        settled_future.set_running_or_notify_cancel()
        running = self._pool.schedule(
            read, args=(page, self.options), kwargs={"with_links": with_links}, timeout=self.deadline
        )
        running.add_done_callback(lambda done: settled_future.set_result(settled(done, page, self.deadline)))
        return settled_future

    def map(self, entries: Iterable[Page | Rejection]) -> Iterator[tuple[Page | Rejection, Reading]]:
        """Read pages in order, with ``AHEAD`` pages a worker in flight; what is already rejected passes through."""
        waiting: deque[tuple[Page | Rejection, Future[Reading]]] = deque()
        for entry in entries:
            waiting.append((entry, self.submit(entry) if isinstance(entry, Page) else _done(Reading(result=entry))))
            if len(waiting) >= AHEAD * self.workers:
                first, future = waiting.popleft()
                yield first, future.result()
        for last, future in waiting:
            yield last, future.result()

    def close(self) -> None:
        """Stop the workers; pages in flight are given up."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _done(reading: Reading) -> Future[Reading]:
    future: Future[Reading] = Future()
    future.set_result(reading)
    return future


def settled(done: Future[Reading], page: Page, deadline: float) -> Reading:
    """The reading of a finished future; what went wrong in the worker becomes a rejection."""
    try:
        return done.result()
    except futures.TimeoutError:
        reason, detail = "deadline", f"cleaning took longer than {deadline:g} s"
    except ProcessExpired as death:
        reason, detail = "crashed", f"the worker ended with status {death.exitcode}"
    except Exception as error:  # noqa: BLE001  whatever a page provokes is data, not the end of the run
        reason, detail = "error", f"{type(error).__name__}: {error}"
    return Reading(result=rejection(page, Refused("worker", reason, detail)))
