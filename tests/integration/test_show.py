"""The commands that show things: ``inspect``, ``report``, ``runs``, ``evaluate``, and ``teach`` in the browser."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.golden import cases
from tests.support.servers import ROOT
from tests.unit.cleaners.pages import SENTENCES, story
from tests.unit.crawler.archive.warc_files import packed
from tests.unit.crawler.archive.warc_files import record as response

Scrapy = Callable[..., Any]
ARABIC = cases.PAGES / "arabic-rtl"


def test_a_page_on_disk_is_inspected(scrapy: Scrapy, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    run = scrapy("inspect", str(ARABIC), "--no-open", "-o", str(out))
    assert (run.status, run.stderr) == (0, f"{out}\n")
    assert cases.expected(ARABIC)["title"] in out.read_text("utf-8")
    text = scrapy("inspect", str(ARABIC), "--text")
    assert text.stdout == scrapy("clean", str(ARABIC / "input.html"), "--explain").stdout
    assert "\x1b" not in text.stdout
    found = json.loads(scrapy("inspect", str(ARABIC), "--json").stdout)
    assert found["article"]["text"] == cases.expected(ARABIC)["text"]
    assert found["blocks"][0]["path"].startswith("/html/body")


def test_a_record_of_an_archive_and_a_record_by_its_id(scrapy: Scrapy, crawl: Scrapy, tmp_path: Path) -> None:
    archive = tmp_path / "two.warc.gz"
    archive.write_bytes(
        packed(*(response(f"http://news.example/2026/lock-{n}", story().encode(), number=n) for n in (1, 2)))
    )
    several = scrapy("inspect", str(archive), "--no-open")
    assert several.status == 2
    name = re.search(rf"{re.escape(str(archive))}#\S+", several.stderr)
    assert name is not None, several.stderr
    one = scrapy("inspect", name[0], "--text")
    assert "page: http://news.example/2026/lock-1\n" in one.stdout
    ledger = ("-s", f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}")
    crawl("http://sized-3.example")
    line = json.loads((tmp_path / "articles.jsonl").read_text().splitlines()[0])
    by_id = scrapy("inspect", line["id"], "--text", *ledger)
    assert f"page: {line['url']}\n" in by_id.stdout
    assert f"{'0' * 20}: no record with this id" in scrapy("inspect", "0" * 20, *ledger).stderr
    record = scrapy(
        "inspect",
        line["id"],
        "--no-open",
        "-o",
        str(tmp_path / "x.html"),
        "--diff",
        str(tmp_path / "articles.jsonl"),
        *ledger,
    )
    assert record.status == 0, record.stderr
    assert "The text is the same." in (tmp_path / "x.html").read_text()


def test_a_url_is_fetched_as_a_crawl_fetches_it(scrapy: Scrapy, site: Any, tmp_path: Path) -> None:
    found = scrapy("inspect", "http://harbour-post.example/news/quay-lights/", "--text", "-s", "COPYDESK_LEDGER=")
    assert "type: article" in found.stdout, found.stderr
    refused = scrapy("inspect", "http://harbour-post.example/private/preview/", "--text")
    assert refused.status == 3
    assert "robots.txt" in refused.stderr
    assert scrapy("inspect", "http://127.0.0.1:9/", proxy=False).status == 3


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("nothere.html",), "no such file"),
        (("ftp://a.example/",), "only http and https"),
        ((str(ARABIC), "--diff", "sideways"), "expected precision, balanced, recall, without-site"),
        ((str(ARABIC), "--diff", "x" * 300), "expected precision"),
        ((f"https://news.example/{'a' * 5_000}",), ""),
        ((str(cases.PAGES),), "holds several pages"),
    ],
)
def test_what_cannot_be_inspected_is_said(scrapy: Scrapy, args: tuple[str, ...], words: str) -> None:
    run = scrapy("inspect", "--no-open", *args)
    assert run.status in (2, 3)
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_a_run_is_reported(scrapy: Scrapy, crawl: Scrapy, tmp_path: Path) -> None:
    ledger = ("-s", f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}")
    assert "no ledger there yet" in scrapy("report", *ledger).stderr
    crawl("http://sized-30.example,http://error500.example")
    out = tmp_path / "report.html"
    run = scrapy("report", "--no-open", "-o", str(out), *ledger)
    assert run.status == 0, run.stderr
    page = out.read_text("utf-8")
    assert "http://error500.example/" in page
    assert "failed: HTTP 500" in page
    lines = scrapy("runs", "1", *ledger).stdout
    assert lines == scrapy("report", "1", "--text", *ledger).stdout
    assert "http://error500.example/: failed: HTTP 500" in lines
    stored = json.loads(scrapy("report", "--json", *ledger).stdout)
    assert stored["report"]["sites"]["http://sized-30.example/"]["written"] == 30
    of_source = json.loads(scrapy("runs", "--json", "--source", "http://sized-30.example/", *ledger).stdout)
    assert of_source["account"]["written"] == 30
    assert "no run knows this source" in scrapy("runs", "--source", "http://else.example/", *ledger).stdout
    assert scrapy("report", "7", *ledger).status == 2
    assert scrapy("runs", "99999999999999999999999", *ledger).status == 2
    assert scrapy("runs", "--limit", "99999999999999999999", *ledger).status == 0


def test_annotated_pages_are_evaluated(scrapy: Scrapy, tmp_path: Path) -> None:
    floors = tmp_path / "floors.json"
    floors.write_text('{"pages": {"f1": 1.0, "refused": 1.0}}')
    run = scrapy("evaluate", str(cases.PAGES), "--floors", str(floors), "-o", str(tmp_path / "out"), "--worst", "2")
    assert run.status == 0, run.stdout + run.stderr
    assert run.stdout.splitlines()[1].split()[:3] == ["pages", str(len(cases.page_cases())), "1.0000"]
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["index.html", "worst-1.html", "worst-2.html"]
    theirs = tmp_path / "theirs.jsonl"
    theirs.write_text(json.dumps({"source": "pages", "id": ARABIC.name, "text": "nothing"}) + "\n")
    floors.write_text('{"pages": {"leak": -1}}')
    worse = scrapy("evaluate", str(cases.PAGES), "--against", str(theirs), "--floors", str(floors), "--workers", "2")
    assert worse.status == 5
    assert "theirs.jsonl: 1 of" in worse.stdout
    assert "below its floor: pages: leak" in worse.stdout
    assert scrapy("evaluate", str(tmp_path / "nowhere")).status == 2


@pytest.mark.real_command("SIGINT, and streams without a buffer")
def test_a_page_is_served_to_be_labelled_until_it_is_interrupted(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(story())
    command = [sys.executable, "-m", "scrapy", "teach", str(page), "--url", "http://news.example/a", "--no-open"]
    settings = ["-s", f"COPYDESK_SITE_RULES={tmp_path / 'sites'}"]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen([*command, *settings], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address is not None
        parts = urlsplit(address[0])
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        connection.request("GET", parts.path)
        assert SENTENCES[0] in connection.getresponse().read().decode()
        connection.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert "kept as a draft" in process.stdout.read()


@pytest.mark.real_command("a pipe of a shell, and another encoding")
def test_a_reader_that_goes_away_ends_a_command_quietly(tmp_path: Path) -> None:
    command = f"{sys.executable} -m scrapy inspect {ARABIC} --text | head -c 1"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    env = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    plain = [sys.executable, "-m", "scrapy", "inspect", str(ARABIC), "--text"]
    shown = subprocess.run(plain, cwd=ROOT, env=env, capture_output=True, check=False, timeout=60)
    assert (shown.returncode, shown.stderr) == (0, b"")
