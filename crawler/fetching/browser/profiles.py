"""Chromium's profile folders: Playwright's driver creates them, and leaves them behind when it is killed.

A marker file in each names its process; before a browser is launched, those of ended processes are removed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PREFIX = "playwright_chromiumdev_profile-"
"""How Playwright names them, in the folder for temporary files."""

MARK = "copydesk.pid"
"""The marker file of a profile: PID and start time of the crawl's process, and the namespace of the PID."""

OPTION = "--user-data-dir="


def sweep() -> None:
    """Remove the profiles of crawls that are gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError, ValueError):
            pid, began, namespace = (folder / MARK).read_text("ascii").split(" ")
            if namespace == _namespace() and _began(int(pid)) != began:
                shutil.rmtree(folder, ignore_errors=True)


def mark() -> None:
    """Mark the profiles of the browsers that this process has launched."""
    for folder in _profiles():
        with suppress(OSError):
            (folder / MARK).write_text(f"{os.getpid()} {_began(os.getpid())} {_namespace()}", "ascii")


def _profiles() -> Iterator[Path]:
    """The profiles of the processes below this one. None where the system has no ``/proc``."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            folders = {word.decode().removeprefix(OPTION) for word in words if word.startswith(OPTION.encode())}
            if folders and _is_below(int(process.name)):
                yield from map(Path, folders)


def _is_below(pid: int) -> bool:
    """True for a process that this one started, or one of its own."""
    while pid > 1:
        pid = int(_status(pid)[1])
        if pid == os.getpid():
            return True
    return False


def _namespace() -> str:
    """Return the PID namespace: containers that share a folder have their own (pid_namespaces(7))."""
    return str(Path("/proc/self/ns/pid").readlink())


def _began(pid: int) -> str:
    """Return when a process began, in clock ticks since boot; empty for an ended one. PIDs are reused."""
    try:
        return _status(pid)[19]
    except OSError:
        return ""


def _status(pid: int) -> list[str]:
    """The fields of ``/proc/PID/stat`` from the third on: what is before may have spaces (proc(5))."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
