"""Chromium's profile folders: Playwright's driver creates them, and leaves them behind when it is killed.

Each is marked with its process; before a browser is launched, those of ended processes are removed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cleaners.workers import leftovers

PREFIX = "playwright_chromiumdev_profile-"
"""How Playwright names them, in the folder for temporary files."""

OPTION = "--user-data-dir="


def sweep() -> None:
    """Remove the profiles of crawls that are gone."""
    leftovers.sweep(PREFIX)


def mark() -> None:
    """Mark the profiles of the browsers that this process has launched."""
    for folder in _profiles():
        leftovers.mark(folder)


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
        pid = int(leftovers.status(pid)[1])
        if pid == os.getpid():
            return True
    return False
