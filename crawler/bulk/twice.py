"""Articles that several shards of a crawl's archive tell, because the crawl was killed and went on: written once."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

import msgspec

from crawler.bulk.outputs import LINES, Folder, Marker, packed

AGAIN = "fetched_again"
"""Why a response is left out whose article is that of an earlier one."""


class Key(msgspec.Struct, frozen=True):
    """What tells the lines of one archive apart."""

    id: str
    revision: int | None = None
    """None where the crawl never told what became of the page: it was killed, and perhaps fetched it again."""


def leave_out_twice(output: Folder, names: Sequence[str]) -> int:
    """Take articles out of shards that another shard of a crawl's archive has, too; returns how many those were.

    Of lines of one revision the first is kept; of pages without a revision those of which nothing else is known.
    Nothing is read where it was done with all of these shards before.

    Args:
        output: the folder of the shards' files.
        names: of the files of one archive's shards, in order.

    Raises:
        OSError: when a file cannot be read or written.
    """
    markers = ((name, output.marker(name)) for name in names)
    own = {name: marker for name, marker in markers if marker is not None and marker.is_own}
    if len(own) < 2 or all(marker.is_settled for marker in own.values()):
        return 0
    keys = {name: [msgspec.json.decode(line, type=Key) for line in _lines(output, name)] for name in own}
    told = {key.id for of_shard in keys.values() for key in of_shard if key.revision is not None}
    known: set[Key] = set()
    changed: set[str] = set()
    count = 0
    for name, marker in own.items():
        is_kept = [key not in known and (key.revision is not None or key.id not in told) for key in keys[name]]
        if not all(is_kept):
            _rewrite(output, name, marker, list(compress(_lines(output, name), is_kept)), is_kept.count(False))
            count += is_kept.count(False)
            changed.add(name)
        known.update(keys[name])
    for name, marker in own.items():
        if not marker.is_settled and name not in changed:
            output.mark(name, replace(marker, is_settled=True))
    return count


def _lines(output: Folder, name: str) -> list[bytes]:
    """The articles of a shard."""
    data = output.read(f"{name}{LINES}")
    return gzip.decompress(data).splitlines(keepends=True) if data else []


def _rewrite(output: Folder, name: str, marker: Marker, lines: list[bytes], left_out: int) -> None:
    """Write the articles of a shard anew. Its marker goes first: a job that is stopped here cleans the shard again."""
    output.remove_marker(name)
    with output.writing(f"{name}{LINES}") as file, packed(file) as stream:
        stream.writelines(lines)
    account = replace(marker.account, articles=marker.account.articles - left_out)
    account.skipped[AGAIN] += left_out
    output.mark(name, replace(marker, account=account, is_settled=True))
