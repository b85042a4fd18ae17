"""Names of parametrised tests, alike in every worker; and which tests run first, and together."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.support.commands import Process

TOGETHER = (
    "tests/integration/test_hostile.py",
    "tests/stock/test_stock.py",
    "tests/browser/",
    "tests/rendered/",
)
"""Files whose tests look at one long crawl: they run in one worker, so that it is made once."""

LONG = (
    "tests/rendered/",
    "tests/browser/",
    "tests/foreign/",
    "tests/fuzz/",
    "tests/shapes/",
    "tests/integration/",
    "tests/stock/",
)
"""Folders whose tests take seconds each. They start first: a worker that ends early has short ones left to take."""


@pytest.fixture
def process(request: pytest.FixtureRequest) -> type[subprocess.Popen[Any]]:
    """What runs the commands of a test: copies of a warm process; real ones where it is marked ``real_command``."""
    return subprocess.Popen if request.node.get_closest_marker("real_command") else Process


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """The argument's name for bytes: those of gzip hold the time, and all workers must collect the same tests."""
    return argname if isinstance(val, bytes) else None


class OneAtATime(LoadScopeScheduling):
    """Gives each worker one test, or one file of :data:`TOGETHER`, at a time."""

    def _split_scope(self, nodeid: str) -> str:
        return next((file for file in TOGETHER if nodeid.startswith(file)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneAtATime:
    """Take the scheduler above. That of xdist gives the second half of the tests to one worker."""
    return OneAtATime(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests for workers that take one at a time."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
