"""Ray gives what this machine gives, also where a worker is lost."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.archive.reprocess.engine import EngineError, LocalEngine
from crawler.archive.reprocess.job import Job
from crawler.archive.reprocess.ray_engine import RayEngine
from crawler.archive.reprocess.shard import Progress
from crawler.files.location import find_shards
from tests.unit.crawler.archive.reprocess.archives import archive, files, work


@pytest.fixture(scope="module", autouse=True)
def _environment() -> Iterator[None]:
    """Ray changes the variables of the process that starts it, which the commands of later tests would have."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def engine() -> Iterator[RayEngine]:
    """An engine whose cluster lives as long as the tests here: to start one takes ten seconds."""
    made = RayEngine(workers=2, keep=True)
    try:
        yield made
    finally:
        made.stop()


def test_the_same_files_as_local(engine: RayEngine, tmp_path: Path) -> None:
    folder = archive(tmp_path / "in", shards=3, pages=2)
    memories = tmp_path / "one", tmp_path / "two"
    local = Job(engine=LocalEngine(1), work=work(tmp_path / "local"), memory_file=memories[0])
    remote = Job(engine=engine, work=work(tmp_path / "ray"), memory_file=memories[1])
    one, two = (job.run(find_shards([str(folder)])) for job in (local, remote))
    assert (one.account, one.failed) == (two.account, two.failed)
    assert files(tmp_path / "local") == files(tmp_path / "ray")
    assert memories[0].read_bytes() == memories[1].read_bytes()


def test_a_lost_worker_costs_nothing(engine: RayEngine, tmp_path: Path) -> None:
    folder, killed = archive(tmp_path / "in", shards=2, pages=60), []

    def kill(shard: str, progress: Progress | None) -> None:
        if progress is not None and progress.account is None and not killed:
            killed.extend(workers())
            for pid in killed:
                os.kill(pid, signal.SIGKILL)

    Job(engine=LocalEngine(2), work=work(tmp_path / "local")).run(find_shards([str(folder)]))
    result = Job(engine=engine, work=work(tmp_path / "ray"), on_progress=kill).run(find_shards([str(folder)]))
    assert killed
    assert not result.failed
    assert files(tmp_path / "local") == files(tmp_path / "ray")


def workers() -> list[int]:
    """The processes in which Ray cleans shards."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if one.read_bytes().startswith(b"ray::clean_in_task"):
                found.append(int(one.parent.name))
        except OSError:
            continue
    return found


def test_an_engine_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    job = Job(engine=RayEngine(1), work=work(tmp_path / "out"))
    with pytest.raises(EngineError, match=r"pip install copydesk\[ray\]"):
        job.run(find_shards([str(archive(tmp_path / "in", shards=1, pages=1))]))
