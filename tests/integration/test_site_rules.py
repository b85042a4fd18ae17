"""Crawls with declared site rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.golden.cases import PAGES, ROOT

RIVER = "http://www.uplandreview.example/features/long-river"


def rules(folder: Path, text: str) -> tuple[str, str]:
    (folder / "sites").mkdir(exist_ok=True)
    (folder / "sites" / "rules.toml").write_text(text, "utf-8")
    return "-s", f"COPYDESK_SITE_RULES={folder / 'sites'}"


def text(name: str, file: str = "expected.json") -> str:
    return str(json.loads((PAGES / name / file).read_text("utf-8"))["text"])


def test_a_configuration_of_fivefilters(crawl: Callable[..., Any]) -> None:
    run = crawl(RIVER, "-s", f"COPYDESK_SITE_RULES={ROOT / 'fixtures' / 'site_configs'}")
    assert run.status == 0, run.stderr
    found = {line["url"]: line for line in run.lines()}
    assert found[RIVER]["site_rules"] == "uplandreview.example (uplandreview.example.txt)"
    assert found[RIVER]["text"] == text("multipage-river-1", "merged.json")
    assert run.stderr.count("fenmarketpost.example.txt: without effect: http_header") == 1


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("//div[@class='pagination']/a[1]", "multipage-river-2"),
        ("//div[@class='tools']/a[last()]", "multipage-river-1"),
    ],
    ids=["a page with the whole article", "one that does not exist"],
)
def test_a_single_page(crawl: Callable[..., Any], tmp_path: Path, place: str, expected: str) -> None:
    run = crawl(RIVER, *rules(tmp_path, f"[[site]]\nhosts = 'uplandreview.example'\nsingle_page = \"{place}\""))
    assert run.status == 0, run.stderr
    assert text(expected) in [line["text"] for line in run.lines() if line["page_count"] == 1]


def test_declared_urls(crawl: Callable[..., Any], tmp_path: Path) -> None:
    given = rules(tmp_path, "[[site]]\nhosts = 'harbour-post.example'\nlisting_urls = '/ferry-timetable'")
    run = crawl("http://harbour-post.example/", *given)
    assert run.status == 0, run.stderr
    assert not [line["url"] for line in run.lines() if "ferry-timetable" in line["url"]]
    assert len(run.lines()) > 3


def test_a_wrong_file_ends_the_crawl_before_it_begins(crawl: Callable[..., Any], tmp_path: Path) -> None:
    run = crawl(RIVER, *rules(tmp_path, "[[site]]\nhosts = 'uplandreview.example'\nbodi = 'main'"))
    assert run.status == 2
    assert "site rules: rules.toml:3: bodi: unknown key; did you mean body?" in run.stderr
    run = crawl(RIVER, "-s", f"COPYDESK_SITE_RULES={tmp_path / 'none'}")
    assert run.status == 2
    assert "there is no such folder" in run.stderr


def test_pages_on_disk(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    given = rules(tmp_path, "[[site]]\nhosts = 'uplandreview.example'\nbody = 'h1'\nkeep = 'p.deck'\ntitle = 'p.when'")
    page, output = PAGES / "multipage-river-1" / "input.html", tmp_path / "articles.jsonl"
    run = scrapy("clean", str(page), "--url", RIVER, "-O", str(output), *given)
    assert run.status == 0, run.stderr
    (line,) = run.lines()
    assert line["title"] == "8 June 2024"
    assert line["text"].startswith("A dam, a drowned village")
    assert "\n" not in line["text"]
