"""Sites that real publishing software builds, with its own themes: every story once, nothing else, each field exact."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from cleaners.text.normalise import normalise
from cleaners.urls.identity import page_identity
from crawler.run_report.report_types import read_report
from tests.nightly.stock.build import SITES, build
from tests.nightly.stock.tools import install
from tests.support.commands import SCRAPY, run
from tests.support.servers import ROOT, serving

TOOLS = ROOT / ".venv" / "stock"
"""Where the generators are installed: in the folder of the environment, so that a second run finds them."""

FIELDS = ("title", "authors", "published", "section", "tags")

LACKING = {
    "nikola": {"section"},
    "mkdocs": {"published", "section", "tags"},
    "eleventy": {"authors", "published", "section"},
    "hexo": {"authors"},
}
"""Fields that the theme of a generator does not show, or not exactly: the dates of MkDocs and Eleventy are days, and
Hexo names the site as the author."""

IN_FEED = {"nikola": 10, "eleventy": 10}
"""Stories in a feed that does not have all of them."""


@dataclass(frozen=True)
class Stock:
    """The built sites, and the server that is asked for them."""

    address: str
    truth: dict[str, Any]
    unknown: Path
    """File with the other hosts that were asked for."""


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    """The sites, built once for each worker."""
    TOOLS.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{TOOLS}.lock"):
        tools = install(TOOLS)
    folder = tmp_path_factory.mktemp("stock")
    truth = build(folder, tools, list(SITES))
    unknown = folder / "unknown"
    with serving("tests.nightly.stock.server", str(folder), "--unknown", str(unknown)) as address:
        yield Stock(address=address, truth=truth, unknown=unknown)


def crawl(stock: Stock, url: str, folder: Path) -> list[dict[str, Any]]:
    """The articles of a crawl that ended well, all of whose URLs are accounted for."""
    output = folder / "articles.jsonl"
    settings = ("-s", f"COPYDESK_LEDGER={folder / 'ledger.sqlite'}")
    command = [*SCRAPY, "crawl", "news", "-a", f"site={url}", "-O", str(output), *settings]
    env = {**os.environ, "http_proxy": stock.address, "PYTHONPATH": str(ROOT)}
    done = run(command, cwd=ROOT, env=env, timeout=120)
    assert done.returncode == 0, done.stderr
    report = read_report(json.loads((folder / "run.json").read_text("utf-8")))
    assert report is not None
    assert all(account.is_balanced for account in report.sites.values()), report
    return [json.loads(line) for line in output.read_text("utf-8").split("\n")[:-1]]


def wanted(story: dict[str, Any]) -> dict[str, Any]:
    """The fields of a story as a record should have them."""
    return {
        "title": story["title"],
        "authors": [story["author"]],
        "published": story["published"],
        "section": story["category"],
        "tags": sorted(story["tags"]),
    }


def shown(record: dict[str, Any]) -> dict[str, Any]:
    """The same fields of a record."""
    return {**{name: record[name] for name in FIELDS}, "tags": sorted(record["tags"])}


@pytest.mark.parametrize("start", ["start", "feed", "sitemap"])
@pytest.mark.parametrize("name", SITES)
def test_every_story_once_and_nothing_else(stock: Stock, tmp_path: Path, name: str, start: str) -> None:
    site = stock.truth[name]
    if not site[start]:
        assert name in {"mkdocs", "material"}
        return
    records = crawl(stock, site[start], tmp_path)
    stories = {page_identity(url): story for url, story in site["stories"].items()}
    found = {page_identity(record["url"]): record for record in records}
    assert len(records) == len(found)
    assert set(found) <= set(stories)
    assert len(found) == (IN_FEED.get(name, len(stories)) if start == "feed" else len(stories))
    exact = [field for field in FIELDS if field not in LACKING.get(name, ())]
    for key, record in found.items():
        assert record["text"].split("\n") == [normalise(text) for text in stories[key]["paragraphs"]]
        expected, actual = wanted(stories[key]), shown(record)
        assert {field: actual[field] for field in exact} == {field: expected[field] for field in exact}, record["url"]


def test_no_other_host_is_asked(stock: Stock, tmp_path: Path) -> None:
    crawl(stock, stock.truth["nikola"]["start"], tmp_path)
    assert not stock.unknown.exists() or stock.unknown.read_text("utf-8") == ""
