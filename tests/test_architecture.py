"""The house keeps its shape."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted([*ROOT.glob("cleaners/**/*.py"), *ROOT.glob("crawler/**/*.py")])
LONGEST_MODULE = 300
"""Lines a room may have; the model codebases live by it."""
LONGEST_FUNCTION = 50


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [path for path in MODULES if path.is_relative_to(ROOT / "cleaners")], ids=name)
def test_cleaners_know_no_network_and_no_scrapy(path: Path) -> None:
    roots = {module.split(".")[0] for module in imports(path)}
    assert not roots & {"scrapy", "twisted", "crawler", "requests", "urllib3", "socket", "http"}
    assert "urllib.request" not in imports(path)


def test_importing_the_cleaner_brings_no_scrapy() -> None:
    script = "import sys, cleaners, cleaners.workers.pool; sys.exit(int(any(m.split('.')[0] in ('scrapy', 'twisted', 'crawler') for m in sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_cleaning_opens_no_socket() -> None:
    """Trafilatura and its helpers can reach out; a page is cleaned with sockets forbidden."""
    script = (
        "import socket\n"
        "def refuse(*a, **k): raise AssertionError('a socket was opened')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
        "from tests.golden import cases\nfrom cleaners import clean\n"
        "for folder in cases.page_cases(): clean(cases.load(folder))\n"
        "from crawler.discovery.link_classifier import kind\nkind('http://www.bbc.co.uk/news/a-story-of-four-words', '', 'http://bbc.co.uk/')\n"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_only_two_rooms_call_trafilatura() -> None:
    users = {name(path) for path in MODULES if any(module.split(".")[0] == "trafilatura" for module in imports(path))}
    assert users == {"cleaners/body.py", "cleaners/visible.py"}


def test_each_named_package_has_its_role() -> None:
    used = {module.split(".")[0] for path in MODULES for module in imports(path)}
    assert {"scrapy", "trafilatura", "bs4"} <= used


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_rooms_are_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST_MODULE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_room_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


def test_commands_import_nothing_heavy_at_module_level() -> None:
    for path in ROOT.glob("crawler/commands/*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        top = [node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)]
        assert not [module for module in top if module.split(".")[0] in ("cleaners", "crawler", "trafilatura") and module != "crawler.log_sanitizer.escape"]


def test_import_contracts() -> None:
    done = subprocess.run([str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("command", [["ruff", "check", "."], ["ruff", "format", "--check", "cleaners", "crawler"], ["mypy"]])
def test_linters_are_content(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
