"""Jobs: every response is accounted for, what is done is not done again, and a lost shard is tried again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cleaners.context import CleanContext
from cleaners.options import Focus, Options
from crawler.archive.reprocess import engine
from crawler.archive.reprocess.engine import LocalEngine
from crawler.archive.reprocess.job import Job, JobResult
from crawler.archive.reprocess.outputs import name_of
from crawler.archive.reprocess.shard import ShardSettings
from crawler.files.location import Location, ShardError, ShardUnavailable, find_shards
from tests.unit.crawler.archive.reprocess.archives import NOTE, archive, files, lines, work


def run(where: ShardSettings, *places: str | Path, memory: Path | None = None, workers: int = 1) -> JobResult:
    job = Job(engine=LocalEngine(workers), work=where, memory_file=memory)
    return job.run(find_shards([str(place) for place in places]))


def test_every_response_has_one_outcome(tmp_path: Path) -> None:
    folder, out = archive(tmp_path / "in", shards=2, pages=3), tmp_path / "out"
    result = run(work(out), folder)
    assert result.account.is_balanced
    assert str(result.account) == (
        "12 responses: 6 articles, 2 rejected (no_text 2), 4 skipped (http_404 2, media_type 2)"
    )
    assert [one["source"].partition("#")[0] for one in lines(Location(str(out)))] == [
        str(folder / f"part-{shard}.warc.gz") for shard in (0, 0, 0, 1, 1, 1)
    ]
    stems = [name_of(Location(str(folder / f"part-{number}.warc.gz"))) for number in (0, 1)]
    assert sorted(files(out)) == [
        f"{stem}{end}" for stem in stems for end in (".done.json", ".jsonl.gz", ".rejections.jsonl.gz")
    ]
    assert json.loads((out / f"{stems[1]}.done.json").read_text())["account"]["articles"] == 3


def test_what_is_done_is_kept_and_the_rest_is_cleaned(tmp_path: Path) -> None:
    folder, out = archive(tmp_path / "in", shards=3, pages=1), tmp_path / "out"
    run(work(out), folder / "part-0.warc.gz", folder / "part-1.warc.gz")
    before = files(out)
    next(out.glob("part-1-*.done.json")).unlink()  # as after a run that was killed just before
    result = run(work(out), folder)
    assert (result.done, result.up_to_date) == (2, 1)
    assert {name: data for name, data in files(out).items() if "part-2" not in name} == before


@pytest.mark.parametrize(("since", "kept"), [(None, 1), (2, 1), (3, 1), (4, 0)])
def test_a_version_that_is_late_enough_is_kept(tmp_path: Path, since: int | None, kept: int) -> None:
    folder, out = archive(tmp_path / "in", shards=1, pages=1), tmp_path / "out"
    run(work(out), folder)
    assert run(work(out, since=since), folder).up_to_date == kept


def test_other_options_clean_again(tmp_path: Path) -> None:
    folder, out = archive(tmp_path / "in", shards=1, pages=1), tmp_path / "out"
    run(work(out), folder)
    recall = CleanContext(options=Options(focus=Focus.RECALL))
    assert run(work(out, context=recall), folder).done == 1
    assert run(work(out, context=recall), folder).up_to_date == 1


def test_two_passes_give_what_one_pass_in_one_file_gives(tmp_path: Path) -> None:
    folder, out, memory = archive(tmp_path / "in", shards=2, pages=5), tmp_path / "out", tmp_path / "memory"
    result = run(work(out), folder, memory=memory)
    assert result.account.articles == 10
    assert not list(out.glob("*.held*"))
    assert memory.read_text().count("news.example") == 10
    once = tmp_path / "once"
    run(work(once), folder, memory=tmp_path / "other")
    assert files(once) == files(out)
    assert [NOTE in one["text"] for one in lines(Location(str(out)))] == [False] * 10
    plain = tmp_path / "plain"
    run(work(plain), folder)
    assert [NOTE in one["text"] for one in lines(Location(str(plain)))] == [True] * 10


def test_a_job_that_is_stopped_between_the_passes_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out, memory = archive(tmp_path / "in", shards=2, pages=4), tmp_path / "out", tmp_path / "memory"
    whole = tmp_path / "whole"
    run(work(whole), folder, memory=tmp_path / "other")
    passes = []

    class Stopped(LocalEngine):
        def run(self, where: ShardSettings, tasks: Any) -> Iterator[Any]:
            passes.append(len(tasks))
            if len(passes) == 2:
                raise KeyboardInterrupt
            yield from super().run(where, tasks)

    with pytest.raises(KeyboardInterrupt):
        Job(engine=Stopped(1), work=work(out), memory_file=memory).run(find_shards([str(folder)]))
    again = run(work(out), folder, memory=memory)
    assert passes == [2, 2]
    assert again.account.articles == 8
    assert files(out) == files(whole)


def test_a_shard_that_vanishes_is_tried_again_and_then_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out = archive(tmp_path / "in", shards=2, pages=1), tmp_path / "out"
    tries: list[str] = []
    real = engine.clean_shard

    def flaky(where: ShardSettings, task: Any, pool: Any) -> Iterator[Any]:
        tries.append(Path(task.shard.name).name)
        if tries[-1] == "part-0.warc.gz" or tries.count(tries[-1]) == 1:
            raise ShardUnavailable(f"{task.shard.name}: cannot be read: gone")
        yield from real(where, task, pool)

    monkeypatch.setattr(engine, "clean_shard", flaky)
    result = run(work(out), folder)
    assert (tries.count("part-0.warc.gz"), tries.count("part-1.warc.gz")) == (3, 2)
    assert result.failed == {str(folder / "part-0.warc.gz"): f"{folder}/part-0.warc.gz: cannot be read: gone"}
    assert {name.partition("-")[2][0] for name in files(out)} == {"1"}


def test_files_of_one_name_have_outputs_of_their_own(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for day in ("mon", "tue"):
        assert run(work(out), archive(tmp_path / day, shards=1, pages=2)).done == 1
    assert len(lines(Location(str(out)))) == 4
    assert name_of(Location("s3://c/y.warc.zst")).startswith("y-")
    assert name_of(Location("c/y.warc")) != name_of(Location("d/y.warc"))


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("no-such-file.warc.gz", "no such file or folder"),
        ("tests", "no WARC file"),
        ("nowhere://bucket/x/", "nowhere"),
    ],
)
def test_a_place_without_an_archive_is_named(place: str, message: str) -> None:
    with pytest.raises(ShardError, match=message):
        list(find_shards([place]))


class Cut(BaseHTTPRequestHandler):
    """Serves a file in ranges, and breaks off after so many bytes."""

    data = b""
    most = 10**9

    def do_HEAD(self) -> None:
        self._head(200, len(self.data))

    def do_GET(self) -> None:
        start, _, end = (self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").partition("-")
        part = self.data[int(start) : int(end or len(self.data)) + 1]
        self._head(206, len(part), f"bytes {start}-{int(start) + len(part) - 1}/{len(self.data)}")
        self.wfile.write(part[: self.most])
        if len(part) > self.most:
            self.connection.close()

    def _head(self, status: int, length: int, content_range: str = "") -> None:
        self.send_response(status)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(length))
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[type[Cut], str]]:
    handler = type(
        "Served", (Cut,), {"data": (archive(tmp_path / "in", shards=1, pages=3) / "part-0.warc.gz").read_bytes()}
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield handler, f"http://127.0.0.1:{server.server_port}/part-0.warc.gz"
    server.shutdown()
    server.server_close()


def test_an_archive_on_a_server_is_cleaned(served: tuple[type[Cut], str], tmp_path: Path) -> None:
    result = run(work(tmp_path / "out"), served[1])
    assert result.account.articles == 3
    assert lines(Location(str(tmp_path / "out")))[0]["source"].startswith(f"{served[1]}#<urn:uuid:")


def test_a_server_that_dies_gives_no_half_of_an_archive(served: tuple[type[Cut], str], tmp_path: Path) -> None:
    served[0].most = 1_000
    result = run(work(tmp_path / "out"), served[1])
    assert list(result.failed) == [served[1]]
    assert not (tmp_path / "out").exists() or files(tmp_path / "out") == {}


def test_a_full_disk_is_no_failed_shard(tmp_path: Path) -> None:
    folder = archive(tmp_path / "in", shards=1, pages=1)
    out = tmp_path / "out"
    out.mkdir()
    (out / f"{name_of(Location(str(folder / 'part-0.warc.gz')))}.jsonl.gz").mkdir()  # nothing can be put there
    with pytest.raises(OSError, match="part-0"):
        run(work(out), folder)
    assert not [path for path in out.iterdir() if path.name.endswith(".part")]
