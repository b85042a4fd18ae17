"""Files that are replaced whole or stay as they were, without a temporary file beside them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from crawler.files.atomic import replace_file, replacing


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("old", [{}, {"a.json": b"old"}], ids=["a new file", "an old one"])
def test_a_file_is_the_old_one_until_it_is_whole(tmp_path: Path, old: dict[str, bytes]) -> None:
    for name, data in old.items():
        (tmp_path / name).write_bytes(data)
    with replacing(tmp_path / "a.json") as file:
        file.write(b"new")
        file.flush()
        assert {name: data for name, data in content(tmp_path).items() if not name.endswith(".part")} == old
    assert content(tmp_path) == {"a.json": b"new"}


@pytest.mark.parametrize("error", [ValueError, OSError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_after_an_error_the_old_file_is_left_alone(tmp_path: Path, error: type[BaseException]) -> None:
    def write_half() -> None:
        with replacing(tmp_path / "a.json") as file:
            file.write(b"new")
            raise error

    (tmp_path / "a.json").write_bytes(b"old")
    with pytest.raises(error):
        write_half()
    assert content(tmp_path) == {"a.json": b"old"}


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_disk_that_fails_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "a.json").write_bytes(b"old")
    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(OSError, match="No space left"):
        replace_file(tmp_path / "a.json", b"new")
    assert content(tmp_path) == {"a.json": b"old"}


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    with pytest.raises(IsADirectoryError):
        replace_file(tmp_path / "a.json", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_file_has_the_usual_permissions(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        replace_file(tmp_path / "a.json", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == mode
