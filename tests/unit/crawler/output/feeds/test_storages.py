"""Records to disk: whole lines only, each kind to its file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.files.line_files import LineFile, OutputError
from crawler.files.paths import local_path
from crawler.output.feeds.storages import REJECTIONS, WITHOUT_REJECTIONS, check_outputs, route_feeds
from tests.golden.cases import ROOT


@pytest.mark.parametrize(
    ("feeds", "rejections", "target", "overwrite"),
    [
        ({"out/a.jsonl": {"format": "jsonl", "overwrite": True}}, None, "out/a.rejections.jsonl", True),
        ({"/tmp/a.jsonl": {"format": "jsonl"}}, None, "/tmp/a.rejections.jsonl", False),
        ({"file:///tmp/a.jsonl": {"format": "jsonl"}}, None, "/tmp/a.rejections.jsonl", False),
        ({"a.jsonl": {"format": "jsonl"}}, "bad.jsonl", "bad.jsonl", False),
        ({}, "bad.jsonl", "bad.jsonl", False),
    ],
)
def test_rejections_go_beside_the_output(feeds: dict, rejections: str | None, target: str, overwrite: bool) -> None:
    routed = route_feeds(feeds, rejections)
    assert routed[target]["item_classes"] == [REJECTIONS]
    assert routed[target]["overwrite"] is overwrite
    assert all(routed[uri]["item_filter"] == WITHOUT_REJECTIONS for uri in feeds)


@pytest.mark.parametrize("uri", ["s3://bucket/a.jsonl", "stdout:"])
def test_without_a_local_output_rejections_have_no_file(uri: str) -> None:
    assert list(route_feeds({uri: {"format": "jsonl"}}, None)) == [uri]


def test_articles_and_rejections_need_two_files() -> None:
    with pytest.raises(OutputError, match=r"a\.jsonl is an output for articles"):
        route_feeds({"a.jsonl": {"format": "jsonl"}}, "a.jsonl")


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("a.jsonl", "a.jsonl"),
        ("file:///tmp/a%20b.jsonl", "/tmp/a b.jsonl"),
        ("s3://b/a", None),
        ("stdout:", None),
        ("-", None),
    ],
)
def test_path_of(uri: str, path: str | None) -> None:
    assert local_path(uri) == path


def test_lines_are_appended_or_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for overwrite, expected in ((False, b"1\n"), (False, b"1\n1\n"), (True, b"1\n")):
        file = LineFile(str(path), overwrite=overwrite)
        file.write(b"1\n")
        file.close()
        assert path.read_bytes() == expected


def test_a_line_that_does_not_fit_is_taken_back(tmp_path: Path) -> None:
    """A disk that fills in the middle of a line, made by the kernel's file size limit."""
    path = tmp_path / "a.jsonl"
    script = (
        "import resource, sys; from crawler.files.line_files import LineFile, OutputError; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)); file = LineFile(sys.argv[1], overwrite=True, "
        "is_grouped=False)\n"
        "try:\n    while True: file.write(b'{\"a\": \"' + b'x' * 60 + b'\"}\\n')\n"
        "except OutputError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"cannot write {path}: File too large"
    lines = path.read_text().split("\n")
    assert lines[-1] == ""
    assert len([json.loads(line) for line in lines[:-1]]) == 14


def test_check_names_what_cannot_be_written(tmp_path: Path) -> None:
    check_outputs({str(tmp_path / "new" / "a.jsonl"): {}, "stdout:": {}, "s3://b/a": {}})
    with pytest.raises(OutputError, match="cannot write /proc/none/a.jsonl"):
        check_outputs({"/proc/none/a.jsonl": {}})
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="Is a directory"):
        check_outputs({str(tmp_path / "folder"): {}})
