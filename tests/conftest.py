"""Names of parametrised tests, alike in every worker."""

from __future__ import annotations


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """The argument's name for bytes: those of gzip hold the time, and all workers must collect the same tests."""
    return argname if isinstance(val, bytes) else None
