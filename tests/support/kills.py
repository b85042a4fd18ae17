"""Crawls that are killed at random moments."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.support.commands import SCRAPY
from tests.support.servers import ROOT

MAX_DELAY = 0.15
"""Seconds after the request at which a crawl is killed, at most: about two of its commits."""


def kill_once(
    site: Any, host: str, folder: Path, *, process: type[subprocess.Popen[Any]], dice: random.Random, victim: str
) -> None:
    """Crawl a site of 40 stories into ``articles.jsonl``, and kill the crawl, its workers, or both (``victim``).

    Args:
        site: the server that is asked.
        host: the site.
        folder: of the output and the ledger.
        process: what runs the command.
        dice: chooses the moment: the number of requests, and how long after the last of them.
        victim: ``main``, ``worker`` or ``both``.
    """
    command = [*SCRAPY, "crawl", "news", "-a", f"site=http://{host}/", "-o", str(folder / "articles.jsonl")]
    for setting in (
        f"COPYDESK_LEDGER={folder / 'ledger.sqlite'}",
        "COPYDESK_OUTPUT_SYNC_LINES=7",
        "COPYDESK_OUTPUT_SYNC_SECONDS=0.2",
    ):
        command += ["-s", setting]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "http_proxy": site.address}
    requests = len(site.asked(host)) + dice.randint(0, 45)
    crawl = process(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    while len(site.asked(host)) < requests and crawl.poll() is None:
        time.sleep(0.01)
    time.sleep(dice.uniform(0, MAX_DELAY))
    workers = [worker for child in children(crawl.pid) for worker in (child, *children(child))]
    for pid in {"main": [crawl.pid], "worker": workers[-1:], "both": [*workers, crawl.pid]}[victim]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    crawl.wait(60)


def children(pid: int) -> list[int]:
    """Processes that a process started."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []
