"""The WARC files of an archive: written a record at a time, rotated by size, repaired after a crash.

The name of a file that is being written ends in ``.open``, and its lock shows whether its writer is alive. Each record
is written completely before its page is processed, so a crash can leave only the last record incomplete; the next
start cuts it off.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from fastwarc.warc import ArchiveIterator
from filelock import FileLock, Timeout

from crawler.files.line_files import LineFile
from crawler.files.warc import cdxj
from crawler.files.warc.cdxj import IndexPosition
from crawler.files.warc.members import ends
from crawler.files.warc.records import Member

ENDING = ".warc.gz"
OPEN = ".open"
"""End of the name of a file that is written, or that a crash left."""

MAX_SIZE_RATIO = 2.0
"""Multiple of the maximum size at which a file is closed even if more records of an outcome in it will follow."""


class RecordFile(LineFile):
    """A file of gzip members; a member that could be written only in part is removed again."""

    def _whole_bytes(self, data: bytes) -> int:
        return 0


class WarcFiles:
    """Appends records to the current file of a folder.

    Args:
        folder: where the files are; it is made.
        max_bytes: size from which the next records go to another file.
        info: makes the first record of a file, by its name.
        closed: called with each file that is complete, and its index.
    """

    def __init__(
        self, folder: Path, *, max_bytes: int, info: Callable[[str], Member], closed: Callable[[Path, Path], None]
    ) -> None:
        self.folder = folder
        self._max_bytes = max_bytes
        self._info = info
        self._closed = closed
        self._file: RecordFile | None = None
        self._lock: FileLock | None = None
        self._lines: list[str] = []
        self._serial = 0
        self._began = ""
        self._name = ""
        """The final name of the file that is written."""

    def open(self, at: datetime) -> str:
        """Make sure that a file is open.

        Args:
            at: the time of the file's name, if it is the first.

        Returns:
            Its final name.

        Raises:
            OSError: when it cannot be made.
        """
        if self._file is None:
            self._began = self._began or at.strftime("%Y%m%d%H%M%S")
            self.folder.mkdir(parents=True, exist_ok=True)
            while (lock := acquire_lock(path := self._next_path())) is None:
                continue
            self._lock = lock
            self._file = RecordFile(str(path), overwrite=True, is_grouped=False)
            self._name = path.name.removesuffix(OPEN)
            self._file.write(self._info(self._name).data)
        return self._name

    def _next_path(self) -> Path:
        """The path of the next file; another writer may have the same host name and process number, in a container."""
        host = socket.gethostname().partition(".")[0]
        while True:
            name = f"copydesk-{self._began}-{self._serial:05}-{host}-{os.getpid()}{ENDING}"
            self._serial += 1
            if not (self.folder / name).exists() and not (self.folder / f"{name}{OPEN}").exists():
                return self.folder / f"{name}{OPEN}"

    def append(self, members: Sequence[Member]) -> list[IndexPosition]:
        """Write records together.

        Raises:
            OSError: when they cannot be written; the file then ends after the records before.
        """
        if self._file is None:
            raise ValueError("no file is open")
        name, place, places = self._name, self._file.tell(), []
        self._file.write(b"".join(member.data for member in members))
        for member in members:
            places.append(IndexPosition(name, place, len(member.data)))
            if member.kind in cdxj.CAPTURES:
                self._lines.append(cdxj.to_line(member, places[-1]))
            place += len(member.data)
        return places

    def rotate(self, *, is_complete: bool) -> bool:
        """Close a file that is large enough.

        Args:
            is_complete: False while more records of an outcome in the file will follow.

        Returns:
            True where it was closed.
        """
        size = self._file.tell() if self._file is not None else 0
        if size < self._max_bytes or (not is_complete and size < MAX_SIZE_RATIO * self._max_bytes):
            return False
        self.close()
        return True

    def sync(self) -> None:
        """Sync the records to disk.

        Raises:
            OSError: when they cannot be written.
        """
        if self._file is not None:
            self._file.sync()

    def close(self) -> None:
        """Complete the current file: its index is written, and it gets its final name."""
        if self._file is None or self._lock is None:
            return
        path, lines, self._lines = Path(self._file.path), self._lines, []
        self._file.close()
        self._file = None
        self._closed(*finish(path, lines))
        self._lock.release()
        self._lock = None
        _remove(_lock_path(path))


def acquire_lock(path: Path) -> FileLock | None:
    """The lock of a file that is written; None where another process holds it."""
    lock = FileLock(_lock_path(path), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock


def finish(path: Path, lines: Sequence[str]) -> tuple[Path, Path]:
    """Give a file its final name, and write its index first."""
    final = path.with_name(path.name.removesuffix(OPEN))
    index = index_path(final)
    cdxj.write(index, lines)
    path.replace(final)
    return final, index


def index_path(file: Path) -> Path:
    """The index of a file that is complete."""
    return file.with_name(f"{file.name.removesuffix(ENDING)}{cdxj.ENDING}")


def repair(folder: Path) -> list[tuple[Path, int]]:
    """Complete the files that killed runs left open: cut off an incomplete last record, and write their indexes.

    Args:
        folder: of the archive.

    Returns:
        The files, and how many bytes were cut off each.

    Raises:
        OSError: when a file cannot be written.
    """
    repaired = []
    for path in sorted(folder.glob(f"*{ENDING}{OPEN}")):
        lock = acquire_lock(path)
        if lock is None:  # its writer is alive
            continue
        try:
            if not path.exists():  # its writer has completed it in the meantime
                continue
            end = whole_bytes(path)
            torn = path.stat().st_size - end
            os.truncate(path, end)
            final, _ = finish(path, index_of(path))
            repaired.append((final, torn))
        finally:
            lock.release()
        _remove(_lock_path(path))
    return repaired


def whole_bytes(path: Path) -> int:
    """The total size of the complete gzip members at the start of a file, in bytes."""
    with path.open("rb") as file:
        return max(ends(file), default=0)


def index_of(path: Path) -> list[str]:
    """The lines of the index of a file."""
    name, captures, starts = path.name.removesuffix(OPEN), [], []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, parse_http=True):
            starts.append(record.stream_pos)
            kind = str(record.headers.get("WARC-Type"))
            if kind in cdxj.CAPTURES:
                http = record.http_headers
                member = Member(
                    id=str(record.record_id),
                    kind=kind,
                    url=str(record.headers.get("WARC-Target-URI")),
                    at=str(record.headers.get("WARC-Date")),
                    data=b"",
                    status=http.status_code if http is not None else None,
                    mime=((http.get("Content-Type") if http is not None else None) or "").partition(";")[0].strip(),
                    digest=str(record.headers.get("WARC-Payload-Digest")),
                )
                captures.append((member, len(starts) - 1))
    ends = [*starts[1:], path.stat().st_size]
    return [cdxj.to_line(capture, IndexPosition(name, starts[i], ends[i] - starts[i])) for capture, i in captures]


def _lock_path(path: Path) -> str:
    return f"{path}.lock"


def _remove(path: str) -> None:
    with suppress(OSError):
        Path(path).unlink()
