"""The fuzz target runs for a minute."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.golden.cases import ROOT

SECONDS = 60
MIN_RUNS = 300
"""A shared core does 45 a second."""


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has wheels for Linux on x86-64 only")
def test_a_minute_of_fuzzing_breaks_no_promise(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.nightly.fuzz", "--seconds", str(SECONDS), "--corpus", str(tmp_path / "corpus")],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=SECONDS * 4,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    runs = re.search(r"Done (\d+) runs", done.stderr)
    assert runs is not None
    assert int(runs[1]) >= MIN_RUNS
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]
