"""What runs in a worker process: one task at a time, within a memory cap."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from cleaners.options import Options
from cleaners.reading import Reading
from cleaners.types import Page

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


def begin(size: int) -> None:
    """Prepare this process: cap its memory, and let nobody write a log here, since its lines would stand between the crawl's own."""
    logging.getLogger().addHandler(logging.NullHandler())
    cap(size)


def within(task: Callable[..., Result], *args: Any) -> Result:
    """Run a task. Where memory runs out the process ends: what it has taken goes back with it."""
    try:
        return task(*args)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def work(page: Page, options: Options, with_links: bool) -> Reading:  # noqa: FBT001  args cross to the worker by position
    """Read a page."""
    from cleaners.reader import read  # noqa: PLC0415  what parses is loaded where it is used, in the worker

    return read(page, options, with_links=with_links)
