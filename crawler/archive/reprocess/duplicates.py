"""Removes articles that occur in several shards of a crawl's archive because the crawl was killed and resumed."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

import msgspec

from crawler.archive.reprocess.outputs import DONE, LINES, Marker, open_gzip, read_marker, write_marker
from crawler.files.location import Location
from crawler.reasons import ArchiveReason


class Key(msgspec.Struct, frozen=True):
    """The identity of an article's line within one archive."""

    id: str
    revision: int | None = None
    """None when the crawl wrote no outcome of the page: it was killed, and perhaps fetched the page again."""


def remove_duplicates(output: Location, names: Sequence[str]) -> int:
    """Remove articles that another shard of the same crawl's archive also has; return the number removed.

    The first line of each revision stays. A line without a revision stays only when no earlier line without one and no
    line with one has its id. No article is read when all of these shards were processed before.

    Args:
        output: the folder of the shards' files.
        names: of the files of one archive's shards, in order.

    Raises:
        OSError: when a file cannot be read or written.
    """
    markers = ((name, read_marker(output, name)) for name in names)
    own = {name: marker for name, marker in markers if marker is not None and marker.is_own}
    if len(own) < 2 or all(marker.is_settled for marker in own.values()):
        return 0
    keys = {name: [msgspec.json.decode(line, type=Key) for line in _lines(output, name)] for name in own}
    written_ids = {key.id for of_shard in keys.values() for key in of_shard if key.revision is not None}
    earlier: set[Key] = set()
    changed: set[str] = set()
    count = 0
    for name, marker in own.items():
        is_kept = [key not in earlier and (key.revision is not None or key.id not in written_ids) for key in keys[name]]
        if not all(is_kept):
            _rewrite(output, name, marker, list(compress(_lines(output, name), is_kept)), is_kept.count(False))
            count += is_kept.count(False)
            changed.add(name)
        earlier.update(keys[name])
    for name, marker in own.items():
        if not marker.is_settled and name not in changed:
            write_marker(output, name, replace(marker, is_settled=True))
    return count


def _lines(output: Location, name: str) -> list[bytes]:
    """The articles of a shard."""
    data = output.read(f"{name}{LINES}")
    return gzip.decompress(data).splitlines(keepends=True) if data else []


def _rewrite(output: Location, name: str, marker: Marker, lines: list[bytes], left_out: int) -> None:
    """Rewrite a shard's articles. Its marker is removed first: a job that is stopped here cleans the shard again."""
    output.remove(f"{name}{DONE}")
    with output.writing(f"{name}{LINES}") as file, open_gzip(file) as stream:
        stream.writelines(lines)
    account = replace(marker.account, articles=marker.account.articles - left_out)
    account.skipped[ArchiveReason.FETCHED_AGAIN] += left_out
    write_marker(output, name, replace(marker, account=account, is_settled=True))
