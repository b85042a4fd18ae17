"""Local files of whole lines, plain or compressed: written, recovered after a crash, and read with line numbers.

Lines wait for :meth:`LineFile.sync`, which writes them together; once it has returned they are on disk. Each sync adds
one gzip member or zstd frame to a compressed file, so any reader can read it, and a crash damages only the last one.
"""

from __future__ import annotations

import errno
import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backports import zstd

OTHER_NAMES = frozenset((".csv", ".xml", ".json", ".pickle", ".marshal", ".parquet"))
"""File name extensions that promise another format than JSON Lines."""


class OutputError(OSError):
    """An output that cannot be written; the message has its name and the reason."""


def unwritable(path: str, error: OSError) -> OutputError:
    """The error that names an output and why it cannot be written."""
    return OutputError(f"cannot write {path}: {error.strerror}")


class LineFile:
    """A file of whole lines: a write that fails part-way is undone."""

    def __init__(self, path: str, *, overwrite: bool = False, is_grouped: bool = True) -> None:
        flags = os.O_RDWR | os.O_CREAT | (os.O_TRUNC if overwrite else 0)
        self.path = path
        self._fd = os.open(path, flags, 0o644)
        self._end = self._synced = os.lseek(self._fd, 0, os.SEEK_END)
        self._is_grouped = is_grouped
        self._waiting: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes) -> int:
        """Keep one line for the next sync; write it at once where lines are not grouped.

        Raises:
            OutputError: when it cannot be written; the file then ends after the previous line.
        """
        if self._is_grouped:
            self._waiting.append(data)
        else:
            self._append(self.pack([data]))
        return len(data)

    def pack(self, lines: list[bytes]) -> bytes:
        """The bytes that are written for some lines."""
        return b"".join(lines)

    def _append(self, data: bytes) -> None:
        done = 0
        try:
            while done < len(data):
                done += os.write(self._fd, data[done:])
        except OSError as error:
            self._end += self._whole_bytes(data[:done])
            self._truncate()
            raise unwritable(self.path, error) from error
        self._end += done

    def _whole_bytes(self, data: bytes) -> int:
        """Size in bytes of the whole lines in the data that was written."""
        return data.rfind(b"\n") + 1

    def _truncate(self) -> None:
        try:
            os.ftruncate(self._fd, self._end)
            os.lseek(self._fd, self._end, os.SEEK_SET)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ESPIPE):  # devices and pipes cannot be truncated
                raise

    def sync(self) -> int:
        """Write the waiting lines and sync them to disk.

        Returns:
            Bytes of the file that are on disk.

        Raises:
            OutputError: when the lines cannot be written; the file then ends after the last whole line.
        """
        if self._waiting:
            lines, self._waiting = self._waiting, []
            self._append(self.pack(lines))
        if self._synced != self._end:
            try:
                os.fsync(self._fd)
            except OSError as error:
                if error.errno not in (errno.EINVAL, errno.EROFS):  # devices and pipes cannot be synced
                    raise unwritable(self.path, error) from error
            self._synced = self._end
        return self._synced

    def restart(self) -> None:
        """Empty the file."""
        self._end = self._synced = 0
        self._truncate()

    def cut(self, offset: int) -> None:
        """Remove all bytes after an offset."""
        os.ftruncate(self._fd, offset)
        self._end = self._synced = os.lseek(self._fd, 0, os.SEEK_END)

    def recover(self, offset: int) -> list[bytes]:
        """The whole lines after an offset, from a run that was killed; an incomplete last line or frame is removed."""
        tail = self._read(offset)
        lines, size = self._split_whole_lines(tail)
        if size < len(tail):
            os.ftruncate(self._fd, offset + size)
        self._end = os.lseek(self._fd, 0, os.SEEK_END)
        return lines

    def _read(self, offset: int) -> bytes:
        parts = []
        while part := os.pread(self._fd, 1 << 20, offset):
            parts.append(part)
            offset += len(part)
        return b"".join(parts)

    def _split_whole_lines(self, tail: bytes) -> tuple[list[bytes], int]:
        """The whole lines of a tail, and the bytes they take."""
        size = tail.rfind(b"\n") + 1
        return tail[:size].splitlines(keepends=True), size

    def end_line(self) -> None:
        """Add a newline where another program left the last line without one."""
        if self._end and os.pread(self._fd, 1, self._end - 1) not in (b"\n", b""):
            self._append(b"\n")

    def tell(self) -> int:
        """Bytes of the file so far."""
        return self._end

    def flush(self) -> None:
        """Do nothing: lines wait for :meth:`sync`."""

    def close(self) -> None:
        """Sync and close the file."""
        if not self.is_closed:
            try:
                self.sync()
            finally:
                self.is_closed = True
                os.close(self._fd)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compression:
    """How lines are compressed: one independent frame per sync."""

    pack: Callable[[bytes], bytes]
    unpacker: Callable[[], Any]
    """Creates a decompressor of one frame, with ``decompress``, ``eof`` and ``unused_data`` as in :mod:`zlib`."""
    damage_error: type[Exception]
    """Raised for bytes that are not a valid frame."""
    open: Callable[[str], Any]
    """Opens a file for reading its decompressed content."""


