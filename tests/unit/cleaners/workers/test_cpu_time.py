"""What counts as the time of a page, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cleaners.workers.cpu_time import OUT_OF_TIME

SCRIPT = """
import functools, signal, sys, time, types
from cleaners.workers import cpu_time
cpu_time.LOADING = 0.3

@functools.cache
def get_external_parser():
    burn(0.2)

def burn(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass

sys.modules["htmldate.extractors"] = types.SimpleNamespace(get_external_parser=get_external_parser)
for _ in range(2):
    with cpu_time.cpu_limit(0.2):
        {block}
print("done")
"""

BLOCKS = {
    "waits": ("time.sleep(0.5)", 0),
    "takes half its time, twice": ("burn(0.1)", 0),
    "takes too much": ("burn(5)", OUT_OF_TIME),
    "loads something first, once in a process": ("get_external_parser(); burn(0.1)", 0),
    "loads something, then takes too much": ("get_external_parser(); burn(5)", OUT_OF_TIME),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_that(name: str) -> None:
    block, status = BLOCKS[name]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("{block}", block)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (status, "" if status else "done\n"), done.stderr
