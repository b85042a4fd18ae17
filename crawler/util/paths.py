"""The local paths of outputs."""

from __future__ import annotations

from pathlib import Path

from w3lib.url import file_uri_to_path


def local_path(uri: str | Path) -> str | None:
    """The local path of a feed's URI; None for standard output and remote storages."""
    uri = str(uri)
    if uri.startswith("file:"):
        return file_uri_to_path(uri)
    return None if "://" in uri or uri.startswith("stdout:") or uri == "-" else uri
