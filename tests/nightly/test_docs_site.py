"""The documentation as a site: it builds, loads nothing from elsewhere, and every command of the tutorial works."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import SCRAPY, run

ROOT = Path(__file__).resolve().parents[2]
TUTORIALS = ("docs/tutorial.md", "docs/how-to/why.md", "docs/how-to/judge.md", "docs/how-to/which-records.md")
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = ".venv/bin/scrapy "


def commands(path: str) -> list[str]:
    """The commands of a page, the set-up apart: this test runs in what it sets up."""
    lines = [line for block in SHELL.findall((ROOT / path).read_text("utf-8")) for line in block.splitlines()]
    return [line for line in lines if not line.startswith("python3 -m venv")]


@pytest.mark.parametrize("path", TUTORIALS)
def test_every_command_of_the_tutorials_works(path: str, tmp_path: Path) -> None:
    for name in ("cleaners", "crawler", "fixtures"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "scrapy.cfg", tmp_path)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = commands(path)
    assert found
    for line in found:
        assert line.startswith(COMMAND), line
        arguments = shlex.split(line.removeprefix(COMMAND))
        done = run([*SCRAPY, *arguments], cwd=tmp_path, env=env, timeout=120)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    if path == TUTORIALS[3]:
        (program,) = PYTHON.findall((ROOT / path).read_text("utf-8"))
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, cwd=tmp_path, env=env, timeout=60, capture_output=True, text=True, check=False)
        assert re.fullmatch(r"[1-9][0-9]* of 14 articles\n", done.stdout), done.stdout + done.stderr
    if path == TUTORIALS[0]:
        assert len((tmp_path / "articles.jsonl").read_text("utf-8").splitlines()) == 14
        assert (tmp_path / "report.html").exists()


def test_the_site_builds_and_loads_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "site" / "tutorial" / "index.html").read_text("utf-8")
    loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="(https?:)?//', page)
    assert loaded == []
    api = (tmp_path / "site" / "api" / "index.html").read_text("utf-8")
    assert 'id="cleaners.pipeline.clean"' in api
    assert "Turn one fetched page into an article" in api
