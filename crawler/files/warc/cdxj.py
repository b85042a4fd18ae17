"""CDXJ: the index of a WARC file, a line a capture, sorted by key and time, as pywb and other tools read it.

A line is ``<SURT key> <time, 14 digits> <JSON>``. The key is the URL with its host reversed (Sort-friendly URI
Reordering Transform). The libraries that make it have had no release since 2019; w3lib canonicalises the URL.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from w3lib.url import canonicalize_url

from crawler.files.atomic import replace_file
from crawler.files.warc.records import Member

ENDING = ".cdxj"

CAPTURES = ("response", "revisit")
"""Types of the records that are indexed."""

REVISIT_MIME = "warc/revisit"
"""The media type by which an index tells a revisit."""


class IndexPosition(NamedTuple):
    """Where a record is."""

    file: str
    offset: int
    """Of its first byte."""
    length: int


def surt(url: str) -> str:
    """The sort key of a URL: ``com,example)/path?query``, without scheme and ``www.``, in lower case."""
    parts = urlsplit(canonicalize_url(url))
    host = (parts.hostname or "").removeprefix("www.")
    is_name = not host.replace(".", "").isdecimal() and ":" not in host
    turned = ",".join(reversed(host.split("."))) if is_name else host
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{turned}{port}){(parts.path or '/').lower()}{query.lower()}"


def to_line(member: Member, place: IndexPosition) -> str:
    """The line of a capture, without its newline."""
    fields = {
        "url": member.url,
        "mime": REVISIT_MIME if member.kind == "revisit" else member.mime or "unk",
        "status": str(member.status),
        "digest": member.digest,
        "length": str(place.length),
        "offset": str(place.offset),
        "filename": place.file,
    }
    digits = "".join(char for char in member.at if char.isdecimal())[:14]
    return f"{surt(member.url)} {digits} {json.dumps(fields, ensure_ascii=False)}"


def write(path: Path, lines: Iterable[str]) -> None:
    """Write the index of a WARC file, sorted.

    Raises:
        OSError: when it cannot be written.
    """
    data = "".join(f"{line}\n" for line in sorted(lines))
    replace_file(path, data.encode("utf-8", "replace"))


def read(path: Path) -> Iterator[dict[str, str]]:
    """The captures of an index; lines that are none are left out.

    Raises:
        OSError: when it cannot be read.
    """
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            parts = line.split(" ", 2)
            try:
                fields = json.loads(parts[2])
            except (IndexError, ValueError):
                continue
            if isinstance(fields, dict):
                yield {"timestamp": parts[1], **fields}
