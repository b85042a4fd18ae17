"""Reading of JSON Lines, plain or compressed, with the numbers of their lines."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

from backports import zstd

from crawler.files.line_files import COMPRESSIONS


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
