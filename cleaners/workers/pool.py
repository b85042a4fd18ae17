"""Worker processes: a deadline and a memory cap for each page, recycling, and no page that can harm another.

A hang, a crash, an exception or too much memory in a worker costs that page a :class:`~cleaners.types.Rejection` of stage ``worker``.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from pebble import ProcessExpired, ProcessPool

from cleaners.context import DEFAULT, CleanContext
from cleaners.rejection import rejection
from cleaners.types import Page, PageRejected, PageResult, Reason, Rejection, Stage
from cleaners.workers import forkserver
from cleaners.workers.worker import OUT_OF_MEMORY, Result, clean_in_worker, initialise, run_bounded

logger = logging.getLogger("copydesk")

DEADLINE = 10.0
"""Seconds a page may take. The slowest of 4,503 development pages takes 1.1 s."""

MEMORY = 1_000_000_000
"""Bytes a page may take beside what an idle worker has: three times what pages of 10 MB and 60,000 links took."""

PAGES_A_WORKER = 2_000
"""Pages after which a worker is replaced: libxml2 and the caches of trafilatura grow slowly."""

AHEAD = 4
"""Pages in flight for each worker: enough to keep it busy, few enough to keep memory flat."""

STALL = 30.0
"""Seconds beyond the deadline without any page done after which the workers are taken for lost: one was killed while it held the
pipe they share, and the others wait for it. A worker starts in 1 to 2 s."""

CLOSING = 10.0
"""Seconds that workers have to end; those that are lost end with this process."""

TRIES = 2
"""Times a page is given to workers: those that are lost together lose pages that did nothing, and a worker that ends may have been filled by
the pages before (libxml2 keeps the name of each element that it met)."""


@dataclass(slots=True)
class Job:
    """A task in flight."""

    task: Callable[..., Any]
    args: tuple[Any, ...]
    page: Page | None = None
    """The page it reads; None for another task."""
    done: Future[Any] = field(default_factory=Future)
    tries: int = 0


class Pool:
    """Reads pages in worker processes."""

    def __init__(
        self,
        workers: int,
        *,
        deadline: float = DEADLINE,
        memory: int = MEMORY,
        context: CleanContext = DEFAULT,
        stall: float = STALL,
        task: Callable[..., PageResult] = clean_in_worker,
    ) -> None:
        self.workers = workers
        self.deadline = deadline
        self.memory = memory
        self.context = context
        self._stall = stall
        self._task = task
        self._lock = threading.RLock()
        self._jobs: dict[int, Job] = {}
        self._moved = time.monotonic()
        """When a page was last begun or done."""
        self._closed = threading.Event()
        self._pool = self._made()
        self._pool.schedule(int)  # workers start now, not with the first page
        threading.Thread(target=self._watch, name="copydesk-pool-watch", daemon=True).start()

    def _made(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self.workers,
            max_tasks=PAGES_A_WORKER,
            initializer=initialise,
            initargs=(self.memory, self.context),
            context=forkserver.mp_context(),
        )

    def submit(self, page: Page, *, with_links: bool = False) -> Future[PageResult]:
        """Start reading a page. The future never raises for what the page did: that is a rejection of stage ``worker``."""
        return self._given(Job(task=self._task, args=(page, with_links), page=page))

    def run(self, task: Callable[..., Result], *args: Any) -> Future[Result]:
        """Start any other task, within the same bounds. The future raises :class:`PageRejected`, stage ``worker``, when it passes them."""
        return self._given(Job(task=task, args=args))

    def _given(self, job: Job) -> Future[Any]:
        with self._lock:
            self._jobs[id(job)] = job
            self._start(job)
        return job.done

    def _start(self, job: Job) -> None:
        """Give a page to the workers; to new ones when those there are lost."""
        self._moved = time.monotonic()
        job.tries += 1
        pool = self._pool
        try:
            running = pool.schedule(run_bounded, args=(job.task, *job.args), timeout=self.deadline)
        except RuntimeError:  # the pool broke, and its pages have not been told yet
            self._renew(pool)
        else:
            running.add_done_callback(lambda done: self._ended(job, pool, done))

    def _ended(self, job: Job, pool: ProcessPool, done: Future[PageResult]) -> None:
        with self._lock:
            if pool is not self._pool or done.cancelled():
                return
            self._moved = time.monotonic()
            if isinstance(done.exception(), BrokenProcessPool) and not self._closed.is_set():
                self._renew(pool)
                return
            if isinstance(done.exception(), ProcessExpired) and job.tries < TRIES and not self._closed.is_set():
                self._start(job)
                return
            del self._jobs[id(job)]
        try:
            result = result_of(done, self.deadline, self.memory)
        except PageRejected as refused:
            give_up(job, refused)
        else:
            job.done.set_result(result)

    def _renew(self, lost: ProcessPool) -> None:
        """Replace workers that are lost, and give their pages to the new ones."""
        if lost is not self._pool or self._closed.is_set():
            return
        logger.warning("the cleaning workers were lost; %d pages are given to new ones", len(self._jobs))
        for worker in multiprocessing.active_children():
            if worker.name == WORKER_NAME:
                worker.kill()
        threading.Thread(target=_let_go, args=(lost,), daemon=True).start()
        self._pool = self._made()
        for name, job in list(self._jobs.items()):
            if job.tries < TRIES:
                self._start(job)
            elif self._jobs.pop(name, None):
                give_up(job, PageRejected(Stage.WORKER, Reason.LOST, f"its workers were lost {TRIES} times"))

    def _watch(self) -> None:
        """Renew workers that no longer move. Their deadline ends what only takes long."""
        while not self._closed.wait(1.0):
            with self._lock:
                if self._jobs and time.monotonic() - self._moved > self.deadline + self._stall:
                    self._renew(self._pool)

    def map(self, entries: Iterable[Page | Rejection]) -> Iterator[tuple[Page | Rejection, PageResult]]:
        """Read pages in order, with ``AHEAD`` pages a worker in flight; what is already rejected passes through."""
        waiting: deque[tuple[Page | Rejection, Future[PageResult]]] = deque()
        for entry in entries:
            waiting.append((entry, self.submit(entry) if isinstance(entry, Page) else _done(PageResult(result=entry))))
            if len(waiting) >= AHEAD * self.workers:
                first, future = waiting.popleft()
                yield first, future.result()
        for last, future in waiting:
            yield last, future.result()

    def close(self) -> None:
        """Stop the workers; pages in flight are given up."""
        self._closed.set()
        ending = threading.Thread(target=_let_go, args=(self._pool,), daemon=True)
        ending.start()
        ending.join(CLOSING)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


WORKER_NAME = "pebble_pool_worker"
"""What pebble calls its processes."""


def _let_go(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _done(reading: PageResult) -> Future[PageResult]:
    future: Future[PageResult] = Future()
    future.set_result(reading)
    return future


def give_up(job: Job, refused: PageRejected) -> None:
    """End a task that gave nothing: for a page a rejection, for another the exception."""
    if job.page is None:
        job.done.set_exception(refused)
    else:
        job.done.set_result(PageResult(result=rejection(refused, job.page)))


def result_of(done: Future[Any], deadline: float, memory: int) -> Any:
    """The result of a finished future.

    Raises:
        Refused: stage ``worker``, for what went wrong there.
    """
    try:
        return done.result()
    except futures.TimeoutError:
        reason, detail = Reason.DEADLINE, f"it took longer than {deadline:g} s"
    except ProcessExpired as death:
        reason, detail = death_reason(death.exitcode or 0, memory)
    except Exception as error:  # noqa: BLE001  whatever a page provokes is data, not the end of the run
        reason, detail = Reason.ERROR, f"{type(error).__name__}: {error}"
    raise PageRejected(Stage.WORKER, reason, detail)


def death_reason(status: int, memory: int) -> tuple[Reason, str]:
    """Reason and detail of a worker's end, by its exit status (minus the signal's number when a signal ended it)."""
    if status == OUT_OF_MEMORY:
        return Reason.MEMORY, f"it took more than {memory / 1e6:g} MB"
    if status == -signal.SIGKILL:
        return Reason.KILLED, "the worker was killed (SIGKILL), as the system does when its memory runs out"
    return Reason.CRASHED, f"the worker ended with status {status}"
