"""RSS of the newest articles, as a feed reader reads it."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import feedparser
import pytest

from cleaners import Article, clean
from cleaners.record.serialize import to_values
from crawler.output.formats.rss import MAX_ITEMS, RssExporter, moment_of
from tests.golden import cases

FOUND = clean(cases.load(cases.PAGES / "wire-agency"))
assert isinstance(FOUND, Article)
ARTICLE = FOUND


def feed(*articles: Article) -> Any:
    file = io.BytesIO()
    exporter = RssExporter(file)
    exporter.start_exporting()
    for article in articles:
        exporter.export_item(article)
    exporter.finish_exporting()
    read = feedparser.parse(file.getvalue())
    assert not read.bozo, read.bozo_exception
    return read


def test_an_article_is_an_item() -> None:
    made = replace(ARTICLE, published="2026-11-26T08:15:00+01:00", tags=("Water", "Law"), section="News")
    (item,) = feed(made).entries
    assert (item.title, item.link) == (ARTICLE.title, ARTICLE.canonical_url or ARTICLE.url)
    assert item.id == f"urn:copydesk:article:{ARTICLE.id}"
    assert item.published_parsed[:5] == (2026, 11, 26, 7, 15)
    assert item.author == ", ".join(ARTICLE.authors)
    assert [tag.term for tag in item.tags] == ["News", "Water", "Law"]
    assert item.summary == (ARTICLE.description or ARTICLE.text[:500])


def test_the_newest_articles_come_first_and_there_are_not_too_many() -> None:
    days = [f"2026-{1 + n // 28:02}-{1 + n % 28:02}" for n in range(MAX_ITEMS + 30)]
    made = [replace(ARTICLE, id=f"{n:020}", published=day) for n, day in enumerate(days)]
    entries = feed(*made[::2], *made[1::2]).entries
    assert len(entries) == MAX_ITEMS
    assert [entry.id for entry in entries] == [f"urn:copydesk:article:{n:020}" for n in range(len(made) - 1, 29, -1)]


def test_a_feed_of_one_site_has_its_name() -> None:
    assert feed(ARTICLE).feed.title == ARTICLE.site_name
    assert feed(ARTICLE, replace(ARTICLE, site_name="Another")).feed.title == "Articles"
    assert feed().feed.title == "Articles"
    assert feed().entries == []


@pytest.mark.parametrize("odd", ["\x00 \x1b", "\ud800", "<script>alert(1)</script>", "]]>", "&amp;", "\ufffe"])
def test_odd_texts_stay_xml(odd: str) -> None:
    made = replace(ARTICLE, title=f"A {odd} B", tags=(odd,), authors=(f"Ada {odd}",), description=None)
    (item,) = feed(made).entries
    assert item.title.startswith("A ")


@pytest.mark.parametrize(
    ("published", "fetched", "expected"),
    [
        ("2026-11-26T08:15:00+01:00", None, "2026-11-26T08:15:00+01:00"),
        ("2026-11-26", None, "2026-11-26T00:00:00+00:00"),
        (None, "2026-11-27T00:00:00+00:00", "2026-11-27T00:00:00+00:00"),
        (None, None, "0001-01-01T00:00:00+00:00"),
        ("9999-12-31", "2026-11-27T00:00:00+00:00", "2026-11-27T00:00:00+00:00"),
        ("2026-13-45", "2026-11-27T00:00:00+00:00", "2026-11-27T00:00:00+00:00"),
    ],
)
def test_moments(published: str | None, fetched: str | None, expected: str) -> None:
    record = {**to_values(ARTICLE), "published": published, "fetched_at": fetched}
    assert moment_of(record).isoformat() == expected


def test_of_several_versions_the_last_is_an_item() -> None:
    old = replace(ARTICLE, title="Old", revision=1)
    entries = feed(old, replace(ARTICLE, id="0" * 20), replace(ARTICLE, title="New", revision=2), old).entries
    assert [entry.title for entry in entries if entry.id.endswith(ARTICLE.id)] == ["New"]
    assert len(entries) == 2


def test_an_impossible_date_is_none() -> None:
    (item,) = feed(replace(ARTICLE, published="2026-13-45", url="http://[")).entries
    assert "published" not in item
