"""The PostgreSQL server of these tests, one for each worker."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgresql import Server, serving


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="copydesk-pg-") as folder, serving(Path(folder)) as server:
        yield server
