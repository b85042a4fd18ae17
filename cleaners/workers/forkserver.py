"""How worker processes are started.

Where the system can fork, they are forked from a server process that has loaded the modules and models they need.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import BaseContext

METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


GC_THRESHOLD = (50_000, 10, 10)
"""Thresholds of the garbage collector, in workers and in the crawling process: most objects are freed without it.

With Python's own 700 it takes 2% of a page's time and 8% of the crawling process's.
"""


def mp_context() -> BaseContext:
    """The multiprocessing context that starts the workers."""
    found = multiprocessing.get_context(METHOD)
    if METHOD == "forkserver":
        found.set_forkserver_preload(["cleaners.workers.preload"])
    return found


def start_forkserver() -> None:
    """Start the server process, which loads what workers need while this process goes on. Loading takes a second."""
    mp_context()
    if METHOD == "forkserver":
        from multiprocessing import forkserver  # noqa: PLC0415  not on Windows

        forkserver.ensure_running()
