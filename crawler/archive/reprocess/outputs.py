"""The output folder of a bulk job: for each shard its articles, its rejections, and a marker once both are whole."""

from __future__ import annotations

import glob
import gzip
import json
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from crawler.archive.reprocess.account import Account
from crawler.files.atomic import PART
from crawler.files.location import ENDINGS, Location

LINES, REJECTIONS, DONE, FIRST_PASS_SUFFIX = ".jsonl.gz", ".rejections.jsonl.gz", ".done.json", ".held"
"""Suffixes of the names of a shard's files."""


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


def read_marker(output: Location, name: str) -> Marker | None:
    """The marker of a shard; None where it is not done, or the marker cannot be read."""
    data = output.read(f"{name}{DONE}")
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


def write_marker(output: Location, name: str, marker: Marker) -> None:
    """Write the marker of a shard, and remove the unfinished files of lost workers."""
    if output.is_local:
        for end in (LINES, REJECTIONS, FIRST_PASS_SUFFIX, f"{FIRST_PASS_SUFFIX}.json", DONE):
            for part in Path(output.name).glob(f".{glob.escape(name + end)}.*{PART}"):
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
    output.write(f"{name}{DONE}", json.dumps(values, indent=1).encode())


def open_gzip(file: IO[bytes]) -> gzip.GzipFile:
    """A gzip stream in a file; the same lines give the same bytes."""
    return gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6)


def name_of(shard: Location) -> str:
    """Base name of a shard's files: the shard's name and a hash of its URI, since several shards may have one name."""
    name = shard.name.partition("?")[0].rstrip("/").rpartition("/")[2]
    ending = next((suffix for suffix in sorted(ENDINGS, key=len, reverse=True) if name.lower().endswith(suffix)), "")
    return f"{name[: len(name) - len(ending)]}-{blake2b(shard.uri.encode(), digest_size=4).hexdigest()}"
