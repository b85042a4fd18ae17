"""A process that has imported everything a crawl needs, and is forked for each command of a test.

``python warm.py SOCKET PACKAGE …`` imports the packages and listens at a Unix socket; it imports nothing of the
tests, so that an environment with the wheel can have such a process, too. A client connects, sends the standard streams
and a :class:`Request`, and is told the number of the new process, and, when it has ended, its status as ``os.waitpid``
has it. The copy goes on as ``python -m scrapy`` does: its own folder, environment, streams, session and process group;
its signals and its way to end are those of any process. What it saves is the imports: 2 s of CPU a crawl.

It is forked before there is a thread or a reactor, and takes only what it can do as a new process would
(:func:`reason_to_refuse`).
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import resource
import runpy
import selectors
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

MODULES = ("scrapy",)
"""What is run with ``python -m``."""

AT_START = ("PYTHON", "LC_", "LANG", "LD_", "MALLOC_", "OMP_", "OPENBLAS_", "XDG_CACHE_HOME")
"""Beginnings of the variables that a process reads once, when it starts or imports something."""

HEARTBEAT = 0.1
"""Seconds between two looks of Scrapy's engine at whether there is more to do; 5 in a crawl. Scrapy's own tests do the
same: a crawl that has ended waits for one."""

OF_EXTRAS = (".archive.reprocess.datatrove", ".archive.reprocess.ray_engine", ".addon.poet", ".fetching.browser")
"""Modules that import packages of extras, which start threads; a crawl that needs them imports them itself."""

MAX_REQUEST = 1_000_000
"""Bytes of arguments and environment; Linux allows 2 MB."""


class Request(NamedTuple):
    """A command."""

    arguments: list[str]
    """As in ``sys.argv``, with the interpreter first."""
    cwd: str
    env: dict[str, str]
    limits: list[list[int]]
    """Those of :func:`limits`."""
    umask: int


LIMITS = tuple(getattr(resource, name) for name in sorted(dir(resource)) if name.startswith("RLIMIT_"))


def limits() -> list[list[int]]:
    """The limits of this process, soft and hard: a child has its parent's."""
    return [list(resource.getrlimit(limit)) for limit in LIMITS]


def reason_to_refuse(request: Request, own: Mapping[str, str]) -> str:
    """Why a new process would do something else than a copy of this one; empty where it would not.

    Args:
        request: the command.
        own: the environment in which this process was started.
    """
    if request.arguments[:2] != [sys.executable, "-m"] or request.arguments[2:3][0] not in MODULES:
        return f"it is not python -m {' or '.join(MODULES)}"
    if name := imported_from_elsewhere(request.cwd):
        return f"its folder {request.cwd} has a module {name}, and another one was imported"
    first = (search_path(request.cwd, env) for env in (request.env, own))
    env, own = ({**env, "PYTHONPATH": path} for env, path in zip((request.env, own), first, strict=True))
    for name in sorted({*env, *own}):
        if name.startswith(AT_START) and env.get(name) != own.get(name):
            return f"{name} is {env.get(name)}, and was {own.get(name)} when everything was imported"
    if [hard for _, hard in request.limits] != [hard for _, hard in limits()]:
        return "its hard limits are others"
    if not is_forkable():
        return "there is a thread or a reactor already"
    return ""


def imported_from_elsewhere(folder: str) -> str:
    """A module that a new process would import from its folder, and that was imported from another one."""
    for path in Path(folder).iterdir():
        name = path.stem if path.suffix == ".py" else path.name
        if (module := sys.modules.get(name)) is not None and (path.suffix == ".py" or path.is_dir()):
            places = (*getattr(module, "__path__", ()), getattr(module, "__file__", None) or "")
            if path.resolve() not in {Path(place).resolve() for place in places}:
                return name
    return ""


def search_path(folder: str, env: Mapping[str, str]) -> str:
    """Where ``python -m`` looks for modules first."""
    return os.pathsep.join(dict.fromkeys((folder, *filter(None, env.get("PYTHONPATH", "").split(os.pathsep)))))


def is_forkable() -> bool:
    """True while a copy of this process would have the locks of no thread and the sockets of no reactor."""
    return threading.active_count() == 1 and "twisted.internet.reactor" not in sys.modules


