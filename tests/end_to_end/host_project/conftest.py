"""The environment with the wheel, made once for all workers, and the server of the tests' sites."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from filelock import FileLock

from tests.end_to_end.host_project.project import Environment, environment, known_environment
from tests.support.servers import serving


@pytest.fixture
def env(wheel: Environment, process: type[subprocess.Popen[Any]]) -> Environment:
    return replace(wheel, process=process)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Environment:
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "wheel"
    with FileLock(f"{folder}.lock"):
        if folder.exists():
            return known_environment(folder)
        folder.mkdir()
        return environment(folder)


@pytest.fixture(scope="session")
def proxy() -> Iterator[str]:
    with serving("tests.support.site") as address:
        yield address
