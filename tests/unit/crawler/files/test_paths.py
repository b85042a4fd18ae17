"""Local paths."""

from __future__ import annotations

import pytest

from crawler.files.paths import local_path


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
