"""Folders for temporary files of processes that were killed: the next run of the same user removes them.

A marker file in each names its process.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

MARK = "copydesk.pid"
"""The marker file of a folder: PID and start time of its process, and the namespace of the PID."""


def sweep(prefix: str) -> None:
    """Remove the marked folders of this user whose process is gone.

    Args:
        prefix: the beginning of their names, in the folder for temporary files.
    """
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with suppress(OSError, ValueError):
            found = folder.lstat()
            pid, began, namespace = (folder / MARK).read_text("ascii").split(" ")
            is_own = found.st_uid == os.getuid() and stat.S_ISDIR(found.st_mode)
            if is_own and namespace == _namespace() and _began(int(pid)) != began:
                shutil.rmtree(folder, ignore_errors=True)


def mark(folder: str | os.PathLike[str]) -> None:
    """Name this process in a folder. Nothing is marked where the system has no ``/proc``."""
    with suppress(OSError):
        Path(folder, MARK).write_text(f"{os.getpid()} {_began(os.getpid())} {_namespace()}", "ascii")


def _namespace() -> str:
    """Return the PID namespace: containers that share a folder have their own (pid_namespaces(7))."""
    return str(Path("/proc/self/ns/pid").readlink())


def _began(pid: int) -> str:
    """Return when a process began, in clock ticks since boot; empty for an ended one. PIDs are reused."""
    try:
        return status(pid)[19]
    except OSError:
        return ""


def status(pid: int) -> list[str]:
    """The fields of ``/proc/PID/stat`` from the third on: what is before may have spaces (proc(5)).

    Raises:
        OSError: for a process that has ended.
    """
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
