"""The files of archives, wherever they are: on disk, or at a URL that fsspec knows (``s3://``, ``https://`` …)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

ENDINGS = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")
"""File name endings of WARC files (ISO 28500, annex C; the others are common practice)."""

READ_ERRORS = (OSError, EOFError, ValueError, TimeoutError)
"""What reading a damaged or vanished file raises."""


class ShardError(ValueError):
    """A file or place that cannot be read; the message names it, what is wrong and the remedy."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A WARC file."""

    name: str
    """Its path or URL, as records name it."""

    @property
    def is_local(self) -> bool:
        """True for a file on disk."""
        return "://" not in self.name

    @property
    def uri(self) -> str:
        """Its URL; ``file:`` for a file on disk."""
        return Path(self.name).absolute().as_uri() if self.is_local else self.name

    @property
    def file(self) -> str:
        """The name of the file, without its folder."""
        return self.name.rpartition("/")[2]

    def open(self) -> IO[bytes]:
        """Open it.

        Raises:
            OSError, ShardError: when it cannot be opened.
        """
        if self.is_local:
            return Path(self.name).open("rb")
        return cast("IO[bytes]", file_system(self.name).open(self.name, "rb"))


def file_system(url: str) -> Any:
    """The file system of a URL, by fsspec.

    Raises:
        ShardError: naming a scheme that is not known, or a package that is missing.
    """
    import fsspec  # noqa: PLC0415  only for what is not local

    try:
        return fsspec.core.url_to_fs(url)[0]
    except (ValueError, ImportError) as error:
        raise ShardError(f"{url}: {error}") from error


def is_warc(name: str) -> bool:
    """True for the name of a WARC file."""
    return name.lower().endswith(ENDINGS)


def find_shards(places: Sequence[str]) -> Iterator[Shard]:
    """The WARC files of some places, by name; of a folder those below it, too.

    Args:
        places: files, folders or URLs.

    Raises:
        ShardError: for a place that does not exist or holds no WARC file.
    """
    for place in places:
        found = list(_of_url(place) if "://" in place else _of_path(place))
        if not found:
            raise ShardError(f"{place}: no WARC file: expected {', '.join(ENDINGS)}, or a folder that has some")
        yield from found


def _of_path(place: str) -> Iterator[Shard]:
    path = Path(place)
    if not path.exists():
        raise ShardError(f"{place}: no such file or folder")
    if not path.is_dir():
        yield Shard(place)
        return
    yield from (Shard(str(one)) for one in sorted(path.rglob("*")) if is_warc(one.name))


def _of_url(place: str) -> Iterator[Shard]:
    if is_warc(place.partition("?")[0]):
        yield Shard(place)
        return
    system = file_system(place)
    try:
        names = sorted(system.find(place))
    except (OSError, ValueError) as error:
        raise ShardError(f"{place}: cannot be listed: {error}") from error
    yield from (Shard(system.unstrip_protocol(name)) for name in names if is_warc(name))