def serve(path: str) -> Request:
    """Fork a process for each command.

    Returns:
        In each new process the command that it is to run. In the first process it ends with that which started it.
    """
    own = dict(os.environ)
    with selectors.DefaultSelector() as selector, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        selector.register(listener, selectors.EVENT_READ)
        selector.register(sys.stdin, selectors.EVENT_READ)
        clients: dict[int, tuple[int, socket.socket]] = {}
        print("ready", flush=True)  # noqa: T201  the tests wait for it
        while True:
            for key, _ in selector.select():
                if key.fileobj is listener:
                    client, _ = listener.accept()
                    request, streams = receive(client)
                    if refusal := reason_to_refuse(request, own):
                        client.sendall(f"{refusal}\n".encode())
                        client.close()
                    elif pid := os.fork():
                        process = os.pidfd_open(pid)
                        clients[process] = (pid, client)
                        selector.register(process, selectors.EVENT_READ)
                    else:
                        for other, (_, other_client) in clients.items():
                            os.close(other)
                            other_client.close()
                        take_over(request, streams)
                        client.sendall(f"{os.getpid()}\n".encode())  # it can be found by its number and its group now
                        client.close()
                        return request
                    for stream in streams:
                        os.close(stream)
                elif key.fileobj is sys.stdin:  # the tests have ended, or were killed
                    for pid, _ in clients.values():
                        with suppress(ProcessLookupError, PermissionError):
                            os.killpg(pid, signal.SIGKILL)
                    os._exit(0)
                else:
                    selector.unregister(key.fd)
                    pid, client = clients.pop(key.fd)
                    os.close(key.fd)
                    _, status = os.waitpid(pid, 0)
                    with suppress(OSError):  # nobody waits for it
                        client.sendall(f"{status}\n".encode())
                    client.close()


def receive(client: socket.socket) -> tuple[Request, list[int]]:
    """A command and the standard streams that it gets."""
    data, streams, _, _ = socket.recv_fds(client, MAX_REQUEST, 3)
    while not data.endswith(b"\n"):
        data += client.recv(MAX_REQUEST)
    return Request(*json.loads(data)), streams


def take_over(request: Request, streams: list[int]) -> None:
    """Become a process of its own: what a new one gets from the one that starts it."""
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    for limit, (soft, hard) in zip(LIMITS, request.limits, strict=True):
        resource.setrlimit(limit, (soft, hard))
    os.umask(request.umask)
    os.environ.clear()
    os.environ.update(request.env)
    os.chdir(request.cwd)
    sys.path[:] = dict.fromkeys((request.cwd, *sys.path))
    time.tzset()
    tempfile.tempdir = None  # it was chosen by the other environment
    sys.argv[:] = request.arguments[2:]
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # noqa: SIM115  as an interpreter opens them when it starts
    sys.stdout = sys.__stdout__ = open(1, "w", buffering=-1, closefd=False)  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115


def import_everything(packages: list[str]) -> None:
    """Import what the commands import, clean a page, and leave alone what cannot be copied.

    Args:
        packages: names of the two packages, which are others where they are installed.
    """
    import scrapy.cmdline  # noqa: PLC0415
    from scrapy.core.engine import ExecutionEngine  # noqa: PLC0415
    from scrapy.utils.misc import load_object  # noqa: PLC0415
    from scrapy.utils.project import get_project_settings  # noqa: PLC0415

    ExecutionEngine._SLOT_HEARTBEAT_INTERVAL = HEARTBEAT
    settings = get_project_settings()
    scrapy.cmdline._get_commands_dict(settings, inproject=True)
    for name in ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "EXTENSIONS", "DOWNLOAD_HANDLERS", "FEED_EXPORTERS"):
        for path in settings.getwithbase(name):
            if isinstance(path, str) and "." in path:
                load_object(path)
    for package in packages:
        of_extras = tuple(f"{package}{name}" for name in OF_EXTRAS)
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.startswith(of_extras):
                importlib.import_module(module.name)
    gc.freeze()


def main() -> None:
    """Serve; in each copy, run the command as ``python -m`` does."""
    _, socket_path, *packages = sys.argv
    del sys.path[0]  # the folder of this file
    import_everything(packages)
    request = serve(socket_path)
    status = 0
    try:
        runpy.run_module(request.arguments[2], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        status = exit_status(end)
    except BaseException:  # noqa: BLE001  as the interpreter does at the end of a program
        sys.excepthook(*sys.exc_info())
        status = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)  # to free the objects of all modules would copy most of the memory that is shared


def exit_status(end: SystemExit) -> int:
    """The status of a program that ends with an exception, whose text it writes as the interpreter does."""
    if end.code is None or isinstance(end.code, int):
        return (end.code or 0) & 0xFF
    sys.stderr.write(f"{end.code}\n")
    return 1


if __name__ == "__main__":
    main()
