"""What changed between two outputs."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from crawler.presentation.html.diff_page import diff_page
from crawler.quality.differences import DifferencesError, Kind, compare, kind_of


def record(number: int, host: str = "news.example", **more: Any) -> dict[str, Any]:
    return {"id": f"{number:020}", "url": f"https://www.{host}/{number}", "text": "One.\nTwo.", "removed": [], **more}


def written(path: Path, *records: dict[str, Any]) -> Path:
    data = "".join(f"{json.dumps(one)}\n" for one in records).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


KINDS = (
    (None, "a", Kind.FILLED),
    ([], ["a"], Kind.FILLED),
    ("a", None, Kind.EMPTIED),
    (["a"], [], Kind.EMPTIED),
    ("a", "a\nb", Kind.LONGER),
    ("a\nb", "b", Kind.SHORTER),
    ("a\nb", "b\nc", Kind.OTHER),
    (["a", "b"], ["b", "a"], Kind.OTHER),
    (0.5, 0.6, Kind.OTHER),
    (True, False, Kind.EMPTIED),
)


@pytest.mark.parametrize(("old", "new", "kind"), KINDS)
def test_the_kind_of_a_change(old: Any, new: Any, kind: Kind) -> None:
    assert kind_of(old, new) is kind


def test_records_are_compared_by_site_and_field(tmp_path: Path) -> None:
    rule = {"text": "One.", "rule": "words:promo"}
    old = written(tmp_path / "old.jsonl", record(1), record(2), record(3, "b.example"), record(4, cleaner="x/1"))
    new = written(
        tmp_path / "new.jsonl.gz",
        record(1, text="Two.", removed=[rule]), record(3, "b.example"), record(4, cleaner="x/2"), record(5),
    )  # fmt: skip
    found = compare(old, new)
    site = found.sites["news.example"]
    assert (site.same, site.changed, site.added, site.gone, found.sites["b.example"].same) == (1, 1, 1, 1, 1)
    assert dict(site.kinds) == {("text", Kind.SHORTER): 1, ("removed", Kind.FILLED): 1}
    (example,) = site.examples["text", Kind.SHORTER]
    assert (example.old, example.new, example.why) == ("One.", "", "out by words:promo")
    assert not found.is_empty
    page = diff_page(found, "old", "<new>")
    assert "out by words:promo" in page
    assert "&lt;new&gt;" in page


def test_folders_are_compared_and_the_last_line_of_an_article_counts(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    written(tmp_path / "old" / "a.jsonl", record(1, text="An old text."), record(1))
    written(tmp_path / "new" / "b.jsonl.gz", record(1))
    (tmp_path / "new" / "b.rejections.jsonl.gz").write_bytes(b"")
    assert compare(tmp_path / "old", tmp_path / "new").is_empty


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.jsonl", b'{"id": "1"}\nnone\n', r"a\.jsonl:2: expected a record"),
        ("a.jsonl", b"[1]\n", r"a\.jsonl:1: expected a record"),
        ("a.jsonl.gz", b"no gzip", r"a\.jsonl\.gz: "),
        ("a.jsonl.gz", gzip.compress(b'{"id": "1"}\n')[:-9], r"a\.jsonl\.gz: "),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DifferencesError, match=message):
        compare(tmp_path / name, tmp_path / name)


def test_a_folder_without_outputs_is_named(tmp_path: Path) -> None:
    with pytest.raises(DifferencesError, match="no output"):
        compare(tmp_path, tmp_path)
