"""Worker processes with a deadline of CPU time and a memory cap for each page. Workers are replaced after many pages.

A page cannot harm another one. When a page makes a worker hang, crash, raise an exception or use too much memory, that
page becomes a :class:`~cleaners.types.Rejection` of stage ``worker``.
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
from math import inf
from types import TracebackType
from typing import Any, Self

from pebble import ProcessExpired, ProcessPool

from cleaners.context import DEFAULT, CleanContext
from cleaners.rejection import rejection
from cleaners.types import Page, PageRejected, PageResult, Reason, Rejection, Stage
from cleaners.workers import forkserver
from cleaners.workers.cpu_time import HAS_CPU_TIMER, is_out_of_time
from cleaners.workers.worker import OUT_OF_MEMORY, Result, clean_in_worker, initialise, run_bounded

logger = logging.getLogger("copydesk")

DEADLINE = 10.0
"""Seconds of CPU that a page may take. The slowest of 4,503 development pages takes 1.1 s."""

PATIENCE = 6
"""Clock seconds allowed for each CPU second of the deadline: ends a task that waits or is stopped and uses no CPU. With
nine busy processes on two cores, the highest load tested, a page took 4.5 clock seconds for one CPU second."""

MEMORY = 1_000_000_000
"""Bytes a page may use beyond those of an idle worker: three times what pages of 10 MB and 60,000 links used."""

PAGES_A_WORKER = 2_000
"""Pages after which a worker is replaced: the memory of libxml2 and of trafilatura's caches grows slowly."""

IN_FLIGHT_PER_WORKER = 4
"""Pages in flight for each worker: enough to keep it busy, few enough to keep memory use constant."""

MOST_WAITING = 1_000
"""Values that may wait behind a page, of those that are no pages."""

STALL_SECONDS = 30.0
"""The workers count as lost after no progress for the longest time of a page and these seconds.

This happens when a worker was killed while it had locked the shared pipe: the others wait for the lock. A worker starts
in 1 to 2 s.
"""

CLOSE_SECONDS = 10.0
"""Seconds that workers have to end; lost workers end with this process."""

TRIES = 2
"""Attempts for a page.

When the workers are lost, harmless pages are lost with them. A worker that ends may have run out of memory because of
earlier pages: libxml2 keeps the name of each element that it has parsed.
"""

LOST_TRIES = 3
"""Times a page is tried whose workers are all lost: new ones may be lost before they have read a page."""

RESTART_SECONDS, MAX_RESTARTS = 1.0, 10
"""Pause before workers that were lost at once are replaced again, and most times that they are: where the server that
forks them is about to end, it refuses, and Python starts another only when it has ended, which takes up to a second."""

WORKER_NAME = "pebble_pool_worker"
"""The name that pebble gives to its processes."""


@dataclass(slots=True)
class Job:
    """A task in flight."""

    task: Callable[..., Any]
    args: tuple[object, ...]
    page: Page | None = None
    """The page that the task cleans; None for any other task."""
    done: Future[Any] = field(default_factory=Future)
    tries: int = 0


class Pool:
    """Cleans pages in worker processes."""

    def __init__(
        self,
        workers: int,
        *,
        deadline: float = DEADLINE,
        memory: int = MEMORY,
        context: CleanContext = DEFAULT,
        stall: float = STALL_SECONDS,
        task: Callable[..., PageResult] = clean_in_worker,
    ) -> None:
        self.workers = workers
        self.deadline = deadline
        self.longest = PATIENCE * deadline if HAS_CPU_TIMER else deadline
        """Seconds by the clock that a page may take."""
        self.memory = memory
        self.context = context
        self._stall = stall
        self._task = task
        self._lock = threading.RLock()
        self._jobs: dict[int, Job] = {}
        self._moved = time.monotonic()
        """When a task was last started or finished."""
        self._restarted = -inf
        """When lost workers were last replaced."""
        self._restarts = 0
        """How often they were, each time at once."""
        self._closed = threading.Event()
        forkserver.start_forkserver()
        self._pool = self._make_pool()
        self._first = self._pool.schedule(int)  # workers start now, not with the first page
        threading.Thread(target=self._watch, name="copydesk-pool-watch", daemon=True).start()

    def _make_pool(self) -> ProcessPool:
        context = forkserver.mp_context()
        self._started = context.Semaphore(0)
        return ProcessPool(
            max_workers=self.workers,
            max_tasks=PAGES_A_WORKER,
            initializer=initialise,
            initargs=(self.memory, self.context, self._started),
            context=context,
        )

    def submit(self, page: Page, *, with_links: bool = False) -> Future[PageResult]:
        """Start to clean a page.

        The future does not raise when the page makes the worker fail: its result is a rejection of stage ``worker``.
        """
        return self._add_job(Job(task=self._task, args=(page, with_links), page=page))

    def run(self, task: Callable[..., Result], *args: object) -> Future[Result]:
        """Start any other task, within the same limits.

        The future raises :class:`PageRejected`, stage ``worker``, when the task fails or exceeds them.
        """
        return self._add_job(Job(task=task, args=args))

    def _add_job(self, job: Job) -> Future[Any]:
        with self._lock:
            self._jobs[id(job)] = job
            self._start(job)
        return job.done

    def _start(self, job: Job) -> None:
        """Schedule a task on the workers; on new workers when the present ones are lost."""
        self._moved = time.monotonic()
        job.tries += 1
        pool = self._pool
        try:
            running = pool.schedule(run_bounded, args=(self.deadline, job.task, *job.args), timeout=self.longest)
        except RuntimeError as broken:  # the pool broke, and the callbacks of its tasks have not run yet
            job.tries -= 1  # no worker had it
            self._renew(pool, broken.__cause__ or broken)
        else:
            running.add_done_callback(lambda done: self._ended(job, pool, done))

    def _ended(self, job: Job, pool: ProcessPool, done: Future[PageResult]) -> None:
        with self._lock:
            if pool is not self._pool or done.cancelled():
                return
            self._moved = time.monotonic()
            if isinstance(broken := done.exception(), BrokenProcessPool) and not self._closed.is_set():
                self._renew(pool, broken.__cause__ or broken)
                return
            if may_be_innocent(done.exception()) and job.tries < TRIES and not self._closed.is_set():
                self._start(job)
                return
            if self._jobs.pop(id(job), None) is None:
                return
        try:
            result = result_of(done, self.deadline, self.longest, self.memory)
        except PageRejected as refused:
            give_up(job, refused.with_traceback(None))  # its frames would keep the page in memory
        else:
            job.done.set_result(result)

    def _renew(self, lost: ProcessPool, cause: object) -> None:
        """Replace lost workers, and schedule their tasks on the new ones."""
        if lost is not self._pool or self._closed.is_set():
            return
        logger.warning("the cleaning workers were lost (%s); %d pages go to new ones", cause, len(self._jobs))
        for worker in multiprocessing.active_children():
            if worker.name == WORKER_NAME:
                worker.kill()
        is_at_once = time.monotonic() - self._restarted < RESTART_SECONDS
        self._restarts = self._restarts + 1 if is_at_once else 0
        if is_at_once:
            self._closed.wait(RESTART_SECONDS)
        self._restarted = time.monotonic()
        threading.Thread(target=_let_go, args=(lost,), daemon=True).start()
        self._pool = pool = self._make_pool()
        for name, job in list(self._jobs.items()):
            if self._pool is not pool:  # the new workers were lost at once, and all tasks went to others
                return
            if job.tries < LOST_TRIES and self._restarts < MAX_RESTARTS:
                self._start(job)
            elif self._jobs.pop(name, None):
                give_up(job, PageRejected(Stage.WORKER, Reason.LOST, "its workers were lost again and again"))

    def _watch(self) -> None:
        """Replace workers that make no progress. A task that only takes long is ended by its deadline."""
        while not self._closed.wait(1.0):
            with self._lock:
                if self._jobs and time.monotonic() - self._moved > self.longest + self._stall:
                    self._renew(self._pool, "no progress")

    def map(self, entries: Iterable[Page | Rejection]) -> Iterator[tuple[Page | Rejection, PageResult]]:
        """Clean pages in order, ``IN_FLIGHT_PER_WORKER`` per worker at a time. Rejections pass through unchanged."""
        for entry, page_result in self.clean_pages(entries):
            yield entry, page_result if page_result is not None else PageResult(result=entry)

    def clean_pages(self, entries: Iterable[Any]) -> Iterator[tuple[Any, PageResult | None]]:
        """Clean the pages among the values, in order; other values pass through with None as their result."""
        waiting: deque[tuple[Any, Future[PageResult] | None]] = deque()
        pages = 0
        for entry in entries:
            is_page = isinstance(entry, Page)
            waiting.append((entry, self.submit(entry) if is_page else None))
            pages += is_page
            while waiting and (
                pages >= IN_FLIGHT_PER_WORKER * self.workers
                or len(waiting) > MOST_WAITING
                or waiting[0][1] is None
                or waiting[0][1].done()
            ):
                first, future = waiting.popleft()
                pages -= future is not None
                yield first, future.result() if future is not None else None
        for last, future in waiting:
            yield last, future.result() if future is not None else None

    def close(self) -> None:
        """Stop the workers; pages in flight are dropped."""
        self._closed.set()
        self._wait_for_workers()
        ending = threading.Thread(target=_let_go, args=(self._pool,), daemon=True)
        ending.start()
        ending.join(CLOSE_SECONDS)

    def _wait_for_workers(self) -> None:
        """Wait until all workers have started: a worker that starts while its pool is closed prints a traceback."""
        futures.wait([self._first], CLOSE_SECONDS)
        if self._first.done() and self._first.exception() is None:
            for _ in range(self.workers):
                if not self._started.acquire(timeout=CLOSE_SECONDS):
                    break

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _let_go(pool: ProcessPool) -> None:
    pool.stop()
    pool.join()


