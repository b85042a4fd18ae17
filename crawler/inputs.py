"""Pages on disk: HTML files, folders of them, standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from cleaners.addresses import absolute
from cleaners.options import DEFAULT
from cleaners.types import Page, Rejection

ENDINGS = (".html", ".htm", ".xhtml", ".shtml")
"""Files of a folder that are pages; a file that is named is read whatever its ending."""


MOST_BYTES = DEFAULT.max_bytes + 1
"""Bytes read of one input: one more than a page may have, so that the cleaner refuses what is larger."""


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
    if url and absolute("", url) is None:
        raise InputError(f"--url {url}: expected an http or https address")
    return (entry for path in paths for entry in _entries(path, url))


def _entries(path: str, url: str | None) -> Iterator[Page | Rejection]:
    if path == "-":
        yield Page(url=url or "file:///dev/stdin", body=sys.stdin.buffer.read(MOST_BYTES), source="-")
    elif Path(path).is_dir():
        failed: list[OSError] = []
        for folder, folders, files in os.walk(path, onerror=failed.append):
            folders.sort()
            yield from (read(Path(folder) / name, None) for name in sorted(files) if name.lower().endswith(ENDINGS))
        yield from (unreadable(Path(error.filename), None, error) for error in failed)
    else:
        yield read(Path(path), url)


def read(path: Path, url: str | None) -> Page | Rejection:
    """One file as a page; as a rejection when it cannot be read."""
    try:
        with path.open("rb") as file:
            return Page(url=url or path.absolute().as_uri(), body=file.read(MOST_BYTES), source=str(path))
    except OSError as error:
        return unreadable(path, url, error)


def unreadable(path: Path, url: str | None, error: OSError) -> Rejection:
    """What could not be read, as data."""
    detail = f"{path}: {error.strerror}"
    return Rejection(
        url=url or path.absolute().as_uri(), stage="read", reason="unreadable", detail=detail, fetched_at=None
    )
