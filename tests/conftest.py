"""Names of parametrised tests, alike in every worker."""

from __future__ import annotations


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """The argument's name for bytes, as pytest numbers them: gzip's hold the time, and workers must collect the same."""
    return argname if isinstance(val, bytes) else None