def give_up(job: Job, refused: PageRejected) -> None:
    """End a task that failed: a page gets a rejection, any other task the exception."""
    if job.page is None:
        job.done.set_exception(refused)
    else:
        job.done.set_result(PageResult(result=rejection(refused, job.page)))


def may_be_innocent(error: BaseException | None) -> bool:
    """True where a worker ended, perhaps because of earlier pages; False where the page itself exceeded its time."""
    return isinstance(error, ProcessExpired) and not is_out_of_time(error.exitcode or 0)


def result_of(done: Future[Result], deadline: float, longest: float, memory: int) -> Result:
    """The result of a finished future.

    Raises:
        PageRejected: stage ``worker``, with the cause of the failure.
    """
    try:
        return done.result()
    except futures.TimeoutError:
        reason, detail = Reason.DEADLINE, f"it took longer than {longest:g} s"
    except ProcessExpired as death:
        reason, detail = death_reason(death.exitcode or 0, deadline, memory)
    except Exception as error:  # noqa: BLE001  an error that a page causes is a result, not the end of the run
        reason, detail = Reason.ERROR, f"{type(error).__name__}: {error}"
    raise PageRejected(Stage.WORKER, reason, detail)


def death_reason(status: int, deadline: float, memory: int) -> tuple[Reason, str]:
    """Why a worker ended, from its exit status (the negative signal number when a signal ended it)."""
    if is_out_of_time(status):
        return Reason.DEADLINE, f"it took more than {deadline:g} s of CPU"
    if status == OUT_OF_MEMORY:
        return Reason.MEMORY, f"it took more than {memory / 1e6:g} MB"
    if status == -signal.SIGKILL:
        return Reason.KILLED, "the worker was killed (SIGKILL), as the system does when its memory runs out"
    return Reason.CRASHED, f"the worker ended with status {status}"
