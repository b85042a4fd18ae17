"""Lines with their numbers, from plain and compressed files, and where damage ends them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from backports import zstd

from crawler.files.line_files import DamagedLineError, json_lines

LINES = [b'{"id": 1}\n', b"\n", b"no JSON\r\n", b'{"id": 4}']
PACKINGS = {"": bytes, ".gz": gzip.compress, ".zst": zstd.compress}


@pytest.mark.parametrize("ending", PACKINGS)
@pytest.mark.parametrize("lines", [[], LINES], ids=["empty", "lines"])
def test_lines_have_their_numbers(tmp_path: Path, ending: str, lines: list[bytes]) -> None:
    path = tmp_path / f"a.jsonl{ending}"
    path.write_bytes(PACKINGS[ending](b"".join(lines)))
    assert list(json_lines(path)) == list(enumerate(lines, 1)) == list(json_lines(str(path)))


@pytest.mark.parametrize("ending", [".gz", ".zst"])
@pytest.mark.parametrize("damage", ["torn", "corrupt"])
def test_a_damaged_frame_ends_the_lines(tmp_path: Path, ending: str, damage: str) -> None:
    path = tmp_path / f"a.jsonl{ending}"
    frame = bytearray(PACKINGS[ending](b'{"id": 3}\n'))
    frame[11:] = b"" if damage == "torn" else b"\xff" * 20
    whole = [(1, b'{"id": 1}\n'), (2, b'{"id": 2}\n')]
    path.write_bytes(PACKINGS[ending](b"".join(line for _, line in whole)) + frame)
    lines = json_lines(path)
    assert [next(lines), next(lines)] == whole
    with pytest.raises(DamagedLineError, match=".") as raised:
        next(lines)
    assert raised.value.number == 3


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(json_lines(tmp_path / "a.jsonl.gz"))
