"""What a killed run left in its outputs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.ledger.types import Output
from crawler.output.delivery.recovery import recover_records

LINE = json.dumps({"id": "0" * 20, "url": "http://a.example/1", "canonical_url": None, "text": "A text of some words."})


@pytest.mark.parametrize(
    ("name", "data", "records", "kept"),
    [
        ("a.jsonl", f"{LINE}\n{LINE[:20]}", 1, f"{LINE}\n"),
        ("a.jsonl", f'{LINE}\n\n{{"mine": 1}}\n', 1, f'{LINE}\n\n{{"mine": 1}}\n'),
        ("a.jsonl", '{"title": "Lock"}\n', 0, ""),
        ("a.csv", "id,text\n1,x\n", 0, ""),
    ],
    ids=["a line that is cut", "lines of another program", "only some fields", "another format"],
)
def test_lines_of_a_killed_run(tmp_path: Path, name: str, data: str, records: int, kept: str) -> None:
    path = tmp_path / name
    path.write_text(data)
    found = recover_records(Output(path=str(path), offset=0, is_open=True))
    assert (len(found), path.read_text()) == (records, kept)
