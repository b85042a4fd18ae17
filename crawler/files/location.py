"""Files and folders on disk, or at a URL that fsspec can open (``s3://``, ``https://`` …), and archives in them."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, Self, cast

from crawler.files.atomic import PART, replacing

ENDINGS = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")
"""File name endings of WARC files (ISO 28500, annex C; the others are common practice)."""

READ_ERRORS = (OSError, EOFError, ValueError, TimeoutError)
"""What reading a damaged or vanished file raises."""


class ShardError(ValueError):
    """A file or place that cannot be read; the message names it, what is wrong and the remedy."""


class ShardUnavailable(Exception):
    """A file that can no longer be read because its server or disk is not available. A later attempt may succeed.

    It is not an ``OSError``: those stand for permanent damage, which becomes a rejection.
    """


class RemoteFile:
    """A file that is not on this disk; whatever goes wrong while it is read is a :class:`ShardUnavailable`."""

    def __init__(self, name: str, file: Any) -> None:
        self._name, self._file = name, file

    def read(self, size: int = -1) -> bytes:
        """Read some bytes.

        Raises:
            ShardUnavailable: when the server does not give them.
        """
        with _errors_as(ShardUnavailable, f"{self._name}: cannot be read"):
            return bytes(self._file.read(size))

    def tell(self) -> int:
        """The position: fastwarc asks for it."""
        return int(self._file.tell())

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a position."""
        return int(self._file.seek(offset, whence))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


BLOCK = 5 << 20
"""Bytes that are requested at a time. A file of 51 MB on S3 takes 1.3 s so, with the 50 MB of s3fs 4.2 s, with 1 MB
7.5 s."""


@dataclass(frozen=True, slots=True)
class Location:
    """A file or a folder: on disk, or at a URL that fsspec can open.

    A file appears whole or not at all: one on disk is renamed from a temporary file, another one uploaded in one call.
    """

    name: str
    """Its path or URL, as records name it, without a final slash."""

    @property
    def is_local(self) -> bool:
        """True for a file or folder on disk."""
        return "://" not in self.name

    @property
    def uri(self) -> str:
        """Its URL; ``file:`` for one on disk."""
        return Path(self.name).absolute().as_uri() if self.is_local else self.name

    def check(self) -> None:
        """Accept a URL that fsspec can open.

        Raises:
            ShardError: naming a scheme that is not known, or a package that is missing.
        """
        _file_system(self.name)

    def path(self, name: str) -> str:
        """The path or URL of a file of the folder."""
        return f"{self.name}/{name}"

    def open(self) -> IO[bytes]:
        """Open the file.

        Raises:
            OSError, ShardError: when it cannot be opened.
            ShardUnavailable: when its server cannot be reached.
        """
        if self.is_local:
            return Path(self.name).open("rb")
        with _errors_as(ShardUnavailable, f"{self.name}: cannot be opened", unless=(ShardError, FileNotFoundError)):
            file = _file_system(self.name).open(self.name, "rb", block_size=BLOCK, cache_type="background")
        return cast("IO[bytes]", RemoteFile(self.name, file))

    def read(self, name: str) -> bytes | None:
        """The content of a file of the folder; None where there is none.

        Raises:
            OSError: when it cannot be read.
        """
        try:
            if self.is_local:
                return Path(self.path(name)).read_bytes()
            with self._errors_as_os_error():
                system = _file_system(self.name)
                system.invalidate_cache()
                return bytes(system.cat_file(self.path(name)))
        except FileNotFoundError:
            return None

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """Open a temporary file that replaces a file of the folder when it is complete.

        Raises:
            OSError: when it cannot be written.
        """
        if self.is_local:
            Path(self.name).mkdir(parents=True, exist_ok=True)
            with replacing(self.path(name)) as file:
                yield file
            return
        with tempfile.NamedTemporaryFile(prefix=f".{name}.", suffix=PART) as part:
            yield cast("IO[bytes]", part)
            part.flush()
            with self._errors_as_os_error():
                self.upload(Path(part.name), name)

    def write(self, name: str, data: bytes) -> None:
        """Write a whole file of the folder."""
        with self.writing(name) as file:
            file.write(data)

    def upload(self, path: Path, name: str) -> None:
        """Copy a file on disk into the folder, which is not on disk; each file system has errors of its own."""
        _file_system(self.name).put_file(str(path), self.path(name))

    def remove(self, name: str) -> None:
        """Remove a file of the folder, where there is one."""
        if self.is_local:
            Path(self.path(name)).unlink(missing_ok=True)
        elif self.read(name) is not None:
            with self._errors_as_os_error():
                _file_system(self.name).rm_file(self.path(name))

    def _errors_as_os_error(self) -> AbstractContextManager[None]:
        return _errors_as(partial(OSError, errno.EIO), self.name, unless=(OSError, ShardError))


@contextmanager
def _errors_as(
    kind: Callable[[str], Exception], message: str, *, unless: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """Convert the errors of a remote file system: each has exception classes of its own."""
    try:
        yield
    except unless:
        raise
    except Exception as error:
        raise kind(f"{message}: {error or type(error).__name__}") from error


def _file_system(url: str) -> Any:
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


def find_shards(places: Sequence[str]) -> Iterator[Location]:
    """The WARC files at some places, sorted by name within a folder; its subfolders are included.

    Args:
        places: files, folders or URLs.

    Raises:
        ShardError: for a place that does not exist or holds no WARC file.
    """
    for place in places:
        shards = list(_of_url(place) if "://" in place else _of_path(place))
        if not shards:
            raise ShardError(f"{place}: no WARC file: expected {', '.join(ENDINGS)}, or a folder that has some")
        yield from shards


def _of_path(place: str) -> Iterator[Location]:
    path = Path(place)
    if not path.exists():
        raise ShardError(f"{place}: no such file or folder")
    if not path.is_dir():
        yield Location(place)
        return
    yield from (Location(str(child)) for child in sorted(path.rglob("*")) if is_warc(child.name))


def _of_url(place: str) -> Iterator[Location]:
    if is_warc(place.partition("?")[0]):
        yield Location(place)
        return
    system = _file_system(place)
    with _errors_as(ShardError, f"{place}: cannot be listed"):
        names = sorted(system.find(place))
    yield from (Location(system.unstrip_protocol(name)) for name in names if is_warc(name))
