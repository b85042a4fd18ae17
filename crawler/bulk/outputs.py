"""The output folder of a bulk job: for each shard its articles, its rejections, and a marker once both are whole.

Files appear whole or not at all: on disk they are written beside and renamed, elsewhere they are put in one piece.
"""

from __future__ import annotations

import glob
import gzip
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from crawler.bulk.account import Account
from crawler.warc.shards import ENDINGS, file_system

LINES, REJECTIONS, DONE, HELD = ".jsonl.gz", ".rejections.jsonl.gz", ".done.json", ".held"
"""Ends of the names of a shard's files."""

PART = ".part"


@dataclass(frozen=True, slots=True)
class Marker:
    """What is known of a shard that is done."""

    account: Account
    cleaner: str
    knowledge: str
    """Mark of the options and site rules with which it was cleaned."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on disk, or a prefix that fsspec knows."""

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
        """A file that gets its name when all of it is written.

        Raises:
            OSError: when it cannot be written; of other places what their file systems raise.
        """
        folder = Path(self.place) if self.is_local else Path(tempfile.gettempdir())
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{name}.{os.getpid()}{PART}"
        try:
            with part.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if self.is_local:
                part.replace(self.path(name))
            else:
                file_system(self.place).put_file(str(part), self.path(name))
        finally:
            part.unlink(missing_ok=True)

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
            file_system(self.place).rm_file(self.path(name))

    def marker(self, name: str) -> Marker | None:
        """The marker of a shard; None where it is not done, or the marker cannot be read."""
        data = self.read(f"{name}{DONE}")
        try:
            values: dict[str, Any] = json.loads(data or b"null") or {}
            return Marker(Account.of_values(values["account"]), str(values["cleaner"]), str(values["knowledge"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def mark(self, name: str, shard: str, marker: Marker) -> None:
        """Write the marker of a shard; what a worker left unfinished that was lost is removed."""
        if self.is_local:
            for part in Path(self.place).glob(f".{glob.escape(name)}.*{PART}"):
                part.unlink(missing_ok=True)
        values = {
            "shard": shard,
            "cleaner": marker.cleaner,
            "knowledge": marker.knowledge,
            "account": marker.account.to_values(),
        }
        self.write(f"{name}{DONE}", json.dumps(values, indent=1).encode())


@contextmanager
def packed(file: IO[bytes]) -> Iterator[gzip.GzipFile]:
    """A gzip stream in a file; the same lines give the same bytes."""
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6) as stream:
        yield stream


def names_of(shards: list[str]) -> dict[str, str]:
    """The name of each shard's files: that of the shard, with a hash of its place where several have it."""
    short = {shard: _stem(shard) for shard in shards}
    names = list(short.values())
    return {
        shard: name if names.count(name) == 1 else f"{name}-{blake2b(shard.encode(), digest_size=4).hexdigest()}"
        for shard, name in short.items()
    }


def _stem(shard: str) -> str:
    name = shard.partition("?")[0].rstrip("/").rpartition("/")[2]
    ending = next((one for one in sorted(ENDINGS, key=len, reverse=True) if name.lower().endswith(one)), "")
    return name[: len(name) - len(ending)]
