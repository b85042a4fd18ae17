"""What one run wrote no other run overwrites or tears: outputs, rejections, reports."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import SCRAPY, Process
from tests.support.servers import ROOT

SITE = "http://sized-12-output.example/"


def test_a_replay_into_the_same_folder_leaves_what_is_there(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    archive = ("-s", f"COPYDESK_ARCHIVE={tmp_path / 'archive'}")
    first = scrapy("crawl", "news", "-a", f"site={SITE}", "-o", str(tmp_path / "articles.jsonl"), *archive)
    assert first.status == 0, first.stderr
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix in (".jsonl", ".json")}
    assert {"articles.jsonl", "rejections.jsonl", "run.json"} <= set(before)
    replay = ("-s", f"COPYDESK_REPLAY={tmp_path / 'archive'}", "-s", "COPYDESK_LEDGER=")
    again = scrapy("crawl", "news", "-a", f"site={SITE}", "-O", str(tmp_path / "again.jsonl"), *replay, proxy=False)
    assert again.status == 0, again.stderr
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert json.loads((tmp_path / "again.run.json").read_text())["outputs"] == ["again.jsonl"]
    other = scrapy("crawl", "news", "-a", f"site={SITE}", "-O", str(tmp_path / "articles.csv"), *replay, proxy=False)
    assert other.status == 4
    assert "run.json is the report of another output, articles.jsonl" in other.stderr
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.csv", "a.json", "a.parquet"])
def test_two_runs_with_two_ledgers_do_not_write_one_output(site: Any, tmp_path: Path, name: str) -> None:
    """The first is stopped in the midst; the second gives way to it, and writes nothing."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "http_proxy": site.address}

    def start(host: str, ledger: str, *more: str) -> subprocess.Popen[Any]:
        command = [*SCRAPY, "crawl", "news", "-a", f"site=http://{host}/", "-o", str(tmp_path / name)]
        ledger = f"COPYDESK_LEDGER={tmp_path / ledger}"
        return Process([*command, "-s", ledger, *more], cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True)

    with start("sized-400-first.example", "one.sqlite", "-s", "DOWNLOAD_DELAY=0.05") as first:
        while not site.asked("sized-400-first.example"):
            assert first.poll() is None
        with start("sized-9-second.example", "two.sqlite") as second:
            _, log = second.communicate(timeout=60)
        first.terminate()
        _, told = first.communicate(timeout=60)
    assert second.returncode == 75, log
    assert "another run is writing it; wait for its end, or name another -o" in log
    assert "second.example" not in log
    assert first.returncode == 130, told
    with start("sized-9-second.example", "two.sqlite") as third:
        _, log = third.communicate(timeout=60)
    assert third.returncode in (0, 4), log
    assert "another run is writing it" not in log
