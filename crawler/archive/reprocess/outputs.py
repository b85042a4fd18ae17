"""The output folder of a bulk job: for each shard its articles, its rejections, and a marker once both are whole.

Files appear complete or not at all: local ones are renamed from a temporary file, remote ones uploaded in one call.
"""

from __future__ import annotations

import errno
import glob
import gzip
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, cast

from crawler.archive.reprocess.account import Account
from crawler.files.atomic import PART, replacing
from crawler.files.location import ENDINGS, Shard, ShardError, file_system

LINES, REJECTIONS, DONE, FIRST_PASS_SUFFIX = ".jsonl.gz", ".rejections.jsonl.gz", ".done.json", ".held"
"""Suffixes of the names of a shard's files."""


@contextmanager
def as_os_error(place: str) -> Iterator[None]:
    """Convert the errors of a remote file system to OSError: each has its own exception classes."""
    try:
        yield
    except (OSError, ShardError):
        raise
    except Exception as error:
        raise OSError(errno.EIO, f"{place}: {error or type(error).__name__}") from error


@dataclass(frozen=True, slots=True)
class Marker:
    """The account and the settings of a shard that is completely cleaned."""

    shard: str
    account: Account
    cleaner: str
    knowledge: str
    """Hash of the options and site rules with which it was cleaned."""
    since: int | None = None
    """Pages that this version of the rules or a later one cleaned were skipped; None when no page was."""
    is_own: bool = False
    """True for the archive of a crawl of Copydesk."""
    is_settled: bool = False
    """True where its articles are in no other shard of the archive."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A local folder, or a URL prefix that fsspec supports."""

    place: str
    """Without a final slash."""

    @property
    def is_local(self) -> bool:
        """True for a folder on disk."""
        return "://" not in self.place

    def path(self, name: str) -> str:
        """The path of a file."""
        return f"{self.place}/{name}"

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """Open a temporary file that gets its final name when it is complete.

        Raises:
            OSError: when it cannot be written.
        """
        if self.is_local:
            Path(self.place).mkdir(parents=True, exist_ok=True)
            with replacing(self.path(name)) as file:
                yield file
            return
        with tempfile.NamedTemporaryFile(prefix=f".{name}.", suffix=PART) as part:
            yield cast("IO[bytes]", part)
            part.flush()
            with as_os_error(self.place):
                file_system(self.place).put_file(part.name, self.path(name))

    def write(self, name: str, data: bytes) -> None:
        """Write a whole file."""
        with self.writing(name) as file:
            file.write(data)

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none.

        Raises:
            OSError: when it cannot be read.
        """
        try:
            if self.is_local:
                return Path(self.path(name)).read_bytes()
            with as_os_error(self.place):
                system = file_system(self.place)
                system.invalidate_cache()
                return bytes(system.cat_file(self.path(name)))
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Remove a file, where there is one."""
        if self.is_local:
            Path(self.path(name)).unlink(missing_ok=True)
        elif self.read(name) is not None:
            with as_os_error(self.place):
                file_system(self.place).rm_file(self.path(name))

    def marker(self, name: str) -> Marker | None:
        """The marker of a shard; None where it is not done, or the marker cannot be read."""
        data = self.read(f"{name}{DONE}")
        try:
            values: dict[str, Any] = json.loads(data or b"null") or {}
            return Marker(
                shard=str(values["shard"]),
                account=Account.of_values(values["account"]),
                cleaner=str(values["cleaner"]),
                knowledge=str(values["knowledge"]),
                since=values.get("since"),
                is_own=values.get("own") is True,
                is_settled=values.get("settled") is True,
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def remove_marker(self, name: str) -> None:
        """Remove the marker of a shard, so that it is cleaned again."""
        self.remove(f"{name}{DONE}")

    def mark(self, name: str, marker: Marker) -> None:
        """Write the marker of a shard, and remove the unfinished files of lost workers."""
        if self.is_local:
            for end in (LINES, REJECTIONS, FIRST_PASS_SUFFIX, f"{FIRST_PASS_SUFFIX}.json", DONE):
                for part in Path(self.place).glob(f".{glob.escape(name + end)}.*{PART}"):
                    part.unlink(missing_ok=True)
        values = {
            "shard": marker.shard,
            "cleaner": marker.cleaner,
            "knowledge": marker.knowledge,
            "since": marker.since,
            "own": marker.is_own,
            "settled": marker.is_settled,
            "account": marker.account.to_values(),
        }
        self.write(f"{name}{DONE}", json.dumps(values, indent=1).encode())


@contextmanager
def open_gzip(file: IO[bytes]) -> Iterator[gzip.GzipFile]:
    """A gzip stream in a file; the same lines give the same bytes."""
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6) as stream:
        yield stream


def name_of(shard: Shard) -> str:
    """Base name of a shard's files: the shard's name and a hash of its URI, since several shards may have one name."""
    name = shard.name.partition("?")[0].rstrip("/").rpartition("/")[2]
    ending = next((suffix for suffix in sorted(ENDINGS, key=len, reverse=True) if name.lower().endswith(suffix)), "")
    return f"{name[: len(name) - len(ending)]}-{blake2b(shard.uri.encode(), digest_size=4).hexdigest()}"
