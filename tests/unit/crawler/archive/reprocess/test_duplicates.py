"""Articles that two shards tell are written once; other shards and other revisions stay."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from crawler.archive.reprocess import duplicates
from crawler.archive.reprocess.account import Account
from crawler.archive.reprocess.duplicates import remove_duplicates
from crawler.archive.reprocess.outputs import DONE, LINES, Marker, read_marker, write_marker
from crawler.files.location import Location
from crawler.reasons import ArchiveReason

Line = tuple[str, int | None]


def shard(folder: Location, name: str, lines: list[Line], *, is_own: bool) -> None:
    text = "".join(json.dumps({"id": id_, "revision": revision, "text": name}) + "\n" for id_, revision in lines)
    folder.write(f"{name}{LINES}", gzip.compress(text.encode()))
    account = Account(responses=len(lines), articles=len(lines))
    write_marker(folder, name, Marker(shard=name, account=account, cleaner="c", knowledge="k", is_own=is_own))


def lines(folder: Location, name: str) -> list[Line]:
    found = map(json.loads, gzip.decompress(folder.read(f"{name}{LINES}") or b"").splitlines())
    return [(one["id"], one["revision"]) for one in found]


@pytest.mark.parametrize(
    ("first", "second", "is_own", "kept"),
    [
        ([("a", 1), ("b", 1)], [("b", 1), ("c", 1)], (True, True), [("c", 1)]),
        ([("a", 1)], [("a", 2)], (True, True), [("a", 2)]),
        ([("a", None)], [("a", None)], (True, True), []),
        ([("a", 1)], [("a", 1)], (False, False), [("a", 1)]),
        ([("a", 1)], [("a", 1)], (True, False), [("a", 1)]),
        ([], [("a", 1)], (True, True), [("a", 1)]),
        ([("a", 2)], [("a", None), ("b", None)], (True, True), [("b", None)]),
    ],
    ids=[
        "one of two", "another revision", "all", "other archives", "one of another archive", "an empty shard",
        "a page of which nothing was told",
    ],
)  # fmt: skip
def test_lines_of_two_shards(
    tmp_path: Path, first: list[Line], second: list[Line], is_own: tuple[bool, bool], kept: list[Line]
) -> None:
    folder = Location(str(tmp_path))
    shard(folder, "one", first, is_own=is_own[0])
    shard(folder, "two", second, is_own=is_own[1])
    assert remove_duplicates(folder, ["one", "two", "three"]) == len(second) - len(kept)
    assert (lines(folder, "one"), lines(folder, "two")) == (first, kept)
    marker = read_marker(folder, "two")
    assert marker is not None
    assert marker.account.is_balanced
    left_out = marker.account.skipped[ArchiveReason.FETCHED_AGAIN]
    assert (marker.account.articles, left_out) == (len(kept), len(second) - len(kept))
    assert remove_duplicates(folder, ["one", "two"]) == 0


def test_a_page_that_was_fetched_again_after_a_kill_gives_way(tmp_path: Path) -> None:
    folder = Location(str(tmp_path))
    shard(folder, "one", [("a", 1), ("b", None)], is_own=True)
    shard(folder, "two", [("b", 1)], is_own=True)
    assert remove_duplicates(folder, ["one", "two"]) == 1
    assert (lines(folder, "one"), lines(folder, "two")) == ([("a", 1)], [("b", 1)])


def test_a_stop_between_the_files_makes_the_shard_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Location(str(tmp_path))
    shard(folder, "one", [("a", 1)], is_own=True)
    shard(folder, "two", [("a", 1)], is_own=True)

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(duplicates, "write_marker", stopped)
    with pytest.raises(KeyboardInterrupt):
        remove_duplicates(folder, ["one", "two"])
    assert folder.read(f"two{DONE}") is None
    assert read_marker(folder, "one") is not None
