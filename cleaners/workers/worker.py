"""The code that runs in a worker process: one task at a time, within a memory cap."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.synchronize import Semaphore
from pathlib import Path
from typing import TypeVar

from cleaners.context import DEFAULT, CleanContext
from cleaners.types import Page, PageResult
from cleaners.workers.cpu_time import cpu_limit

Result = TypeVar("Result")

OUT_OF_MEMORY = 71
"""Exit status of a worker whose page exceeded the memory cap.

``EX_OSERR`` of sysexits.h; nothing else here exits with it.
"""


PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that this process gets when its parent ends."""


def cap(size: int) -> None:
    """Allow this process ``size`` bytes more than it uses now; 0 for no cap.

    Linux only, where RLIMIT_DATA counts the memory that a process has allocated. Elsewhere only the deadline and the
    size limits of a page apply.
    """
    if size <= 0 or not sys.platform.startswith("linux"):
        return
    import resource  # noqa: PLC0415  not on Windows

    pages_of_data = int(Path("/proc/self/statm").read_text().split()[5])
    limit = pages_of_data * resource.getpagesize() + size
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def end_with_parent() -> None:
    """Have the system kill this process when its parent ends: a main process that is killed leaves no worker behind.

    Linux only (prctl(2)). The parent is the process that forks the workers; it ends with the main process.
    """
    if sys.platform.startswith("linux"):
        import ctypes  # noqa: PLC0415  Linux only

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class WorkerTask:
    """State of this worker process, set once, before the first page."""

    context: CleanContext = DEFAULT


def initialise(size: int, context: CleanContext, started: Semaphore) -> None:
    """Prepare this process: store the context of cleaning, cap the memory, and disable logging.

    A worker's log lines would appear among the crawl's own.

    Args:
        size: bytes that a page may take.
        context: the context of cleaning.
        started: counts the workers that are ready.
    """
    end_with_parent()
    logging.getLogger().addHandler(logging.NullHandler())
    WorkerTask.context = context
    cap(size)
    started.release()


def run_bounded(deadline: float, task: Callable[..., Result], *args: object) -> Result:
    """Run a task. If it exceeds its time or memory, the process ends, which frees the task's resources.

    Args:
        deadline: seconds of CPU.
        task: what is run.
        args: its arguments.
    """
    try:
        with cpu_limit(deadline):
            return task(*args)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def clean_in_worker(page: Page, with_links: bool) -> PageResult:  # noqa: FBT001  workers receive args by position
    """Process a page with the context of this worker."""
    from cleaners.pipeline import process_page  # noqa: PLC0415  parsers are loaded in the worker only

    return process_page(page, WorkerTask.context, with_links=with_links)
