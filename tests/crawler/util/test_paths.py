"""Local paths, and the folder for temporary files."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest

from crawler.util.paths import check_temporary_folder, local_path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("out.jsonl", "out.jsonl"),
        ("file:///tmp/an%20output.jsonl", "/tmp/an output.jsonl"),
        ("s3://bucket/out.jsonl", None),
        ("stdout:", None),
        ("-", None),
    ],
)
def test_local_path(uri: str, path: str | None) -> None:
    assert local_path(uri) == path


def test_a_full_temporary_folder_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    check_temporary_folder()
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=2_000_000))
    with pytest.raises(OSError, match="has 2 MB free and cleaning needs 100 MB.*TMPDIR"):
        check_temporary_folder()
