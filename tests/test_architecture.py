"""The shape of the packages: layers, sizes, linters."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted([*ROOT.glob("cleaners/**/*.py"), *ROOT.glob("crawler/**/*.py")])
LONGEST_MODULE = 500
"""Lines of a module: above it, one would scroll to find a thing. The longest has about 400."""
LARGEST_FOLDER = 17
"""Modules of a folder: what a reader takes in at a glance."""
LONGEST_FUNCTION = 50
LIGHT = (
    "crawler.cli.base",
    "crawler.cli.errors",
    "crawler.config.argument_help",
    "crawler.log_sanitizer",
)
"""What a command may import at its top: Scrapy imports every command to list them."""


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


def test_importing_the_cleaner_brings_no_scrapy() -> None:
    script = (
        "import sys, cleaners, cleaners.workers.pool; sys.exit(int(any(m.split('.')[0] in ('scrapy', "
        "'twisted', 'crawler') for m in sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_importing_the_types_of_cleaning_brings_no_parser() -> None:
    script = "import sys, cleaners.types; print(*sorted({'lxml', 'numpy', 'trafilatura'} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    assert loaded.stdout.split() == []


def test_a_crawl_imports_no_server_and_no_parser() -> None:
    """Each takes a tenth of a second and more, which every crawl of a fleet would spend at its start."""
    script = (
        "import sys\n"
        "from scrapy.utils.conf import build_component_list\n"
        "from scrapy.utils.misc import load_object\n"
        "from scrapy.utils.project import get_project_settings\n"
        "settings = get_project_settings()\n"
        "for path in build_component_list(settings.get_component_priority_dict_with_base('EXTENSIONS')):\n"
        "    load_object(path)\n"
        "import crawler.spiders.news\n"
        "print(*sorted({'aiohttp', 'twisted.conch', 'numpy', 'trafilatura', 'bs4'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    assert found.stdout.split() == []


def test_cleaning_opens_no_socket() -> None:
    """Trafilatura and its helpers can reach out; a page is cleaned with sockets forbidden."""
    script = (
        "import socket\n"
        "def refuse(*a, **k): raise AssertionError('a socket was opened')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
        "from tests.golden import cases\nfrom cleaners import clean\n"
        "for folder in cases.page_cases(): clean(cases.load(folder))\n"
        "from crawler.frontier.link_classifier import classify_link\n"
        "classify_link('http://www.bbc.co.uk/news/a-story-of-four-words', '', 'http://bbc.co.uk/')\n"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_each_named_package_has_its_role() -> None:
    used = {module.split(".")[0] for path in MODULES for module in imports(path)}
    assert {"scrapy", "trafilatura", "bs4"} <= used


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_and_functions_are_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST_MODULE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name


def test_folders_are_small() -> None:
    sizes = Counter(name(path.parent) for path in MODULES if path.name != "__init__.py")
    assert max(sizes.values()) <= LARGEST_FOLDER


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_has_a_docstring(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


def test_commands_import_nothing_heavy_at_module_level() -> None:
    for path in ROOT.glob("crawler/cli/commands/*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        top = [node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)]
        assert not [
            module
            for module in top
            if module.split(".")[0] in ("cleaners", "crawler", "trafilatura") and module not in LIGHT
        ]


@pytest.mark.slow
def test_import_contracts() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("command", [["ruff", "check", "."], ["ruff", "format", "--check", "cleaners", "crawler"]])
def test_linters_find_nothing(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
