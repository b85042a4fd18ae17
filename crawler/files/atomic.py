"""Files that appear whole or not at all: a reader sees the old one or the new one, also after a power failure."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import IO

PART = ".part"
"""Suffix of a temporary file; a process that is killed leaves it."""


@contextmanager
def replacing(path: str | Path) -> Iterator[IO[bytes]]:
    """Open a temporary file beside a path, which replaces the file there at the end; on any error it is removed.

    Raises:
        OSError: when it cannot be written.
    """
    with open_part(path) as part:
        try:
            yield part
            put_in_place(part, path)
        finally:
            Path(part.name).unlink(missing_ok=True)


def replace_file(path: Path, data: bytes) -> None:
    """Replace a file.

    Raises:
        OSError: when it cannot be written.
    """
    with replacing(path) as file:
        file.write(data)


def open_part(path: str | Path) -> IO[bytes]:
    """Create a temporary file beside a path, for :func:`put_in_place`.

    Raises:
        OSError: when it cannot be created.
    """
    target = Path(path)
    if not target.name:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    return target.with_name(f".{target.name}.{token_hex(4)}{PART}").open("xb")


def put_in_place(part: IO[bytes], path: str | Path) -> None:
    """Sync a temporary file to disk, and rename it.

    Raises:
        OSError: when it cannot be written, or there can be no file with that name.
    """
    part.flush()
    os.fsync(part.fileno())
    Path(part.name).replace(path)
