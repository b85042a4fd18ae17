"""What a run needs of the machine: room for temporary files, and enough files that may be open."""

from __future__ import annotations

import resource
import shutil
import tempfile
from contextlib import suppress
from os import PathLike

TEMPORARY_BYTES = 100_000_000
"""Bytes that must be free in the folder for temporary files: the model that identifies languages is unpacked there when
it is loaded, to 68 MB."""


def scarce_room(folder: str | PathLike[str], needed: int) -> str | None:
    """The room that is free on the disk of a folder, as ``2 MB``; None where it has the bytes that are needed."""
    free = shutil.disk_usage(folder).free
    return f"{free / 1e6:.0f} MB" if free < needed else None


def _check_temporary_folder() -> None:
    """Accept the folder for temporary files.

    Raises:
        OSError: naming the folder and the remedy, when it has no room or cannot be written.
    """
    folder = tempfile.gettempdir()
    if (free := scarce_room(folder, TEMPORARY_BYTES)) is not None:
        raise OSError(
            f"the folder for temporary files, {folder}, has {free} free and cleaning needs "
            f"{TEMPORARY_BYTES / 1e6:.0f} MB: free some, or name another folder with the environment variable TMPDIR"
        )


MIN_OPEN_FILES = 128
"""Files and connections that a process must be allowed to have open.

A crawl of 40 sites with an archive had 48, through one proxy.
"""

MAX_OPEN_FILES = 65_536
"""Highest limit that a crawl sets for itself: some programs iterate over all allowed file descriptors."""


def check_machine() -> None:
    """Raise the limit of open files to what the system allows, then check the machine: one connection stays open for
    each site, and the usual limit, 1,024, is soon reached.

    Raises:
        OSError: naming what is missing, and the remedy.
    """
    _check_open_files()
    _check_temporary_folder()


def _check_open_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # a system may allow fewer than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft != resource.RLIM_INFINITY and soft < MIN_OPEN_FILES:
        raise OSError(
            f"this process may have {soft} files open, and needs {MIN_OPEN_FILES}: allow more with "
            "`ulimit -n 4096`, or LimitNOFILE=4096 in a systemd unit"
        )
