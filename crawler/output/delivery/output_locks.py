"""One run at a time on an output: locks that the operating system releases when the process dies."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from crawler.files.line_files import OutputError
from crawler.files.paths import local_path

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]


class OutputBusyError(OutputError):
    """Another run writes the same output."""


class OutputLocks:
    """The locks of a run on its local outputs, until :meth:`release` or the end of the process.

    Args:
        outputs: paths or URIs; those that are no files, or do not exist, need no lock.

    Raises:
        OutputBusyError: naming an output that another run has.
    """

    def __init__(self, outputs: Iterable[str]) -> None:
        self._descriptors: list[int] = []
        for path in filter(None, map(local_path, outputs)):
            if fcntl is not None and Path(path).is_file():
                self._hold(path)

    def _hold(self, path: str) -> None:
        try:
            file = os.open(path, os.O_WRONLY)
            self._descriptors.append(file)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.release()
            raise OutputBusyError(f"{path}: another run is writing it; wait for its end, or name another -o") from error
        except OSError:  # a file system without locks; a file that cannot be written is reported elsewhere
            return

    def release(self) -> None:
        """Let others write."""
        for file in self._descriptors:
            os.close(file)
        self._descriptors.clear()
