"""What a release uploads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.end_to_end.host_project.project import build


def test_both_are_fit_for_the_index(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "twine", "check", "--strict", *map(str, build(tmp_path))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
