"""What a response is, by its bytes."""

from __future__ import annotations

import gzip

import pytest
from scrapy.http import Response

from crawler.documents import LARGEST_SITEMAP, MOST_ENTRIES, DocumentError, News, body, entries, kind, locations

RSS = b"<?xml version='1.0'?><rss version='2.0'><channel><item><link>http://a.example/1</link></item><item><link>ftp://a.example/2</link></item><item><title>none</title></item><item><link>http://[x</link></item></channel></rss>"
ATOM = b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='http://a.example/1'/></entry></feed>"
MAP = b"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc> http://a.example/1 </loc></url><url><loc>/2</loc></url><url><loc>http://a:b/</loc></url></urlset>"
INDEX = b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>http://a.example/m.xml</loc></sitemap></sitemapindex>"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (RSS, "feed"),
        (ATOM, "feed"),
        (b"<rdf:RDF xmlns='x'>", "feed"),
        (MAP, "sitemap"),
        (INDEX, "sitemap"),
        (b"<!doctype html><html><p>How <rss > feeds work", "page"),
        (b"<p>hello", "page"),
        (b"", "page"),
    ],
)
def test_kind(data: bytes, expected: str) -> None:
    assert kind(data) == expected


@pytest.mark.parametrize(("data", "expected"), [(RSS, ["http://a.example/1"]), (ATOM, ["http://a.example/1"]), (RSS[:120], ["http://a.example/1"]), (b"", [])])
def test_entries(data: bytes, expected: list[str]) -> None:
    assert [entry.url for entry in entries(data, "http://a.example/feed")[1]] == expected


def test_feed_names_its_site() -> None:
    assert entries(RSS.replace(b"<item>", b"<link>http://www.site.example/</link><item>", 1), "http://feeds.example/f")[0] == "http://www.site.example/"
    assert entries(ATOM, "http://feeds.example/f")[0] is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [(MAP, ("urlset", ["http://a.example/1"])), (INDEX, ("sitemapindex", ["http://a.example/m.xml"])), (MAP[:-40], ("urlset", ["http://a.example/1"]))],
)
def test_locations(data: bytes, expected: tuple[str, list[str]]) -> None:
    kind, found = locations(data)
    assert (kind, [entry.url for entry in found]) == expected


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("<lastmod>2026-11-01T10:00:00+02:00</lastmod>", 1793520000),
        ("<lastmod>2026-11-01</lastmod>", 1793491200),
        ("<lastmod>soon</lastmod>", None),
        ("<lastmod/>", None),
        ("<n:news><n:publication_date>2026-11-01T08:00:00Z</n:publication_date><n:title>A story</n:title></n:news>", 1793520000),
    ],
)
def test_dates_of_a_sitemap(dates: str, expected: int | None) -> None:
    data = MAP.replace(b"</loc></url>", f"</loc>{dates}</url>".encode(), 1).replace(b"<urlset ", b"<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9' ")
    assert list(locations(data)[1])[0].lastmod == expected


def test_a_news_sitemap_gives_title_and_date() -> None:
    news = b"<n:news><n:publication><n:name>Post</n:name></n:publication><n:publication_date>2026-11-01T08:00:00Z</n:publication_date><n:title>A  story</n:title></n:news>"
    data = MAP.replace(b"</loc></url>", b"</loc>" + news + b"</url>", 1).replace(b"<urlset ", b"<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9' ")
    assert list(locations(data)[1])[0].news == News(published="2026-11-01T08:00:00+00:00", title="A story")
    assert list(locations(MAP)[1])[0].news is None


@pytest.mark.parametrize(("date", "expected"), [("<pubDate>Sun, 01 Nov 2026 08:00:00 GMT</pubDate>", 1793520000), ("<pubDate>never</pubDate>", None), ("<pubDate>Sun, 01 Nov 1926 08:00:00 GMT</pubDate>", None)])
def test_dates_of_a_feed(date: str, expected: int | None) -> None:
    assert entries(RSS.replace(b"</link>", f"</link>{date}".encode(), 1), "http://a.example/feed")[1][0].lastmod == expected


def test_a_sitemap_is_read_as_far_as_the_protocol_goes() -> None:
    data = b"<urlset>" + b"".join(b"<url><loc>http://a.example/%d</loc></url>" % n for n in range(MOST_ENTRIES + 10)) + b"</urlset>"
    assert len(list(locations(data)[1])) == MOST_ENTRIES


def test_entities_of_a_sitemap_are_not_expanded() -> None:
    bomb = b"<!DOCTYPE x [<!ENTITY a 'http://a.example/aaaa'>]><urlset><url><loc>&a;</loc></url></urlset>"
    assert list(locations(bomb)[1]) == []


@pytest.mark.parametrize("data", [b"x <urlset ", b"\xff\xfe<urlset ", b""])
def test_sitemap_without_xml_is_named(data: bytes) -> None:
    with pytest.raises(DocumentError, match="no XML"):
        locations(data)


@pytest.mark.parametrize("data", [b"\x1f\x8b\x08\x00garbage", gzip.compress(b"\0" * (LARGEST_SITEMAP + 1))])
def test_damaged_and_exploding_gzip_is_named(data: bytes) -> None:
    with pytest.raises(DocumentError, match="gzip"):
        body(Response("http://a.example/s.xml.gz", body=data))


def test_gzipped_files_are_unpacked() -> None:
    assert body(Response("http://a.example/s.xml.gz", body=gzip.compress(MAP))) == MAP
    assert body(Response("http://a.example/s.xml", body=MAP)) == MAP
