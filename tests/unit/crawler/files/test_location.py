"""Files of a folder on disk and at a URL: read, written whole, and removed in the same way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from crawler.files.location import Location, ShardError


@pytest.fixture(params=["disk", "url"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Location:
    monkeypatch.setattr(MemoryFileSystem, "store", {})
    monkeypatch.setattr(MemoryFileSystem, "pseudo_dirs", [""])
    return Location(str(tmp_path / "out")) if request.param == "disk" else Location("memory://bucket/out")


def test_a_file_is_written_read_and_removed(folder: Location) -> None:
    assert folder.read("a") is None
    folder.write("a", b"first")
    folder.write("a", b"second")
    assert folder.read("a") == b"second"
    with Location(folder.path("a")).open() as file:
        assert file.read() == b"second"
    for _ in range(2):
        folder.remove("a")
        assert folder.read("a") is None


def test_half_a_file_is_never_there(folder: Location) -> None:
    def write_half() -> None:
        with folder.writing("a") as file:
            file.write(b"second")
            file.flush()
            assert folder.read("a") == b"first"
            raise KeyboardInterrupt

    folder.write("a", b"first")
    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert folder.read("a") == b"first"


@pytest.mark.parametrize("operation", ["read", "write", "remove"])
def test_an_error_of_a_file_system_names_the_folder(monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no rights")

    for name in ("cat_file", "put_file", "rm_file"):
        monkeypatch.setattr(MemoryFileSystem, name, fail)
    arguments: tuple[Any, ...] = ("a", b"data") if operation == "write" else ("a",)
    with pytest.raises(OSError, match="memory://bucket/out: no rights"):
        getattr(Location("memory://bucket/out"), operation)(*arguments)


def test_a_scheme_that_is_not_known() -> None:
    with pytest.raises(ShardError, match=r"^none://bucket: .*none"):
        Location("none://bucket").check()
