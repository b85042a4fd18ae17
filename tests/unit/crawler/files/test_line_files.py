"""Local outputs: whole lines, packed or not, and what a crash leaves."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from backports import zstd

from crawler.files.line_files import open_lines

ENDINGS = ("a.jsonl", "a.jsonl.gz", "a.jsonl.zst")


def decompress(path: Path) -> bytes:
    data = path.read_bytes()
    return {".gz": gzip.decompress, ".zst": zstd.decompress}.get(path.suffix, bytes)(data)


@pytest.mark.parametrize("name", ENDINGS)
def test_lines_wait_for_the_sync_and_files_are_appended_to(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for round_ in range(2):
        file = open_lines(str(path))
        file.write(b'{"n": 1}\n')
        file.write(b'{"n": 2}\n')
        assert path.stat().st_size == (0 if round_ == 0 else file.tell())
        assert file.sync() == path.stat().st_size
        file.close()
    assert decompress(path) == b'{"n": 1}\n{"n": 2}\n' * 2


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("torn", [1, 3, 8])
def test_a_torn_end_is_cut_and_whole_lines_are_given(tmp_path: Path, name: str, torn: int) -> None:
    path = tmp_path / name
    file = open_lines(str(path))
    offsets = []
    for group in (b"1111111\n", b"2222222\n", b"333333333333\n"):
        file.write(group)
        offsets.append(file.sync())
    file.close()
    with path.open("r+b") as end:
        end.truncate(offsets[2] - torn)
    again = open_lines(str(path))
    assert again.recover(offsets[0]) == [b"2222222\n"]
    again.close()
    assert decompress(path) == b"1111111\n2222222\n"
    assert path.stat().st_size == offsets[1]


def test_a_last_line_of_somebody_else_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"mine": 1}')
    file = open_lines(str(path))
    file.end_line()
    file.write(b'{"n": 1}\n')
    file.close()
    assert path.read_bytes() == b'{"mine": 1}\n{"n": 1}\n'


@pytest.mark.parametrize("name", ENDINGS)
def test_restart_empties(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"old\n")
    file = open_lines(str(path))
    file.restart()
    file.write(b"new\n")
    file.close()
    assert decompress(path) == b"new\n"
