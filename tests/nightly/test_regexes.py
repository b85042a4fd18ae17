"""Each regular expression meets more of its worst cases than in the default tier."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.support.servers import ROOT


def test_worst_cases_are_linear() -> None:
    command = [sys.executable, "-m", "pytest", "-n", "2", "-p", "no:cacheprovider", "tests/test_regexes.py"]
    env = {**os.environ, "COPYDESK_THOROUGH": "1"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5_000:]
