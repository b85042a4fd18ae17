"""How worker processes are started: forked from a server that has loaded what they need, where the system can fork."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import BaseContext

METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


GC_THRESHOLD = (50_000, 10, 10)
"""Objects made before the garbage collector looks, in workers and in the crawl: most are freed without it. By Python's own 700 it takes
2% of a page's time and 8% of the crawling process's."""


def mp_context() -> BaseContext:
    """The way workers are started."""
    found = multiprocessing.get_context(METHOD)
    if METHOD == "forkserver":
        found.set_forkserver_preload(["cleaners.workers.preload"])
    return found


def start_forkserver() -> None:
    """Let the server load what workers need while this process goes on: it takes a second."""
    mp_context()
    if METHOD == "forkserver":
        from multiprocessing import forkserver  # noqa: PLC0415  not on Windows

        forkserver.ensure_running()
