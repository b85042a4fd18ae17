"""The tests of crawls pass on any day: the clock of the system stands in other years."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.servers import ROOT


@pytest.mark.parametrize("day", ["2027-06-01 12:00:00", "2031-01-01 12:00:00"])
def test_crawls_do_not_depend_on_the_date(day: str) -> None:
    """``faketime`` moves the clock of every process; the one that measures spans stays as it is."""
    clock = ["faketime", "-f", f"@{day}", "--exclude-monotonic"]
    tests = ["-m", "pytest", "-n", "2", "-p", "no:cacheprovider", "-m", "crawl and not browser", "tests/integration"]
    done = subprocess.run([*clock, sys.executable, *tests], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5_000:]
