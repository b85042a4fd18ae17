"""Archives on S3, in and out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import s3fs
from moto.server import ThreadedMotoServer

from tests.unit.crawler.archive.reprocess.archives import archive, files, work
from tests.unit.crawler.archive.reprocess.test_job import run as reprocess


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket on a server of the S3 protocol, on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    s3fs.S3FileSystem().mkdir("news")
    yield "s3://news"
    server.stop()
    s3fs.S3FileSystem.clear_instance_cache()


def test_from_a_bucket_into_a_bucket(bucket: str, tmp_path: Path) -> None:
    folder = archive(tmp_path / "in", shards=2, pages=2)
    system = s3fs.S3FileSystem()
    for path in folder.iterdir():
        system.put_file(str(path), f"{bucket}/in/{path.name}")
    result = reprocess(work(f"{bucket}/out"), f"{bucket}/in/")
    assert result.account.articles == 4
    reprocess(work(tmp_path / "out"), folder)
    found = [name.rpartition("/")[2] for name in system.find(f"{bucket}/out")]
    assert sorted(name[:6] for name in found) == sorted(name[:6] for name in files(tmp_path / "out"))
    assert reprocess(work(f"{bucket}/out"), f"{bucket}/in/").up_to_date == 2
    missing = reprocess(work(tmp_path / "none"), f"{bucket}/in/no.warc.gz")
    assert missing.account.rejected == {"unreadable": 1}
