"""The counts of a run are the same wherever they are shown, and what is said of it is true of it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import check_account
from tests.support.commands import SCRAPY, run
from tests.support.servers import ROOT
from tests.support.web import listing, paragraphs, story, web

NEWS = "http://news.example"


@pytest.fixture
def shown(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """A crawl of a site with sections, a copy, and a dead link; what the log and the commands say of it."""
    urls = [f"{NEWS}/2026/11/the-story-of-number-{number}" for number in range(6)]
    pages = {url: story(f"The story of {url[-1]}", paragraphs(url)) for url in urls}
    pages |= {f"{urls[0]}?copy=1": pages[urls[0]]}
    sections = [f"{NEWS}/{name}/" for name in ("town", "sport", "culture")]
    pages |= {section: listing(*urls[number::3]) for number, section in enumerate(sections)}
    pages[f"{NEWS}/"] = listing(*sections, f"{urls[0]}?copy=1", f"{NEWS}/2026/11/a-story-that-is-not-there")

    def look(*more: str) -> dict[str, Any]:
        ledger = ("-s", f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}")
        with web(pages) as made:
            env = {**os.environ, "PYTHONPATH": str(ROOT), "http_proxy": made.address}
            crawl = [*SCRAPY, "crawl", "news", "-a", f"site={NEWS}/", "-o", str(tmp_path / "articles.jsonl"), *ledger]
            log = run([*crawl, *more], cwd=ROOT, env=env).stderr
            check_account(tmp_path, log)
            runs = run([*SCRAPY, "runs", *ledger], cwd=ROOT, env=env).stdout
            number = re.findall(r"^ +(\d+)  ", runs, re.MULTILINE)[0]
            one = run([*SCRAPY, "runs", number, *ledger], cwd=ROOT, env=env).stdout
        return {
            "log": log,
            "runs": runs.splitlines()[1].split(),
            "one": dict(re.findall(r"([a-z ]+?) (\d+)(?:  |$)", one.splitlines()[1])),
            "text": one,
            "report": json.loads((tmp_path / "run.json").read_text())["sites"][f"{NEWS}/"],
        }

    return look


def test_they_agree(shown: Callable[..., dict[str, Any]]) -> None:
    found = shown()
    assert "6 articles, 1 page rejected (HTTP 404 Not Found: 1), 1 duplicate; ended: finished" in found["log"]
    assert found["runs"][-1] == "1", "rejected"
    assert (found["one"]["rejected"], found["one"]["duplicate"], found["one"]["written"]) == ("1", "1", "6")
    assert found["one"]["followed"] == "4", "the front page and three sections"
    report = found["report"]
    assert (report["rejected"], report["followed"], report["duplicate"]) == ({"http_404": 1}, 4, 1)
    again = shown()
    assert "no new article: the 6 articles of these sites were written in earlier runs" in again["log"]
    assert "no site needs a look" in again["text"]


def test_a_run_that_failed_does_not_say_that_all_is_known(shown: Callable[..., dict[str, Any]]) -> None:
    shown()
    again = shown("-a", f"site={NEWS}/,http://gone.example/")
    assert "source failed: http://gone.example/" in again["log"]
    assert "no new article" not in again["log"]
    assert "no site needs a look" not in again["text"]
