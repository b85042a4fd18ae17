"""Each command imports what it uses and nothing else: what it imports is what every run of it waits for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.servers import ROOT

SCRIPT = """
import sys
from scrapy import cmdline
cmdline._get_commands_from_entry_points = lambda *_: {}  # those of other packages that happen to be installed
for command in sys.argv[1:]:
    try:
        cmdline.execute(["scrapy", *command.split()])
    except SystemExit:
        pass
print("\\nimported:", *sorted(sys.modules))
"""

PARSERS = {"bs4", "htmldate", "lxml_html_clean", "numpy", "py3langid", "trafilatura", "feedparser", "dateparser"}
PAGES = {"jinja2", "playwright"}
ARCHIVES = {"warcio", "fastwarc", "isal", "fsspec"}
NETWORK = {"requests", "tldextract", "twisted.internet.reactor", "aiohttp"}
LEDGER = {"rensa", "filelock", "sqlite3", "psycopg", "procrastinate"}
WORKERS = {"pebble"}
EXTRAS = {"pyarrow", "ray", "datatrove", "scrapy_playwright", "scrapy_poet", "s3fs"}
ALL = PARSERS | PAGES | ARCHIVES | NETWORK | LEDGER | WORKERS | EXTRAS

COMMANDS = {
    "version": ALL,
    "list": ALL - {"filelock", "sqlite3", "rensa"},
    "runs": ALL - LEDGER | {"psycopg", "procrastinate"},
    "report --no-open": ALL - LEDGER - PAGES | {"psycopg", "procrastinate", "playwright"},
    "clean nothing.html": ALL - ARCHIVES - WORKERS - LEDGER | {"psycopg", "procrastinate"},
}
"""Of each command the packages that it must not import."""


HELPS = tuple(sorted(path.stem for path in ROOT.glob("crawler/cli/commands/**/[a-z]*.py")))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_imports_what_it_uses(command: str, tmp_path: Path) -> None:
    imported = imported_by(f"{command} -s COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}")
    assert sorted(imported & COMMANDS[command]) == []


def test_the_helps_import_nothing_that_is_heavy() -> None:
    assert len(HELPS) > 10
    assert sorted(imported_by(*(f"{name} -h" for name in HELPS)) & ALL) == []


def imported_by(*commands: str) -> set[str]:
    """The modules that commands import, one after the other in a new process."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *commands],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(done.stdout.rpartition("imported:")[2].split())
    assert "scrapy.cmdline" in imported
    return imported
