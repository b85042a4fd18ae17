"""The files beside an output are named after it, and replace none of another output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.files.line_files import OutputError
from crawler.files.paths import REJECTIONS, REPORT, check_companions, companion


@pytest.mark.parametrize(
    ("output", "rejections", "report"),
    [
        ("articles.jsonl", "rejections.jsonl", "run.json"),
        ("out/articles.jsonl.gz", "out/rejections.jsonl", "out/run.json"),
        ("articles.parquet", "rejections.jsonl", "run.json"),
        ("again.jsonl", "again.rejections.jsonl", "again.run.json"),
        ("/srv/news.jsonl.zst", "/srv/news.rejections.jsonl", "/srv/news.run.json"),
        ("2026.11.jsonl", "2026.11.rejections.jsonl", "2026.11.run.json"),
        ("noending", "noending.rejections.jsonl", "noending.run.json"),
        ("out/%(batch_id)d.jsonl", "out/rejections.jsonl", "out/run.json"),
    ],
)
def test_they_are_named_after_it(output: str, rejections: str, report: str) -> None:
    assert (companion(output, REJECTIONS), companion(output, REPORT)) == (rejections, report)


@pytest.mark.parametrize(
    ("known", "outputs", "is_refused"),
    [
        ({"outputs": ["articles.jsonl"]}, ["articles.jsonl"], False),
        ({"outputs": ["articles.jsonl", "articles.csv"]}, ["articles.csv"], False),
        ({"outputs": ["articles.jsonl"]}, ["articles.csv"], True),
        ({"outputs": ["articles.jsonl"]}, ["stdout:"], False),
        ({"outputs": []}, ["articles.csv"], False),
        ({"outputs": "x"}, ["articles.csv"], False),
        ({"sites": {}}, ["articles.csv"], False),  # of an earlier version
        ([], ["articles.csv"], False),
        (None, ["articles.csv"], False),
    ],
)
def test_a_report_of_another_output_is_not_replaced(
    tmp_path: Path, known: object, outputs: list[str], is_refused: bool
) -> None:
    report = tmp_path / "run.json"
    if known is not None:
        report.write_text(json.dumps(known))
    feeds = {(str(tmp_path / name) if ":" not in name else name): {} for name in outputs}
    if not is_refused:
        check_companions(str(report), feeds)
        return
    with pytest.raises(OutputError, match=r"run\.json is the report of another output, articles\.jsonl"):
        check_companions(str(report), feeds)
