"""The quality gate: our fixtures stay perfect, and the annotated pages stay above their floors where they are at
hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
GATE = ROOT / "benchmarks" / "quality.py"


def gate(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(GATE), *args], cwd=ROOT, capture_output=True, text=True, timeout=500, check=False
    )


def test_fixtures_hold_their_floors() -> None:
    done = gate()
    assert done.returncode == 0, done.stderr
    assert "| fixtures | " in done.stdout


def test_floors_are_pinned_for_every_source_of_the_fixtures() -> None:
    floors = json.loads((ROOT / "benchmarks" / "floors.json").read_text("utf-8"))
    assert floors["fixtures"]["f1"] == 1.0
    assert floors["fixtures"]["ready"] == 1.0


def test_a_figure_below_its_floor_fails(tmp_path: Path) -> None:
    source = tmp_path / "corpora" / "invented"
    (source / "pages").mkdir(parents=True)
    prose = (
        "The lock at Ebbwick will close for eleven weeks in the new year while its gates are replaced, the board said. "
    )
    (source / "pages" / "1.html").write_text(
        f"<article><h1>Lock to close for weeks</h1><p>{prose}</p><p>{prose}{prose}</p></article>", "utf-8"
    )
    row = {
        "id": "1",
        "url": "https://news.example/1",
        "domain": "news.example",
        "body": "Something else altogether was written here.",
    }
    (source / "index.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    copy = tmp_path / "benchmarks"
    copy.mkdir()
    for name in ("quality.py", "corpora.py", "record.py"):
        (copy / name).write_text((ROOT / "benchmarks" / name).read_text("utf-8"), "utf-8")
    (tmp_path / "fixtures" / "pages").mkdir(parents=True)
    (copy / "floors.json").write_text(json.dumps({"invented": {"f1": 0.9}}), "utf-8")
    done = subprocess.run(
        [sys.executable, str(copy / "quality.py"), str(tmp_path / "corpora")],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "invented: f1 is" in done.stderr


def test_annotated_pages_hold_their_floors() -> None:
    corpora = ROOT.parent / "shared" / "corpora"
    if not any(corpora.glob("*/index.jsonl")):
        pytest.skip("no unpacked corpora beside the checkout")
    done = gate(str(corpora))
    assert done.returncode == 0, done.stderr
