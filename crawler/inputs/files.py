"""Pages on disk: HTML files, WARC files, folders of them, and standard input.

Only one page at a time is in memory.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from cleaners.options import DEFAULT
from cleaners.types import Page, Reason, Rejection, Stage
from cleaners.urls.resolve import resolve_url
from crawler.warc.read import pages
from crawler.warc.shards import ENDINGS as WARC_ENDINGS
from crawler.warc.shards import Shard, is_warc

ENDINGS = (".html", ".htm", ".xhtml", ".shtml")
"""Extensions of a folder's files that are read as pages, besides WARC files. A file that the user names is always
read."""

MAX_INPUT_BYTES = DEFAULT.max_bytes + 1
"""Bytes read of one input: one more than a page may have, so that the cleaner rejects a larger one."""


class InputError(ValueError):
    """An input that does not exist, or a URL that does not fit the inputs; the message names it."""


def entries(paths: Sequence[str], *, url: str | None = None) -> Iterator[Page | Rejection]:
    """The pages of all paths, in the order of the paths; of a folder in the order of the file names.

    A file that cannot be read becomes a rejection of stage ``read``; the other files are still cleaned.

    Raises:
        InputError: at once, when a path does not exist, or when ``url`` is not http or https or comes with several
            pages.
    """
    for path in paths:
        if path != "-" and not Path(path).exists():
            raise InputError(f"{path}: no such file or folder")
    if url and (len(paths) > 1 or Path(paths[0]).is_dir()):
        raise InputError("--url names the URL of one page; give one file, or -")
    if url and resolve_url("", url) is None:
        raise InputError(f"--url {url}: expected an http or https URL")
    return (entry for path in paths for entry in _entries(path, url))


def _entries(path: str, url: str | None) -> Iterator[Page | Rejection]:
    if path == "-":
        yield Page(url=url or "file:///dev/stdin", body=sys.stdin.buffer.read(MAX_INPUT_BYTES), source="-")
    elif Path(path).is_dir():
        yield from _of_folder(Path(path))
    else:
        yield from _of_file(Path(path), url)


def _of_folder(folder: Path) -> Iterator[Page | Rejection]:
    """The files of a folder in the order of their names, then those of its folders.

    A folder that cannot be listed becomes a rejection.
    """
    try:
        names = Names(folder)
    except OSError as error:
        yield unreadable(folder, None, error)
        return
    with names:
        for name in names.files():
            if name.lower().endswith((*ENDINGS, *WARC_ENDINGS)):
                yield from _of_file(folder / name, None)
        for name in names.folders():
            yield from _of_folder(folder / name)


def _of_file(path: Path, url: str | None) -> Iterator[Page | Rejection]:
    if is_warc(path.name):
        yield from pages(Shard(str(path)))
    else:
        yield read(path, url)


class Names:
    """The names of a folder's entries, sorted; SQLite keeps them in a file on disk where there are many."""

    def __init__(self, folder: Path) -> None:
        self._known = sqlite3.connect("")  # a temporary file that SQLite creates when its cache is full, and removes
        self._known.execute(
            "CREATE TABLE names (is_folder INTEGER, name BLOB, PRIMARY KEY (is_folder, name)) WITHOUT ROWID"
        )
        with os.scandir(folder) as found:
            self._known.executemany(
                "INSERT INTO names VALUES (?, ?)",
                ((e.is_dir(follow_symlinks=False), os.fsencode(e.name)) for e in found),
            )

    def files(self) -> Iterator[str]:
        """Names of the entries that are not folders."""
        return self._sorted(0)

    def folders(self) -> Iterator[str]:
        """Names of folders."""
        return self._sorted(1)

    def _sorted(self, is_folder: int) -> Iterator[str]:
        found = self._known.execute("SELECT name FROM names WHERE is_folder = ? ORDER BY name", (is_folder,))
        return (os.fsdecode(name) for (name,) in found)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._known.close()


def read(path: Path, url: str | None) -> Page | Rejection:
    """One file as a page; as a rejection when it cannot be read."""
    try:
        with path.open("rb") as file:
            return Page(url=url or path.absolute().as_uri(), body=file.read(MAX_INPUT_BYTES), source=str(path))
    except OSError as error:
        return unreadable(path, url, error)


def unreadable(path: Path, url: str | None, error: OSError) -> Rejection:
    """The rejection of an input that could not be read."""
    detail = f"{path}: {error.strerror}"
    return Rejection(
        url=url or path.absolute().as_uri(), stage=Stage.READ, reason=Reason.UNREADABLE, detail=detail, fetched_at=None
    )
