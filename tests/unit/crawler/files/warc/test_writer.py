"""The files of an archive: rotated, torn, repaired, in use."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from crawler.files.warc import cdxj, records
from crawler.files.warc.last_captures import FILE, LastCaptures
from crawler.files.warc.records import Exchange, Member
from crawler.files.warc.writer import OPEN, WarcFiles, acquire_lock, repair, whole_bytes

AT = datetime(2026, 11, 26, 9, 30, 5, tzinfo=UTC)


def exchange(number: int) -> tuple[Member, ...]:
    headers = [("Content-Type", "text/html")]
    body = os.urandom(2_000)
    url = f"http://news.example/{number}"
    return records.exchange(Exchange(url=url, at=AT, request=[], status=200, headers=headers, body=body), None, {})


def files(folder: Path, max_bytes: int = 10**9) -> WarcFiles:
    return WarcFiles(folder, max_bytes=max_bytes, info=lambda name: records.info(name, {}, AT), closed=lambda *_: None)


def kinds(path: Path) -> list[str]:
    with path.open("rb") as file:
        return [record.headers["WARC-Type"] for record in ArchiveIterator(file)]


def test_each_file_is_indexed_and_has_its_records_where_the_index_says(tmp_path: Path) -> None:
    made = files(tmp_path)
    made.open(AT)
    for number in (2, 1):
        made.append(exchange(number))
    made.close()
    (path,) = tmp_path.glob("*.warc.gz")
    (index,) = tmp_path.glob("*.cdxj")
    assert kinds(path) == ["warcinfo", *("response", "request", "metadata") * 2]
    found = list(cdxj.read(index))
    assert [one["url"] for one in found] == ["http://news.example/1", "http://news.example/2"]
    for one in found:
        with path.open("rb") as file:
            file.seek(int(one["offset"]))
            record = next(ArchiveIterator(file))
        assert record.headers["WARC-Target-URI"] == one["url"]
        assert one["filename"] == path.name
    assert not list(tmp_path.glob(f"*{OPEN}*"))


def test_a_file_is_closed_where_it_is_large_and_nothing_is_to_come(tmp_path: Path) -> None:
    made = files(tmp_path, max_bytes=4_500)
    made.open(AT)
    made.append(exchange(1))
    assert not made.rotate(is_complete=True)
    made.append(exchange(2))
    assert not made.rotate(is_complete=False)
    made.append(exchange(3))
    assert made.rotate(is_complete=False)  # it has twice the size
    made.open(AT)
    made.append(exchange(4))
    made.close()
    assert len(list(tmp_path.glob("*.warc.gz"))) == 2


@pytest.mark.parametrize("cut", [1, 60, 400, 1_500, 2_500])
def test_a_torn_end_is_cut_off_and_what_is_whole_is_indexed(tmp_path: Path, cut: int) -> None:
    made = files(tmp_path)
    made.open(AT)
    for number in (1, 2):
        made.append(exchange(number))
    (path,) = tmp_path.glob(f"*{OPEN}")
    os.truncate(path, path.stat().st_size - cut)
    before = path.stat().st_size
    del made  # its process is killed: the lock goes with it
    Path(f"{path}.lock").unlink()
    ((final, torn),) = repair(tmp_path)
    assert final.stat().st_size == whole_bytes(final) == before - torn
    urls = [one["url"] for one in cdxj.read(next(tmp_path.glob("*.cdxj")))]
    assert urls == [f"http://news.example/{n}" for n in range(1, kinds(final).count("response") + 1)]
    assert "http://news.example/1" in urls


def test_a_file_that_is_written_is_left_alone(tmp_path: Path) -> None:
    made = files(tmp_path)
    made.open(AT)
    (path,) = tmp_path.glob(f"*{OPEN}")
    assert repair(tmp_path) == []
    assert acquire_lock(path) is None
    made.close()


@pytest.mark.parametrize("data", [b"", b"no gzip at all"], ids=["empty", "foreign"])
def test_a_file_without_a_record_is_repaired_to_an_empty_one(tmp_path: Path, data: bytes) -> None:
    (tmp_path / f"copydesk-1.warc.gz{OPEN}").write_bytes(data)
    ((path, torn),) = repair(tmp_path)
    assert (path.stat().st_size, torn) == (0, len(data))


def test_the_last_captures_are_found_again_by_the_indexes(tmp_path: Path) -> None:
    made = files(tmp_path)
    made.open(AT)
    members = exchange(1)
    made.append(members)
    made.close()
    known = LastCaptures(tmp_path).find("http://news.example/1")
    assert known is not None
    assert (known.digest, known.at) == (members[0].digest, "2026-11-26T09:30:05Z")
    assert (tmp_path / FILE).exists()
    assert LastCaptures(tmp_path).find("http://news.example/2") is None


def test_a_record_that_is_written_only_in_part_is_removed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = files(tmp_path)
    made.open(AT)
    made.append(exchange(1))
    write = os.write

    def full_disk(descriptor: int, data: bytes) -> int:
        if len(data) < 2_000:
            return write(descriptor, data)
        write(descriptor, bytes(data[: len(data) // 2]) + b"\n")  # the line break is no end of a record
        monkeypatch.setattr(os, "write", fails)
        return len(data) // 2 + 1

    def fails(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full_disk)
    with pytest.raises(OSError, match="No space left"):
        made.append(exchange(2))
    monkeypatch.setattr(os, "write", write)
    made.close()
    (path,) = tmp_path.glob("*.warc.gz")
    assert kinds(path)[:2] == ["warcinfo", "response"]
    assert b"news.example/2" not in path.read_bytes()
    with path.open("rb") as file:
        assert sum(1 for _ in ArchiveIterator(file)) == len(kinds(path))