COMPRESSIONS = {
    # RFC 1952, without a modification time: the same lines result in the same bytes
    ".gz": Compression(
        pack=lambda data: gzip.compress(data, mtime=0),
        unpacker=lambda: zlib.decompressobj(wbits=31),
        damage_error=zlib.error,
        open=gzip.open,
    ),
    # RFC 8878
    ".zst": Compression(
        pack=zstd.compress, unpacker=zstd.ZstdDecompressor, damage_error=zstd.ZstdError, open=zstd.open
    ),
}
"""Compressions by file name extension."""


class CompressedFile(LineFile):
    """A compressed file: one frame per sync."""

    def __init__(self, path: str, packing: Compression, *, overwrite: bool = False, is_grouped: bool = True) -> None:
        super().__init__(path, overwrite=overwrite, is_grouped=is_grouped)
        self._packing = packing

    def pack(self, lines: list[bytes]) -> bytes:
        """One frame."""
        return self._packing.pack(super().pack(lines))

    def end_line(self) -> None:
        """Do nothing: each frame ends with a whole line."""

    def _whole_bytes(self, data: bytes) -> int:
        return 0

    def _split_whole_lines(self, tail: bytes) -> tuple[list[bytes], int]:
        lines, size = [], 0
        while size < len(tail):
            data, length = self._frame(tail[size:])
            if not length:
                break
            lines += data.splitlines(keepends=True)
            size += length
        return lines, size

    def _frame(self, tail: bytes) -> tuple[bytes, int]:
        """The content of the first frame, and its length in bytes; 0 where it is incomplete."""
        frame = self._packing.unpacker()
        try:
            data = frame.decompress(tail)
        except self._packing.damage_error:
            return b"", 0
        return data, len(tail) - len(frame.unused_data) if frame.eof else 0


def open_lines(path: str, *, overwrite: bool = False, is_grouped: bool = True) -> LineFile:
    """The file at a path, compressed according to its extension."""
    packing = COMPRESSIONS.get(Path(path).suffix)
    if packing is None:
        return LineFile(path, overwrite=overwrite, is_grouped=is_grouped)
    return CompressedFile(path, packing, overwrite=overwrite, is_grouped=is_grouped)


class DamagedLineError(ValueError):
    """Raised where a file cannot be decompressed any further: damaged, or torn by the end of a process."""

    def __init__(self, error: Exception, number: int) -> None:
        super().__init__(str(error))
        self.number = number
        """Of the first line that cannot be read, from 1."""


def json_lines(path: str | Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers, from 1; decompressed according to its extension, not decoded.

    Raises:
        OSError: when it cannot be read.
        DamagedLineError: after the last line that can be decompressed.
    """
    number, packing = 0, COMPRESSIONS.get(Path(path).suffix)
    try:
        with packing.open(str(path)) if packing is not None else Path(path).open("rb") as lines:
            for number, line in enumerate(lines, 1):
                yield number, line
    except (EOFError, zlib.error, zstd.ZstdError) as error:
        raise DamagedLineError(error, number + 1) from error
