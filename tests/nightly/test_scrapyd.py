"""A real Scrapyd: deploy the project, schedule a crawl over its HTTP API, find the lines."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.golden.cases import ROOT

CONFIG = """[scrapyd]
bind_address =
unix_socket_path = api
eggs_dir = eggs
logs_dir = logs
dbs_dir = dbs
poll_interval = 0.2
max_proc = 1
"""


class Connection(http.client.HTTPConnection):
    """HTTP over a socket in the file system: no port that another process could take."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self.path))


def ask(
    path: Path, method: str, address: str, body: bytes | None = None, kind: str = "application/x-www-form-urlencoded"
) -> dict[str, Any]:
    connection = Connection(path)
    connection.request(method, address, body, {"Content-Type": kind})
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


@pytest.fixture
def scrapyd(site: Any, tmp_path: Path) -> Iterator[Path]:
    """A running Scrapyd; the file of its HTTP API."""
    (tmp_path / "scrapyd.conf").write_text(CONFIG)
    script = "import sys; from scrapyd.__main__ import main; sys.argv = ['scrapyd']; main()"
    env = {**os.environ, "http_proxy": site.address}
    with (tmp_path / "scrapyd.log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, env=env, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + 30
            while not (tmp_path / "api").exists():
                assert time.monotonic() < deadline, (tmp_path / "scrapyd.log").read_text()
                time.sleep(0.1)
            yield tmp_path / "api"
        finally:
            server.terminate()
            server.wait(30)


def egg(folder: Path) -> bytes:
    """The project as scrapyd-client packs it, from a copy: its build leaves files behind."""
    for name in ("cleaners", "crawler", "fixtures/sites"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("scrapy.cfg", "pyproject.toml", "README.md", "LICENSE", "setup.py", "copydesk.py"):
        shutil.copy(ROOT / name, folder / name)
    script = (
        "import sys; from scrapyd_client.deploy import main; sys.argv = ['scrapyd-deploy', "
        "'--build-egg', 'copydesk.egg']; main()"
    )
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return (folder / "copydesk.egg").read_bytes()


def test_deployed_scheduled_and_crawled(scrapyd: Path, tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    boundary = "lock-gates"
    fields = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("project", "copydesk"), ("version", "1"))
    ]
    head = "".join(fields) + (
        f'--{boundary}\r\nContent-Disposition: form-data; name="egg"; '
        f'filename="copydesk.egg"\r\nContent-Type: application/octet-stream\r\n\r\n'
    )
    body = head.encode() + egg(tmp_path / "project") + f"\r\n--{boundary}--\r\n".encode()
    added = ask(scrapyd, "POST", "/addversion.json", body, f"multipart/form-data; boundary={boundary}")
    assert (added["status"], added["spiders"]) == ("ok", 1), added
    output = tmp_path / "articles.jsonl"
    settings = [
        ("setting", f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}"),
        ("setting", f'FEEDS={{"{output}": {{"format": "jsonlines"}}}}'),
    ]
    form = urlencode([("project", "copydesk"), ("spider", "news"), ("site", "http://sized-12.example/"), *settings])
    for _ in range(2):  # the second run finds nothing new
        job = ask(scrapyd, "POST", "/schedule.json", form.encode())
        assert job["status"] == "ok", job
        deadline = time.monotonic() + 60
        while job["jobid"] not in [
            one["id"] for one in ask(scrapyd, "GET", "/listjobs.json?project=copydesk")["finished"]
        ]:
            assert time.monotonic() < deadline, (tmp_path / "scrapyd.log").read_text()
            time.sleep(0.2)
        records = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
        assert len({record["id"] for record in records}) == len(records) == 12
