"""Workers beside a crawl: three pages that do what no page should cost themselves, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import ROOT, Site
from tests.support.commands import SCRAPY

HOSTILE = ROOT / "tests" / "support" / "site" / "hostile_pages"


@pytest.mark.real_command("what is first on its path changes what it imports")
def test_a_page_that_hangs_one_that_takes_all_memory_and_one_that_kills_its_worker(
    scrapy: Callable[..., Any], tmp_path: Path
) -> None:
    run = scrapy(
        "crawl",
        "news",
        "-a",
        "site=http://sized-100-hostile.example/",
        "-o",
        str(tmp_path / "articles.jsonl"),
        "-s",
        f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}",
        "-s",
        "COPYDESK_CLEAN_DEADLINE=1",
        "-s",
        "COPYDESK_CLEAN_MEMORY=300",
        first_on_path=HOSTILE,
        timeout=240,
    )
    assert "Traceback" not in run.stderr
    assert len({record["id"] for record in run.lines()}) == len(run.lines()) == 97
    refused = run.lines("rejections.jsonl")
    reasons = {one["url"].rstrip("/").rsplit("-", 1)[-1]: (one["stage"], one["reason"]) for one in refused}
    assert reasons == {"20": ("worker", "deadline"), "50": ("worker", "memory"), "90": ("worker", "killed")}


@pytest.mark.real_command("what is first on its path changes what it imports")
def test_slow_workers_slow_the_download(
    scrapy: Callable[..., Any], site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more is asked for than what may be in work, by bytes, and what was under way when that was reached."""
    size, most = 60_000, 10
    site.state.write_text(json.dumps({"sized-80-slow.example": {"size": size}}))
    monkeypatch.setenv("SLOW_LOG", str(tmp_path / "read.log"))
    run = scrapy(
        "crawl",
        "news",
        "-a",
        "site=http://sized-80-slow.example/",
        "-o",
        str(tmp_path / "articles.jsonl"),
        "-s",
        "COPYDESK_CLEAN_WORKERS=1",
        "-s",
        f"SCRAPER_SLOT_MAX_ACTIVE_SIZE={most * size}",
        "-s",
        "CONCURRENT_REQUESTS=4",
        first_on_path=HOSTILE,
    )
    assert len(run.lines()) == 80
    asked = [
        float(line.split(" ")[0])
        for line in site.log.read_text().splitlines()
        if "://sized-80-slow.example/2026/" in line
    ]
    read = sorted(float(line) for line in (tmp_path / "read.log").read_text().splitlines())
    ahead = max(number - sum(moment < at for moment in read) for number, at in enumerate(sorted(asked), 1))
    assert ahead <= most + 4 + 2


def test_a_crawl_with_a_job_folder_is_refused_with_what_to_do(
    scrapy: Callable[..., Any], site: Site, tmp_path: Path
) -> None:
    """The ledger is the one way to go on: a job folder forgets the requests that are on their way."""
    place = ("-a", "site=http://sized-3-job.example/", "-o", str(tmp_path / "articles.jsonl"))
    run = scrapy("crawl", "news", *place, "-s", f"JOBDIR={tmp_path / 'job'}")
    assert run.status == 2
    assert f"setting JOBDIR={tmp_path / 'job'}: Copydesk's spiders go on from the ledger" in run.stderr
    assert "Leave JOBDIR out and run the same command again" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "job").exists()
    assert site.asked("sized-3-job.example") == []
    assert scrapy("sources", "http://sized-3-job.example/", "-s", f"JOBDIR={tmp_path / 'job'}").status == 2


def test_a_crawl_without_a_ledger_says_once_that_it_cannot_be_continued(
    scrapy: Callable[..., Any], tmp_path: Path
) -> None:
    place = ("-a", "site=http://sized-3-none.example/", "-o", str(tmp_path / "articles.jsonl"))
    run = scrapy("crawl", "news", *place, "-s", "COPYDESK_LEDGER=")
    assert (run.status, len(run.lines())) == (0, 3)
    assert run.stderr.count("no ledger is kept") == 1


@pytest.mark.real_command("its processes are those of a new one")
def test_workers_end_with_a_main_process_that_is_killed(site: Any, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", "site=http://sized-5000-k.example/"]
    command += ["-o", str(tmp_path / "a.jsonl"), "-s", f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}"]
    env = {**os.environ, "http_proxy": site.address, "PYTHONPATH": str(ROOT)}
    crawl = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(lambda: (tmp_path / "a.jsonl").exists() and (tmp_path / "a.jsonl").stat().st_size > 0)
        assert len(processes_of(crawl.pid)) > 1
    finally:
        crawl.kill()
        crawl.wait(10)
    wait_for(lambda: not processes_of(crawl.pid))


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def processes_of(session: int) -> list[int]:
    """The processes of a session that are alive."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, _, number = stat.read_text().rpartition(")")[2].split()[:4]
            if int(number) == session and state != "Z":
                found.append(int(stat.parent.name))
    return found


def test_folders_of_a_crawl_that_was_killed_are_removed_by_the_next_one(
    scrapy: Callable[..., Any],
    site: Any,
    tmp_path: Path,
    process: type[subprocess.Popen[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    command = [*SCRAPY, "crawl", "news", "-a", "site=http://sized-300-left.example/"]
    command += ["-o", str(tmp_path / "a.jsonl"), "-s", f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}"]
    env = {**os.environ, "http_proxy": site.address, "PYTHONPATH": str(ROOT)}
    crawl = process(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    wait_for(lambda: (tmp_path / "a.jsonl").exists() and (tmp_path / "a.jsonl").stat().st_size > 0)
    crawl.kill()
    crawl.wait(10)
    assert [path for path in folder.iterdir() if path.is_dir()]
    run = scrapy("crawl", "news", "-a", "site=http://sized-3-left.example/", "-o", str(tmp_path / "b.jsonl"))
    assert run.status == 0, run.stderr
    assert [path.name for path in folder.iterdir() if path.is_dir()] == []
