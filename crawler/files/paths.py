"""The local paths of outputs."""

from __future__ import annotations

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
