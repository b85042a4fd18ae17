"""How worker processes are started.

Where the system can fork, they are forked from a server process that has loaded the modules and models they need.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import socket
import sys
import threading
from itertools import pairwise
from multiprocessing import resource_tracker, util
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, NoReturn

METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"

PRELOAD = "cleaners.workers.preload"
"""The module that the server imports."""

GC_THRESHOLD = (50_000, 10, 10)
"""Thresholds of the garbage collector, in workers and in the crawling process: most objects are freed without it.

With Python's own 700 it takes 2% of a page's time and 8% of the crawling process's.
"""

STATE = ("_forkserver_address", "_forkserver_alive_fd", "_forkserver_pid")
"""What Python's ``ForkServer`` knows of its server, in 3.11 to 3.13: its address, the pipe that keeps it, its process.

Python has no way of its own to fork the server. Where these names are missing or set, Python starts it.
"""

STDERR = 2


def mp_context() -> BaseContext:
    """The multiprocessing context that starts the workers."""
    context = multiprocessing.get_context(METHOD)
    if METHOD == "forkserver":
        context.set_forkserver_preload([PRELOAD])
    return context


def start_forkserver() -> None:
    """Start the server process, which loads what workers need while this process goes on.

    It is forked from this process where that is safe: what this one has imported is not imported again, which is half
    of what a server of its own takes to start.
    """
    mp_context()
    if METHOD == "forkserver":
        from multiprocessing import forkserver  # noqa: PLC0415  not on Windows

        if is_forkable():
            fork_server(forkserver._forkserver)  # noqa: SLF001  see STATE
        forkserver.ensure_running()


def is_forkable() -> bool:
    """True while this process has neither threads nor a reactor: a copy of it would have their locks and sockets."""
    return (
        sys.version_info < (3, 14)  # whose servers ask for a key
        and threading.active_count() == 1
        and "twisted.internet.reactor" not in sys.modules
    )


def fork_server(server: Any) -> None:
    """Fork the server, unless there is one; Python's module asks it for workers and ends it as one of its own.

    Args:
        server: what Python's module knows of its server.
    """
    if any(getattr(server, name, "unknown") is not None for name in STATE):
        return
    resource_tracker.ensure_running()  # first: the server must not be another one's parent
    address = str(Path(util.get_temp_dir(), "workers"))  # a folder of this process, removed at its end
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        ended, alive = os.pipe()  # the server ends when no process holds the other end any more
        pid = os.fork()
        if pid == 0:
            serve(listener.detach(), ended)
        os.close(ended)
    for name, value in zip(STATE, (address, alive, pid), strict=True):
        setattr(server, name, value)


def serve(listener: int, ended: int) -> NoReturn:
    """Load what workers need and fork them on demand, until the last process that may ask has ended.

    The copy of the other process has its standard streams, nothing else: a file that is open there, and a lock on it,
    is not held open here. Nothing of the other process is finished or flushed when this one ends.
    """
    from multiprocessing import forkserver  # noqa: PLC0415  not on Windows

    try:
        for first, last in pairwise((STDERR, *sorted((listener, ended)), os.sysconf("SC_OPEN_MAX"))):
            os.closerange(first + 1, last)
        logging.getLogger().handlers.clear()
        forkserver.main(listener, ended, [PRELOAD])
    except BaseException as error:  # noqa: BLE001  the way into the other process's code is closed
        if not isinstance(error, SystemExit):
            sys.excepthook(type(error), error, error.__traceback__)
    finally:
        os._exit(0)
