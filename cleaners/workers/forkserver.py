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
from typing import NoReturn

from cleaners.workers import leftovers

METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"

PRELOAD = "cleaners.workers.preload"
"""The module that the server imports."""

GC_THRESHOLD = (50_000, 10, 10)
"""Thresholds of the garbage collector, in workers and in the crawling process: most objects are freed without it.

With Python's own 700 it takes 2% of a page's time and 8% of the crawling process's.
"""

STATE = ("_forkserver_address", "_forkserver_alive_fd", "_forkserver_pid")
"""Attributes of Python's ``ForkServer``, 3.11 to 3.13: its socket, the pipe that keeps it alive, its process id.

Python has no API to fork the server. Where an attribute is missing or already set, Python starts the server itself.
"""

FOLDERS = "pymp-"
"""The beginning of the names of multiprocessing's folders for temporary files."""

STDERR = 2


def mp_context() -> BaseContext:
    """The multiprocessing context that starts the workers."""
    context = multiprocessing.get_context(METHOD)
    if METHOD == "forkserver":
        context.set_forkserver_preload([PRELOAD])
        leftovers.sweep(FOLDERS)
        leftovers.mark(util.get_temp_dir())  # which multiprocessing removes at the end of a process that is not killed
    return context


def start_forkserver() -> None:
    """Start the server process, which loads what workers need while this process goes on.

    Where it is safe, the server is forked from this process: modules that are already imported are not imported again,
    which saves half of the start time of a new server.
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
        sys.version_info < (3, 14)  # its servers require an authentication key
        and threading.active_count() == 1
        and "twisted.internet.reactor" not in sys.modules
    )


def fork_server(server: object) -> None:
    """Fork the server, unless it exists. Python's module then uses and ends it like a server that it started itself.

    Args:
        server: what Python's module knows of its server.
    """
    if any(getattr(server, name, "unknown") is not None for name in STATE):
        return
    resource_tracker.ensure_running()  # before the fork, so that the server does not start a tracker of its own
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

    The fork keeps only the standard streams of its parent: it closes the parent's other files, and so releases their
    locks here. When it ends, it runs no exit handlers of the parent and flushes none of its files.
    """
    from multiprocessing import forkserver  # noqa: PLC0415  not on Windows

    try:
        for first, last in pairwise((STDERR, *sorted((listener, ended)), os.sysconf("SC_OPEN_MAX"))):
            os.closerange(first + 1, last)
        logging.getLogger().handlers.clear()
        forkserver.main(listener, ended, [PRELOAD])
    except BaseException as error:  # noqa: BLE001  it must not return into the parent's code
        if not isinstance(error, SystemExit):
            sys.excepthook(type(error), error, error.__traceback__)
    finally:
        os._exit(0)
