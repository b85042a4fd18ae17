"""Names of parametrised tests, alike in every worker; and which tests run first, and together."""

from __future__ import annotations

import pytest

TOGETHER = ("tests/integration/test_hostile.py", "tests/stock/test_stock.py")
"""Files whose tests look at one long crawl: they run in one worker, so that it is made once."""

LONG = ("tests/fuzz/", "tests/shapes/", "tests/integration/", "tests/stock/")
"""Folders whose tests take seconds each. They start first: a worker that ends early has short ones left to take."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """The argument's name for bytes: those of gzip hold the time, and all workers must collect the same tests."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests for workers that take one at a time."""
    for item in items:
        file = next((name for name in TOGETHER if item.nodeid.startswith(name)), None)
        if file is not None:
            item.add_marker(pytest.mark.xdist_group(file))
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
