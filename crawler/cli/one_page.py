"""One page on disk: a file, a record of a WARC file, or the page of a fixture directory."""

from __future__ import annotations

from pathlib import Path

from cleaners.types import Page, Rejection
from crawler.archive import inputs as files
from crawler.files.location import Location
from crawler.files.warc.reader import pages
from crawler.quality.labelled import ABOUT, PAGE, read_page


def exists(name: str) -> bool:
    """True for the path of something that exists; False also for a name that no path can have."""
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False


def is_file(name: str) -> bool:
    """True for the path of a file; False also for a name that no path can have."""
    return exists(name) and Path(name).is_file()


def is_on_disk(name: str) -> bool:
    """True for a path on disk, a ``FILE#RECORD-ID`` whose file exists, or ``-`` for standard input."""
    return name == "-" or ("://" not in name and (exists(name) or is_file(name.partition("#")[0])))


def read_single_page(name: str, url: str | None = None) -> Page:
    """The page of a file, of a WARC record (``FILE#RECORD-ID``), or of a fixture directory.

    Args:
        name: as the user gave it.
        url: the page's URL, where it does not name its own.

    Raises:
        InputError: when it cannot be read, or holds no page or several.
    """
    path, _, record = name.partition("#")
    if not exists(name) and record:
        return _only(name, [page for page in pages(Location(path)) if getattr(page, "source", None) == name])
    folder = Path(name)
    if (folder / ABOUT).is_file() and (folder / PAGE).is_file():
        return read_page(folder)
    entries = []
    for entry in files.entries([name], url=url):
        entries.append(entry)
        if len(entries) > 1:
            break
    return _only(name, entries)


def _only(name: str, entries: list[Page | Rejection]) -> Page:
    if not entries:
        raise files.InputError(f"{name}: holds no page")
    if len(entries) > 1:
        first = getattr(entries[0], "source", None) or entries[0].url
        raise files.InputError(f"{name}: holds several pages; name one, for example {first}")
    if isinstance(entries[0], Rejection):
        raise files.InputError(entries[0].detail)
    return entries[0]
