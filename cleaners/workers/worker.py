"""What runs in a worker process: one task at a time, within a memory cap."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from cleaners.context import DEFAULT, CleanContext
from cleaners.types import Page, PageResult

Result = TypeVar("Result")

OUT_OF_MEMORY = 71
"""Exit status of a worker whose page took more memory than it may: ``EX_OSERR`` of sysexits.h, which nothing else here ends with."""


def cap(size: int) -> None:
    """Let this process take ``size`` bytes more than it has now; 0 for no cap.

    Linux only, where RLIMIT_DATA counts what a process has allocated; elsewhere the deadline and the size limits of a page hold.
    """
    if size <= 0 or not sys.platform.startswith("linux"):
        return
    import resource  # noqa: PLC0415  not on Windows

    pages_of_data = int(Path("/proc/self/statm").read_text().split()[5])
    limit = pages_of_data * resource.getpagesize() + size
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


class Given:
    """What this worker process was given when it started. It is set once, before the first page."""

    context: CleanContext = DEFAULT


def initialise(size: int, context: CleanContext) -> None:
    """Prepare this process: keep the context of cleaning, cap the memory, and write no log.

    A worker's log lines would stand between the crawl's own.
    """
    logging.getLogger().addHandler(logging.NullHandler())
    Given.context = context
    cap(size)


def run_bounded(task: Callable[..., Result], *args: Any) -> Result:
    """Run a task. Where memory runs out the process ends, and its memory is freed with it."""
    try:
        return task(*args)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def clean_in_worker(page: Page, with_links: bool) -> PageResult:  # noqa: FBT001  args cross to the worker by position
    """Process a page with the context that this worker was given."""
    from cleaners.pipeline import process_page  # noqa: PLC0415  parsers are loaded in the worker only

    return process_page(page, Given.context, with_links=with_links)
