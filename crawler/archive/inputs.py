"""Pages on disk: HTML files, WARC files, folders of them, and standard input.

Only one page at a time is in memory.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path

from cleaners.options import DEFAULT
from cleaners.types import Page, Reason, Rejection, Stage
from cleaners.urls.resolve import resolve_url
from crawler.files.location import ENDINGS as WARC_ENDINGS
from crawler.files.location import Location, ShardError, find_shards, is_warc
from crawler.files.warc.reader import Entry, FileStart
from crawler.files.warc.reader import entries as warc_entries

ENDINGS = (".html", ".htm", ".xhtml", ".shtml")
"""Extensions of a folder's files that are read as pages, besides WARC files. A file that the user names is always
read."""

MAX_INPUT_BYTES = DEFAULT.max_bytes + 1
"""Bytes read of one input: one more than a page may have, so that the cleaner rejects a larger one."""


class InputError(ValueError):
    """An input that does not exist, or a URL that does not fit the inputs; the message names it."""


ReadShard = Callable[[Location], Iterator[Entry]]


def entries(paths: Sequence[str], *, url: str | None = None) -> Iterator[Page | Rejection]:
    """The pages of all paths, in the order of the paths; of a folder in the order of the file names.

    A file that cannot be read becomes a rejection of stage ``read``; the other files are still cleaned.

    Raises:
        InputError: at once, when a path does not exist, or when ``url`` is not http or https or comes with several
            pages.
    """
    return (entry for entry in records(paths, url=url) if isinstance(entry, Page | Rejection))


def records(paths: Sequence[str], *, url: str | None = None, read_shard: ReadShard = warc_entries) -> Iterator[Entry]:
    """The entries of all paths: pages as in :func:`entries`, and the other entries of WARC files.

    Args:
        paths: files, folders, ``-`` for standard input, and URLs of WARC files or of folders of them.
        url: the URL of the page, where the input is one page that does not contain its URL.
        read_shard: reads a WARC file.

    Raises:
        InputError: as :func:`entries`.
    """
    for path in paths:
        if path != "-" and "://" not in path and not Path(path).exists():
            raise InputError(f"{path}: no such file or folder")
    if url and (len(paths) > 1 or Path(paths[0]).is_dir()):
        raise InputError("--url names the URL of one page; give one file, or -")
    if url and resolve_url("", url) is None:
        raise InputError(f"--url {url}: expected an http or https URL")
    try:
        remote = {path: list(find_shards([path])) for path in paths if "://" in path}
    except ShardError as error:
        raise InputError(str(error)) from error
    return chain.from_iterable(
        chain.from_iterable(map(read_shard, remote[path])) if path in remote else _of(path, url, read_shard)
        for path in paths
    )


def _of(path: str, url: str | None, read_shard: ReadShard) -> Iterator[Entry]:
    """The entries of a file or folder on disk, or of standard input."""
    if path == "-":
        yield FileStart(is_own=False)
        yield Page(url=url or "file:///dev/stdin", body=sys.stdin.buffer.read(MAX_INPUT_BYTES), source="-")
    elif Path(path).is_dir():
        yield from _of_folder(Path(path), read_shard)
    else:
        yield from _of_file(Path(path), url, read_shard)


def _of_folder(folder: Path, read_shard: ReadShard) -> Iterator[Entry]:
    """The files of a folder in the order of their names, then those of its folders.

    A folder that cannot be listed becomes a rejection.
    """
    try:
        names = _list(folder)
    except OSError as error:
        yield unreadable(folder, None, error)
        return
    with closing(names):
        for is_folder, name in names.execute("SELECT is_folder, name FROM names ORDER BY is_folder, name"):
            path = folder / os.fsdecode(name)
            if is_folder:
                yield from _of_folder(path, read_shard)
            elif path.name.lower().endswith((*ENDINGS, *WARC_ENDINGS)):
                yield from _of_file(path, None, read_shard)


def _list(folder: Path) -> sqlite3.Connection:
    """The names in a folder, in a temporary SQLite database, which moves to disk if there are many.

    Raises:
        OSError: when it cannot be listed.
    """
    names = sqlite3.connect("")  # a temporary file that SQLite creates when its cache is full, and removes
    names.execute("CREATE TABLE names (is_folder INTEGER, name BLOB, PRIMARY KEY (is_folder, name)) WITHOUT ROWID")
    with os.scandir(folder) as dir_entries:
        rows = ((entry.is_dir(follow_symlinks=False), os.fsencode(entry.name)) for entry in dir_entries)
        names.executemany("INSERT INTO names VALUES (?, ?)", rows)
    return names


def _of_file(path: Path, url: str | None, read_shard: ReadShard) -> Iterator[Entry]:
    if is_warc(path.name):
        yield from read_shard(Location(str(path)))
    else:
        yield FileStart(is_own=False)
        yield read(path, url)


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
