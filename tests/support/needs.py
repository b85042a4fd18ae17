"""What tests need that is no package of Python."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(package: str) -> NoReturn:
    """Skip a test that needs a Debian package; fail it where ``CI`` is set, since ``.ci/run`` installs them."""
    message = f"needs the Debian package {package}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
