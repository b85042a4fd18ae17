"""The PostgreSQL server of these tests, one for each worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgresql import Server, in_temporary_folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with in_temporary_folder() as server:
        yield server
