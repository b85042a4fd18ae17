"""The local paths of outputs, and files that are replaced."""

from __future__ import annotations

import os
from pathlib import Path

from scrapy.exceptions import NotConfigured
from scrapy.utils.project import data_path
from w3lib.url import file_uri_to_path


def local_path(uri: str | Path) -> str | None:
    """The local path of a feed's URI; None for standard output and remote storages."""
    uri = str(uri)
    if uri.startswith("file:"):
        return file_uri_to_path(uri)
    return None if "://" in uri or uri.startswith("stdout:") or uri == "-" else uri


def in_data_folder(path: str) -> str:
    """A path in the project's data folder; without a ``scrapy.cfg`` that is ``.scrapy`` in the current folder."""
    try:
        return data_path(path)
    except NotConfigured:
        return str(Path(".scrapy", path))


def replace_file(path: Path, data: bytes) -> None:
    """Replace a file atomically: a reader sees either the old one or the new one, also after a power failure.

    Raises:
        OSError: when it cannot be written.
    """
    part = Path(f"{path}.{os.getpid()}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def put_in_place(part: str, path: str) -> None:
    """Rename a temporary file, with the usual permissions: only its owner may read a temporary file.

    Raises:
        OSError: when there can be no file with that name.
    """
    mask = os.umask(0)
    os.umask(mask)
    Path(part).chmod(0o666 & ~mask)
    Path(part).replace(path)
