"""Profiles of browsers whose crawl was killed are removed, and no others."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from cleaners.workers import leftovers
from cleaners.workers.leftovers import MARK
from crawler.fetching.browser.profiles import PREFIX, mark, sweep

HERE = leftovers._namespace()


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))


def profile(folder: Path, name: str, said: str | None) -> Path:
    made = folder / f"{PREFIX}{name}"
    made.mkdir()
    (made / "Cookies").write_text("x")
    if said is not None:
        (made / MARK).write_text(said)
    return made


def test_those_of_processes_that_are_gone_are_removed(tmp_path: Path) -> None:
    began = leftovers._began(os.getpid())
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    gone = [
        profile(tmp_path, "gone", f"{ended.pid} 123 {HERE}"),
        profile(tmp_path, "number-used-again", f"{os.getpid()} {int(began) - 7} {HERE}"),
    ]
    kept = [
        profile(tmp_path, "running", f"{os.getpid()} {began} {HERE}"),
        profile(tmp_path, "of-another-container", f"{ended.pid} 123 pid:[1]"),
        profile(tmp_path, "of-somebody-else", None),
        tmp_path / "another-folder",
    ]
    kept[-1].mkdir()
    (kept[-1] / MARK).write_text("1 1")
    sweep()
    assert [path.exists() for path in gone] == [False, False]
    assert [path.exists() for path in kept] == [True, True, True, True]


@pytest.mark.parametrize("said", ["", "x y", "-1 2", "99999999999999999999 1"])
def test_a_mark_that_is_none_removes_nothing_that_runs(tmp_path: Path, said: str) -> None:
    profile(tmp_path, "odd", said)
    sweep()


def test_a_browser_below_this_process_is_marked(tmp_path: Path) -> None:
    folder = profile(tmp_path, "mine", None)
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()', sys.argv[1]])"
    child = subprocess.Popen([sys.executable, "-c", script, f"--user-data-dir={folder}"], stdin=subprocess.PIPE)
    try:
        while not Path(f"/proc/{child.pid}/cmdline").read_bytes():  # it has begun, and not yet its program
            time.sleep(0.01)
        mark()
        assert (folder / MARK).read_text() == f"{os.getpid()} {leftovers._began(os.getpid())} {HERE}"
    finally:
        child.communicate(b"\n")
