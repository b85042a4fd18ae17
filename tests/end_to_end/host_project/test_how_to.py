"""The how-to pages of install, add-on and extras: their files are written, their commands run, as a reader would."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from crawler.fetching.browser.chromium import find_chromium
from tests.end_to_end.host_project.project import Environment, lines
from tests.support.needs import missing
from tests.support.servers import ROOT

pytestmark = pytest.mark.crawl

BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```", re.MULTILINE | re.DOTALL)
HOW_TO = ROOT / "docs" / "how-to"

EXPECTED = {
    "install": {"articles.jsonl": 14},
    "projects": {"articles.jsonl": 14, "harbour.jsonl": 10, "program.jsonl": 0},
    "page-objects": {"articles.jsonl": 1},
    "browser": {"articles.jsonl": 14},
    "sessions": {"articles.jsonl": 14},
    "formats": {"articles.jsonl": 14},
}
"""The pages, and how many lines the files have in the end that their commands write; those of their own items are not
counted. A program adds none to what was written before."""


def follow(env: Environment, page: str, folder: Path, **variables: str) -> Path:
    """Do what a page says; the folder in which that ends."""
    for kind, title, text in BLOCK.findall((HOW_TO / f"{page}.md").read_text("utf-8")):
        if title:
            with (folder / title).open("a" if title.endswith("settings.py") else "w") as file:
                file.write(text)
        elif kind == "sh":
            for line in text.splitlines():
                folder = run(env, line, folder, variables)
    return folder


def run(env: Environment, line: str, folder: Path, variables: dict[str, str]) -> Path:
    command = shlex.split(line)
    if command[0] == "cd":
        return folder / command[1]
    if command[0] in ("pip", "apt-get"):
        return folder
    done = env.run(*command, cwd=folder, **variables)
    if command[1] == "startproject":  # a second between two requests is for sites of others
        with (folder / command[2] / command[2] / "settings.py").open("a") as file:
            file.write("DOWNLOAD_DELAY = 0\n")
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr
    return folder


REAL = pytest.mark.real_command("the first commands of a reader")


@pytest.mark.parametrize("page", [pytest.param(page, marks=REAL if page == "install" else ()) for page in EXPECTED])
def test_the_page_is_right(env: Environment, proxy: str, tmp_path: Path, page: str) -> None:
    if page == "browser" and find_chromium("") is None:
        missing("chromium")
    (tmp_path / "token.txt").write_text("kestrel")
    folder = follow(env, page, tmp_path, http_proxy=proxy, HARBOUR_COOKIES="sid=kestrel")
    counts = {name: len([one for one in lines(folder / name) if one]) for name in EXPECTED[page]}
    assert counts == EXPECTED[page]


def test_every_extra_is_on_the_page() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    text = (HOW_TO / "install.md").read_text("utf-8")
    assert {name for name in project["optional-dependencies"] if f"copydesk[{name}]" not in text} == {"dev", "test"}
