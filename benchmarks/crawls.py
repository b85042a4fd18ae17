"""What the crawl benchmarks share: the tests' server in a process of its own, and crawls by the real command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crawler.files.line_files import json_lines
from tests.support.servers import serving


@dataclass(frozen=True)
class Server:
    """A site of any size, on loopback."""

    address: str
    state: Path

    def publish(self, host: str, **what: Any) -> None:
        """Change what the site publishes: see ``tests/support/site/sized.py``."""
        self.state.write_text(json.dumps({host: what}))


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """Serve until the block ends."""
    state = folder / "state.json"
    with serving("tests.support.site", "--state", str(state)) as address:
        yield Server(address, state)


def command(host: str, folder: Path, *more: str, option: str = "-o", name: str = "articles.jsonl") -> list[str]:
    """A crawl into a file of a folder, with its ledger there."""
    return [
        sys.executable,
        "-m",
        "scrapy",
        "crawl",
        "news",
        "-a",
        f"site=http://{host}/",
        option,
        str(folder / name),
        "-s",
        f"COPYDESK_LEDGER={folder / 'ledger.sqlite'}",
        "-s",
        f"COPYDESK_ALLOW_HOSTS={host}",
        "-L",
        "ERROR",
        *more,
    ]


AT_ONCE = ("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8")
"""As many requests at a time as Scrapy makes by default."""


def host(address: str) -> str:
    """What :func:`command` calls a site by, of its front page's address."""
    return address.removeprefix("http://").rstrip("/")


def environment(served: Server) -> dict[str, str]:
    """Where the command finds the project and the server."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "http_proxy": served.address}


def crawl(served: Server, host: str, folder: Path, *more: str, **output: str) -> tuple[float, dict[str, Any], int]:
    """Seconds of the whole process, what ``run.json`` says of the site, and the peak memory of the crawl in kB."""
    began = time.perf_counter()
    process = subprocess.Popen(command(host, folder, *more, **output), cwd=ROOT, env=environment(served))
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, status
    said = json.loads((folder / "run.json").read_text())["sites"][f"http://{host}/"]
    return time.perf_counter() - began, said, usage.ru_maxrss


def records(folder: Path, name: str = "articles.jsonl") -> list[dict[str, Any]]:
    """The lines of an output, compressed or not."""
    return [json.loads(line) for _, line in json_lines(folder / name)]
