"""What the pages of a site repeat is not in its articles: from the first article that a crawl writes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Site

NOTE = "The Weekly comes by boat on Thursdays; whoever wants to read it sooner must ask at the harbour office."


@pytest.fixture
def publishes(site: Site) -> Callable[..., None]:
    """Set what a site of any size publishes."""

    def publish(host: str, **values: object) -> None:
        known = json.loads(site.state.read_text()) if site.state.exists() else {}
        site.state.write_text(json.dumps({**known, host: values}))

    return publish


@pytest.fixture
def crawl_more(scrapy: Callable[..., Any], tmp_path: Path) -> Callable[[str], Any]:
    """Crawl a site again, into ``more.jsonl``."""

    def run(url: str) -> Any:
        return scrapy("crawl", "news", "-a", f"site={url}", "-O", str(tmp_path / "more.jsonl"))

    return run


def lines(run: Any) -> dict[str, tuple[str, list[str]]]:
    """The text of each article, and what its site's memory took out of it."""
    assert run.status == 0, run.stderr
    return {
        one["url"]: (one["text"], [r["text"] for r in one["removed"] if r["rule"].endswith("/repeated")])
        for one in run.lines()
    }


@pytest.mark.parametrize("count", [12, 40], ids=["all are held back", "the first are held back"])
def test_the_first_articles_of_a_site_are_cleaned_with_all_that_is_known(
    crawl: Callable[..., Any], publishes: Callable[..., None], count: int
) -> None:
    host = f"sized-{count}-note.example"
    publishes(host, note=NOTE)
    found = lines(crawl(f"http://{host}/"))
    assert len(found) == count
    assert all(NOTE not in text and removed == [NOTE] for text, removed in found.values())


def test_the_next_run_knows_the_site(
    crawl: Callable[..., Any], crawl_more: Callable[[str], Any], publishes: Callable[..., None]
) -> None:
    host = "sized-30-again.example"
    publishes(host, note=NOTE, count=25)
    lines(crawl(f"http://{host}/"))
    publishes(host, note=NOTE, count=26)
    run = crawl_more(f"http://{host}/")
    assert run.status == 0, run.stderr
    [one] = run.lines("more.jsonl")
    assert NOTE not in one["text"]
    assert NOTE in [removal["text"] for removal in one["removed"]]


def test_the_same_pages_give_the_same_lines(
    crawl: Callable[..., Any], publishes: Callable[..., None], tmp_path: Path
) -> None:
    """In any order, with any workers, and after a crawl that was killed there is the same memory."""
    host = "sized-18-same.example"
    publishes(host, note=NOTE)
    once = lines(crawl(f"http://{host}/", "-s", "COPYDESK_CLEAN_WORKERS=0"))
    (tmp_path / "ledger.sqlite").unlink()
    again = lines(crawl(f"http://{host}/", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "-s", "DOWNLOAD_DELAY=0"))
    assert once == again


@pytest.mark.parametrize(
    ("settings", "stays"),
    [
        (("-s", "COPYDESK_SITE_MEMORY=False"), 12),
        (("-s", "COPYDESK_SITE_MEMORY_HELD=0"), 12),
        (("-s", "COPYDESK_SITE_MEMORY_HELD=5"), 0),
    ],
)
def test_settings(
    crawl: Callable[..., Any], publishes: Callable[..., None], settings: tuple[str, ...], stays: int
) -> None:
    host = "sized-12-set.example"
    publishes(host, note=NOTE)
    found = lines(crawl(f"http://{host}/", *settings))
    assert sum(NOTE in text for text, _ in found.values()) == stays


def test_the_quota_counts_articles_that_are_held_back(
    crawl: Callable[..., Any], publishes: Callable[..., None], site: Site
) -> None:
    host = "sized-15-quota.example"
    publishes(host, note=NOTE)
    found = lines(crawl(f"http://{host}/", "-a", "max_articles=5"))
    assert len(found) == 5
    assert len([path for path in site.asked(host) if "/2026/" in path]) == 5


def test_an_article_that_was_written_before_the_site_was_known_is_not_written_again(
    crawl: Callable[..., Any], crawl_more: Callable[[str], Any], publishes: Callable[..., None], tmp_path: Path
) -> None:
    host = "sized-30-later.example"
    publishes(host, note=NOTE, count=3)
    assert all(NOTE in text for text, _ in lines(crawl(f"http://{host}/")).values())
    later = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 60))
    publishes(host, note=NOTE, count=10, size=1, touched=[0, 1, 2], at=later)  # other bytes, the same text
    run = crawl_more(f"http://{host}/")
    assert run.status == 0, run.stderr
    assert [NOTE in one["text"] for one in run.lines("more.jsonl")] == [False] * 7
    said = json.loads((tmp_path / "more.run.json").read_text())["sites"][f"http://{host}/"]
    assert (said["new"], said["changed"], said["unchanged"]) == (7, 0, 3)


def test_a_redesign_makes_the_run_degraded(
    crawl: Callable[..., Any], crawl_more: Callable[[str], Any], publishes: Callable[..., None]
) -> None:
    """Of stories of today: those older than 30 days may have the layout of their time."""
    host, today = "sized-60-new.example", time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
    publishes(host, count=40, published=today)
    assert crawl(f"http://{host}/").status == 0
    publishes(host, count=56, redesigned=40, published=today)
    run = crawl_more(f"http://{host}/")
    assert run.status == 5
    [line] = [line for line in run.stderr.splitlines() if "degraded: " in line and "new layout" in line]
    assert f"degraded: http://{host}/: new layout since " in line
    assert "16 articles; missing now: " in line
    assert "authors" in line
    assert line.count(f"http://{host}/2026/") == 2


def test_a_crawl_that_is_always_stopped_gets_on(
    scrapy: Callable[..., Any], publishes: Callable[..., None], tmp_path: Path
) -> None:
    host = "sized-40-stop.example"
    publishes(host, note=NOTE)
    counts = []
    for _ in range(3):
        scrapy(
            *("crawl", "news", "-a", f"site=http://{host}/", "-o", str(tmp_path / "articles.jsonl")),
            *("-s", "CLOSESPIDER_PAGECOUNT=14"),
        )
        written = (tmp_path / "articles.jsonl").read_bytes()
        counts.append(written.count(b"\n"))
    assert counts[0] < counts[1] < counts[2]
    texts = [json.loads(line)["text"] for line in written.splitlines()]
    assert all(NOTE not in text for text in texts)


@pytest.mark.parametrize(
    "settings",
    [
        ("CLOSESPIDER_ITEMCOUNT=5",),
        ('FEED_EXPORTERS={"jsonl": "tests.support.site.pipelines.TiredExporter"}',),
        ('ITEM_PIPELINES={"tests.support.site.pipelines.Faulty": 1}',),
    ],
)
def test_a_crawl_that_ends_while_held_articles_are_written_ends_at_once(
    crawl: Callable[..., Any], publishes: Callable[..., None], settings: tuple[str, ...]
) -> None:
    host = "sized-15-end.example"
    publishes(host, note=NOTE)
    started = time.monotonic()
    crawl(f"http://{host}/", *(part for setting in settings for part in ("-s", setting)))
    assert time.monotonic() - started < 30
