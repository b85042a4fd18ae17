"""Names of parametrised tests, alike in every worker; what a test needs, as its marker; and which tests run first."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import scrapy.core.downloader.handlers.http11  # noqa: F401  first: see crawler/cli/commands/crawl.py
from xdist.scheduler import LoadScopeScheduling

from tests.support.commands import Process
from tests.support.postgresql import Server, in_temporary_folder
from tests.support.servers import ROOT

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""New processes find the checkout compiled: to compile it takes each of them 0.15 s."""

sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
"""jsonschema would build a grammar of IRIs with it in each worker, for 3 s; no schema here has a format of IRIs."""

NEEDS = {
    "tests/unit/benchmarks/": ("slow",),
    "tests/end_to_end/browser/": ("browser",),
    "tests/unit/cleaners/test_dense.py": ("slow",),
    "tests/unit/cleaners/text/test_language_model.py": ("slow",),
    "tests/unit/cleaners/workers/": ("slow",),
    "tests/unit/crawler/archive/reprocess/test_job.py": ("slow",),
    "tests/unit/crawler/test_imports.py": ("slow",),
    "tests/end_to_end/host_project/": ("crawl",),
    "tests/integration/": ("crawl",),
    "tests/properties/": ("slow",),
    "tests/end_to_end/rendered/": ("crawl", "browser"),
    "tests/end_to_end/shapes/": ("crawl",),
}
"""Markers of all tests of a folder."""

SHARING = (
    "tests/end_to_end/browser/",
    "tests/end_to_end/host_project/",
    "tests/integration/test_hostile.py",
    "tests/integration/test_serve.py",
)
"""Files and folders of crawls whose tests share something that takes long to make."""

LONG = (
    "tests/end_to_end/rendered/",
    "tests/integration/test_hostile.py",
    "tests/integration/test_fleet.py",
    "tests/end_to_end/host_project/",
    "tests/end_to_end/browser/",
    "tests/unit/cleaners/workers/test_pool.py",
    "tests/end_to_end/shapes/",
    "tests/integration/test_again.py",
    "tests/integration/test_workers.py",
    "tests/properties/",
    "tests/integration/",
    "tests/unit/crawler/ledger/",
)
"""Where tests take seconds each, the longest first (docs/measurements.md)."""

NIGHTLY = "tests/nightly"
"""Tests that are worth an hour, but not each change; ``--nightly`` runs them alone."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the choice of the tier."""
    parser.addoption("--nightly", action="store_true", help="run the tests of the nightly tier, and no other")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what is of another tier, without importing it: the nightly one needs packages of its own."""
    path = collection_path.relative_to(ROOT).as_posix() if collection_path.is_relative_to(ROOT) else ""
    if path.startswith(NIGHTLY):
        return None if config.getoption("--nightly") else True
    is_other = path.startswith("tests/") and collection_path.name.startswith("test_")
    return True if config.getoption("--nightly") and is_other else None


def pytest_xdist_auto_num_workers() -> int:
    """Three workers for two processors: crawls wait for their servers, and for each other, half of their time."""
    return max(2, 3 * (os.cpu_count() or 1) // 2)


@pytest.fixture
def process(request: pytest.FixtureRequest) -> type[subprocess.Popen[Any]]:
    """What runs the commands of a test: copies of a warm process; real ones where it is marked ``real_command``."""
    return subprocess.Popen if request.node.get_closest_marker("real_command") else Process


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """The server of the tests of a worker."""
    with in_temporary_folder() as server:
        yield server


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """The argument's name for bytes: those of gzip hold the time, and all workers must collect the same tests."""
    return argname if isinstance(val, bytes) else None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark a test by its folder, and by the database that it asks for."""
    for folder, names in NEEDS.items():
        if item.nodeid.startswith(folder):
            for name in names:
                item.add_marker(name)
    if "postgresql" in getattr(item, "fixturenames", ()):
        item.add_marker("database")


class Groups(LoadScopeScheduling):
    """Gives each worker the next group of tests when it has ended one."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups:
    """Distribute the tests by what they share."""
    return Groups(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest: a worker takes the next group when it has ended one."""
    items.sort(key=lambda item: _rank(item.nodeid))


def _group(nodeid: str) -> str:
    """The tests that one worker runs: those of a file or folder, which share what takes long to make.

    Crawls share nothing but a server for each worker, so each of them goes where there is room.
    """
    folder = next((folder for folder in SHARING if nodeid.startswith(folder)), "")
    return folder or (nodeid if nodeid.startswith("tests/integration/") else nodeid.partition("::")[0])


def _rank(nodeid: str) -> int:
    """The place of a test's folder among the long ones, or behind them."""
    return next((place for place, folder in enumerate(LONG) if nodeid.startswith(folder)), len(LONG))
