"""Sites that scripts build are read as a reader sees them; other sites never start a browser; no page gets out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cleaners.text.normalise import normalise
from crawler.fetching.browser.chromium import find_chromium
from crawler.fetching.browser.foreign import MAX_HOSTS, MAX_OF_HOST, PACE_SECONDS
from crawler.run_report.report_types import read_report
from tests.end_to_end.rendered import hostile, mischief
from tests.end_to_end.rendered.build import QUICK, RENDERED, STATIC, build
from tests.end_to_end.rendered.canary import Canary
from tests.end_to_end.rendered.tools import Scripts
from tests.support.commands import SCRAPY, run
from tests.support.needs import missing
from tests.support.servers import ROOT, serving

ATTACKS = (
    *("fetch", "fetch-no-cors", "xhr-sync", "img", "iframe", "websocket", "eventsource", "beacon", "worker-blob"),
    *("webrtc-stun", "webtransport", "prefetch", "form-post", "window-open", "location", "redirect", "script-redirect"),
    *("loop", "alerts", "push-state", "big-script"),
)
"""Those of ``tests/end_to_end/rendered/hostile.py`` that the tests run; ``attack.py`` beside it runs all of them."""


@dataclass
class Crawl:
    """What a crawl wrote, and what was asked for."""

    status: int
    log: str
    records: dict[str, dict[str, Any]]
    rejections: dict[str, dict[str, Any]]
    asked: list[dict[str, Any]] = field(default_factory=list)
    folder: Path = Path()


def crawl(folder: Path, sites: str, address: str, log: Path, *settings: str) -> Crawl:
    output = folder / "articles.jsonl"
    options = [part for one in (f"COPYDESK_LEDGER={folder / 'ledger.sqlite'}", *settings) for part in ("-s", one)]
    command = [*SCRAPY, "crawl", "news", "-a", f"site={sites}", "-O", str(output), *options]
    env = {**os.environ, "http_proxy": address, "PYTHONPATH": str(ROOT)}
    done = run(command, cwd=ROOT, env=env, timeout=400)
    written = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    rejected = [json.loads(line) for line in (folder / "rejections.jsonl").read_text("utf-8").splitlines()]
    return Crawl(
        status=done.returncode,
        log=done.stderr,
        records={one["url"]: one for one in written},
        rejections={one["url"]: one for one in rejected},
        asked=[json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else [],
        folder=folder,
    )


@pytest.fixture(scope="module")
def browser() -> None:
    if find_chromium("") is None:
        missing("chromium")


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory, browser: None) -> Iterator[tuple[Crawl, dict[str, Any]]]:
    """One crawl of the sites, from their front pages."""
    yield from crawled_sites(tmp_path_factory.mktemp("rendered"), Scripts(), QUICK)


def crawled_sites(
    folder: Path, scripts: Scripts, names: tuple[str, ...]
) -> Iterator[tuple[Crawl, dict[str, Any]]]:
    """One crawl of the named sites, and the truth of each."""
    truth = build(folder, scripts, names)
    log = folder / "asked.jsonl"
    with serving("tests.end_to_end.rendered.server", str(folder), "--log", str(log)) as address:
        starts = ",".join(one["start"] for one in truth.values())
        yield crawl(folder, starts, address, log, "COPYDESK_RENDER=auto"), truth


@pytest.mark.parametrize("name", QUICK)
def test_every_story_is_found_whole(sites: tuple[Crawl, dict[str, Any]], name: str) -> None:
    check_stories(*sites, name)


def check_stories(crawled: Crawl, truth: dict[str, Any], name: str) -> None:
    """Every story of a site is there, whole."""
    stories = truth[name]["stories"]
    found = {url: one for url, one in crawled.records.items() if f"//{name}.example/" in url}
    assert set(found) == set(stories), crawled.log
    for url, record in found.items():
        assert record["text"].split("\n") == [normalise(text) for text in stories[url]["paragraphs"]]
        assert (record["title"], record["authors"]) == (stories[url]["title"], [stories[url]["author"]])


def test_every_url_has_an_outcome(sites: tuple[Crawl, dict[str, Any]]) -> None:
    check_account(sites[0])


def check_account(crawled: Crawl) -> None:
    """The crawl ended well, and every URL has an outcome."""
    assert crawled.status == 0, crawled.log
    assert "Traceback" not in crawled.log
    report = read_report(json.loads((crawled.folder / "run.json").read_text("utf-8")))
    assert report is not None
    assert all(account.is_balanced for account in report.sites.values())


@pytest.mark.parametrize("name", [name for name in STATIC if name in QUICK])
def test_a_static_site_is_never_rendered(sites: tuple[Crawl, dict[str, Any]], name: str) -> None:
    crawled, _ = sites
    paths = [one["path"] for one in crawled.asked if one["host"] == f"{name}.example"]
    assert paths
    assert not [path for path in paths if path.endswith(".js")]
    assert len(paths) == len(set(paths))


def test_a_site_that_needs_it_is_rendered_at_once(sites: tuple[Crawl, dict[str, Any]]) -> None:
    """After three pages for which it helped, the page is fetched once; robots.txt holds for pages."""
    check_requests(*sites)


def check_requests(crawled: Crawl, truth: dict[str, Any]) -> None:
    """No page of a site that is rendered is asked for more than twice."""
    for name in truth.keys() & RENDERED.keys():
        asked = [one["path"] for one in crawled.asked if one["host"] == f"{name}.example"]
        stories = [url.partition(".example")[2] for url in truth[name]["stories"]]
        assert min(asked.count(path) for path in stories) >= 1
        assert max(asked.count(path) for path in stories) <= 2


def test_without_rendering_nothing_is_found(sites: tuple[Crawl, dict[str, Any]], tmp_path: Path) -> None:
    crawled, truth = sites
    log = tmp_path / "asked.jsonl"
    with serving("tests.end_to_end.rendered.server", str(crawled.folder), "--log", str(log)) as address:
        again = crawl(tmp_path, truth["next-shell"]["start"], address, log)
    assert (again.status, again.records) == (3, {})
    assert {one["reason"] for one in again.rejections.values()} == {"scripted"}


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory, browser: None) -> Iterator[tuple[Crawl, list[str]]]:
    with Canary() as canary:
        folder = tmp_path_factory.mktemp("attacked")
        yield attack(folder, ATTACKS, canary), canary.heard


def attack(folder: Path, names: tuple[str, ...], canary: Canary) -> Crawl:
    """Crawl the hostile pages, all of which show a story first."""
    hostile.build(folder, canary.url)
    urls = "".join(f"<url><loc>http://hostile.example/{name}/</loc></url>" for name in names)
    sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    (folder / "sites" / "hostile" / "sitemap.xml").write_text(sitemap)
    log = folder / "asked.jsonl"
    limits = ("COPYDESK_RENDER=always", "DOWNLOAD_TIMEOUT=10", "COPYDESK_SITE_MEMORY=False", "RETRY_ENABLED=False")
    with serving("tests.end_to_end.rendered.server", str(folder), "--log", str(log)) as address:
        return crawl(folder, "http://hostile.example/sitemap.xml", address, log, *limits)


def test_no_attack_reaches_a_forbidden_address(attacked: tuple[Crawl, list[str]]) -> None:
    crawled, heard = attacked
    assert heard == []
    assert {one["host"] for one in crawled.asked} == {"hostile.example"}, "nor does the crawler ask for it"


def test_each_attack_ends_with_its_story_or_a_reason(attacked: tuple[Crawl, list[str]]) -> None:
    crawled, _ = attacked
    assert "Traceback" not in crawled.log
    report = read_report(json.loads((crawled.folder / "run.json").read_text("utf-8")))
    assert report is not None
    (account,) = report.sites.values()
    assert account.is_balanced
    assert set(account.pending) <= {"redirect"}
    assert {f"/{name}/" for name in ATTACKS} <= {one["path"] for one in crawled.asked}
    assert account.new + account.duplicate >= len(ATTACKS) * 3 // 4, "all show the same story"
    assert {one["title"] for one in crawled.records.values()} == {hostile.STORY.title}


def test_no_browser_is_left(attacked: tuple[Crawl, list[str]]) -> None:
    crawled, _ = attacked
    assert crawled.records
    ps = shutil.which("pgrep")
    if ps is not None:
        found = subprocess.run([ps, "-f", "nowhere.invalid"], capture_output=True, text=True, check=False)
        assert found.stdout == ""


@pytest.fixture(scope="module")
def asked_elsewhere(tmp_path_factory: pytest.TempPathFactory, browser: None) -> dict[str, list[dict[str, Any]]]:
    """What pages that attack other sites had the crawler ask for, by host."""
    folder = tmp_path_factory.mktemp("mischief")
    mischief.build(folder)
    log = folder / "asked.jsonl"
    limits = ("COPYDESK_RENDER=always", "DOWNLOAD_TIMEOUT=20", "COPYDESK_SITE_MEMORY=False", "DOWNLOAD_DELAY=0.1")
    with serving("tests.end_to_end.rendered.server", str(folder), "--log", str(log)) as address:
        crawled = crawl(folder, "http://mischief.example/sitemap.xml", address, log, *limits)
    assert {one["title"].rstrip("!") for one in crawled.records.values()} == {mischief.STORY.title}
    found: dict[str, list[dict[str, Any]]] = {}
    for one in crawled.asked:
        found.setdefault(one["host"], []).append(one)
    assert {f"/{name}/" for name in mischief.PAGES} <= {one["path"] for one in found["mischief.example"]}
    return found


def test_a_page_writes_nothing_to_another_site(asked_elsewhere: dict[str, list[dict[str, Any]]]) -> None:
    victim = asked_elsewhere["victim.example"]
    assert {one["method"] for one in victim} <= {"GET", "OPTIONS"}
    paths = {one["path"] for one in victim if one["method"] == "GET"}
    assert not {path for path in paths if path.startswith("/write")}
    assert "/secret" not in paths
    assert {"/consents", "/cdn.js"} <= paths


def test_a_page_asks_another_site_little_and_slowly_and_by_its_rules(
    asked_elsewhere: dict[str, list[dict[str, Any]]],
) -> None:
    victim = asked_elsewhere["victim.example"]
    assert victim[0]["path"] == "/robots.txt"
    assert not [one for one in victim if one["path"].startswith("/private")]
    flood = [one["at"] for one in victim if one["path"].startswith("/flood")]
    assert 5 <= len(flood) <= MAX_OF_HOST
    assert max(sum(at <= other < at + 1 for other in flood) for at in flood) <= 1 / PACE_SECONDS + 2
    sprayed = [host for host in asked_elsewhere if host.startswith("h") and host[1:].partition(".")[0].isdecimal()]
    assert len(sprayed) <= MAX_HOSTS
