"""Two nodes of a Ray cluster clean an archive on S3 into S3; one of them is lost on the way."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.servers import ROOT
from tests.unit.crawler.archive.reprocess.archives import archive

SHARDS, PAGES = 6, 50


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A bucket on loopback, in the environment of all processes."""
    s3fs = pytest.importorskip("s3fs", reason="the extra 's3' is not installed")
    pytest.importorskip("ray", reason="the extra 'ray' is not installed")
    server = pytest.importorskip("moto.server", reason="moto is not installed").ThreadedMotoServer(
        ip_address="127.0.0.1", port=0
    )
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "RAY_USAGE_STATS_ENABLED": "0",
        "PYTHONPATH": str(ROOT),
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    system = s3fs.S3FileSystem()
    system.mkdir("nodes")  # not the bucket of other tests: moto keeps them in this process
    yield system
    server.stop()
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture
def cluster(environment: Any) -> Iterator[Any]:
    """A cluster of two nodes with a processor each."""
    from ray.cluster_utils import Cluster  # noqa: PLC0415  an extra

    before = dict(os.environ)
    options = {"num_cpus": 1, "object_store_memory": 100 << 20, "include_dashboard": False}
    made = Cluster(initialize_head=True, head_node_args=options)
    try:
        made.add_node(num_cpus=1, object_store_memory=100 << 20)
        made.wait_for_nodes()
        yield made
    finally:
        made.shutdown()
        os.environ.clear()
        os.environ.update(before)


def clean(*args: str) -> subprocess.Popen[str]:
    """Start ``scrapy clean`` on the bucket."""
    command = [sys.executable, "-m", "scrapy", "clean", "s3://nodes/in/", *args, "-s", "COPYDESK_LEDGER="]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def lines_of(system: Any, folder: str) -> dict[str, bytes]:
    """The files of a folder of the bucket, by name; those of lines."""
    found = {str(path).rpartition("/")[2]: system.cat_file(path) for path in system.find(f"nodes/{folder}")}
    return {name: data for name, data in found.items() if name.endswith((".jsonl", ".gz", ".zst"))}


def test_a_lost_node_costs_nothing(environment: Any, cluster: Any, tmp_path: Path) -> None:
    for path in archive(tmp_path / "in", shards=SHARDS, pages=PAGES).iterdir():
        environment.put_file(str(path), f"nodes/in/{path.name}")
    local = clean("-O", "s3://nodes/local/", "--workers", "1")
    _, said = local.communicate(timeout=300)
    assert local.returncode == 0, said
    remote = clean("-O", "s3://nodes/ray/", "--engine", "ray", "--ray-address", cluster.address)
    while remote.poll() is None and not environment.find("nodes/ray"):
        environment.invalidate_cache()
        time.sleep(0.2)
    assert remote.poll() is None
    (second,) = [node for node in cluster.list_all_nodes() if not node.head]
    cluster.remove_node(second, allow_graceful=False)
    environment.invalidate_cache()
    assert len(environment.glob("nodes/ray/*.done.json")) < SHARDS
    _, said = remote.communicate(timeout=300)
    assert remote.returncode == 0, said
    environment.invalidate_cache()
    assert lines_of(environment, "ray") == lines_of(environment, "local")
    assert len(environment.glob("nodes/ray/*.done.json")) == SHARDS
