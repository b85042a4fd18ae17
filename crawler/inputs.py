"""Pages on disk: HTML files, folders of them, standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from cleaners.types import Page, Rejection

ENDINGS = (".html", ".htm", ".xhtml", ".shtml", ".mhtml")
"""Files of a folder that are pages; a file that is named is read whatever its ending."""


class InputError(ValueError):
    """An input that is not there; the message names it."""


def entries(paths: Sequence[str], *, url: str | None = None) -> Iterator[Page | Rejection]:
    """The pages of all paths, in the order given, folders in the order of their names.

    A file that cannot be read is a rejection of stage ``read``: the others are cleaned all the same.

    Raises:
        InputError: at once, when a path does not exist, or an address is given for several pages.
    """
    for path in paths:
        if path != "-" and not Path(path).exists():
            raise InputError(f"{path}: no such file or folder")
    if url and (len(paths) > 1 or Path(paths[0]).is_dir()):
        raise InputError("--url names the address of one page; give one file, or -")
    return (entry for path in paths for entry in _entries(path, url))


def _entries(path: str, url: str | None) -> Iterator[Page | Rejection]:
    if path == "-":
        yield Page(url=url or "file:///dev/stdin", body=sys.stdin.buffer.read(), source="-")
    elif Path(path).is_dir():
        for folder, folders, files in os.walk(path):
            folders.sort()
            yield from (read(Path(folder) / name, None) for name in sorted(files) if name.lower().endswith(ENDINGS))
    else:
        yield read(Path(path), url)


def read(path: Path, url: str | None) -> Page | Rejection:
    """One file as a page; as a rejection when it cannot be read."""
    address = url or path.absolute().as_uri()
    try:
        return Page(url=address, body=path.read_bytes(), source=str(path))
    except OSError as error:
        return Rejection(
            url=address, stage="read", reason="unreadable", detail=f"{path}: {error.strerror}", fetched_at=None
        )
