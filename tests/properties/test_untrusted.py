"""Whatever a server sends beside pages, and whatever a page makes of a record: only the exceptions that are named,
always bounded."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from protego import Protego

from cleaners import Article, Page, clean
from cleaners.html.decode import decode
from cleaners.html.links import find_feeds, find_next_page, outlinks
from cleaners.html.parse import parse
from cleaners.options import DEFAULT
from cleaners.record.schema import schema
from cleaners.record.serialize import from_json, to_json
from cleaners.types import Image, Link, PageRejected, Removal
from cleaners.urls.robots_path import matches_path
from crawler.fetching.exceptions import RequestRefused
from crawler.fetching.network.address_policy import AddressPolicy
from crawler.fetching.network.download_handler import content_codings
from crawler.fetching.politeness.crawl_traps import Budget, SiteYield, is_trap_url, url_pattern
from crawler.fetching.politeness.host_rights import HostRights
from crawler.fetching.politeness.robotstxt import relevant_lines
from crawler.files.decompression import CODINGS, DamagedStreamError, StreamTooLargeError, decompress
from crawler.frontier.listings import sniff
from crawler.frontier.listings.parse import read_listing
from crawler.frontier.listings.types import DocumentKind, Limits
from crawler.frontier.select import of_feed, of_sitemap
from crawler.log_sanitizer import escape_controls
from crawler.types import Source
from tests.properties.limits import bounded
from tests.unit.cleaners.pages import page, story

QUICK = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LIMITS = Limits(feed_entries=50, sitemap_urls=50, index_sitemaps=50)
SOURCE = Source(url="http://a.example/")
ANY = st.text(st.characters(exclude_categories=()), max_size=60)
"""Text with lone surrogates and controls."""
TYPES = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "text/html; charset=utf-7",
            "text/html; charset=utf-16",
            "text/html; charset=zip",
            "text/html; charset=idna",
            "text/html;charset=hz",
            "charset=\x00",
        ]
    ),
    ANY,
)
XML = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "<url>",
                "</url>",
                "<loc>",
                "</loc>",
                "http://a.example/news/a-story-of-the-lock-1",
                "<lastmod>2026-11-01</lastmod>",
                "<sitemap>",
                "<item>",
                "</item>",
                "<link>",
                "</link>",
                "<entry>",
                "<link href='http://a.example/2'/>",
                "<pubDate>Sun, 01 Nov 2026 08:00:00 GMT</pubDate>",
                "<![CDATA[",
                "]]>",
                "&x;",
                "&#xD800;",
                "<!ENTITY x 'y'>",
                "<?xml version='1.0' encoding='utf-16'?>",
                "<n:news>",
                "\x00",
                "<guid>",
                "<title>",
                "<channel>",
            ]
        ),
        ANY,
    ),
    max_size=40,
).map("".join)
ROBOTS = st.lists(
    st.sampled_from(
        [
            "User-agent: ",
            "user agent ",
            "*",
            "copydesk",
            "copy",
            "other",
            "\n",
            "\n\n",
            "\r",
            "\x0b",
            "\u2028",
            "Disallow: ",
            "dissallow ",
            "Allow:",
            "/",
            "/news/",
            "/news/*$",
            "Sitemap: ",
            "Crawl-delay: ",
            "9",
            "Content-Usage: ai=n",
            "#",
            " ",
            ":",
            "x: y",
        ]
    ),
    max_size=40,
).map(lambda words: "".join(words).encode())
PATHS = st.lists(
    st.sampled_from(["a", "/", "2026", "11", "?", "&", "=", "..", "%2f", "page", "-", "é"]), max_size=30
).map("".join)


@QUICK
@given(st.binary(max_size=400), TYPES)
def test_decode(body: bytes, content_type: str | None) -> None:
    with bounded():
        try:
            html = decode(Page(url="http://a.example/x", body=b"<p>" + body, content_type=content_type), DEFAULT)
            html.data.decode()
            tree = parse(html, DEFAULT)
        except PageRejected as refused:
            assert refused.stage in ("decode", "parse")  # noqa: PT017  the one exception that is named
            return
        for link in outlinks(tree, "http://a.example/x"):
            assert link.url.startswith(("http://", "https://"))
        assert all(feed.startswith(("http://", "https://")) for feed in find_feeds(tree, "http://a.example/x"))
        assert find_next_page(tree, "http://a.example/x") is None or "a.example" in str(
            find_next_page(tree, "http://a.example/x")
        )


@QUICK
@given(
    st.sampled_from(
        [
            "<urlset>",
            "<sitemapindex>",
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>",
            "<x:urlset>",
            "<!DOCTYPE x [<!ENTITY x 'y'>]><urlset>",
        ]
    ),
    XML,
)
def test_sitemaps(root: str, markup: str) -> None:
    data = f"{root}{markup}".encode("utf-8", "surrogatepass")
    with bounded():
        sniff.document_kind(data)
        found = read_listing(DocumentKind.SITEMAP, data, "http://a.example/sitemap.xml", LIMITS)
        entries = list(found.entries())
        assert len(entries) <= 50
        assert all(entry.url.startswith(("http://", "https://")) for entry in entries)
        list(of_sitemap(entries, SOURCE))


@QUICK
@given(
    st.sampled_from(
        [
            "<rss version='2.0'><channel>",
            "<feed xmlns='http://www.w3.org/2005/Atom'>",
            "<rdf:RDF>",
            "<!DOCTYPE rss [<!ENTITY x 'y'>]><rss>",
            "<rss>",
        ]
    ),
    XML,
)
def test_feeds(root: str, markup: str) -> None:
    data = f"{root}{markup}".encode("utf-8", "surrogatepass")
    with bounded():
        sniff.document_kind(data)
        found = read_listing(DocumentKind.FEED, data, "http://a.example/feed", LIMITS)
        entries = list(found.entries())
        assert all(entry.url.startswith(("http://", "https://")) for entry in entries)
        list(of_feed(entries, found.home, SOURCE))


@QUICK
@given(st.binary(max_size=300))
def test_listings_of_any_bytes(data: bytes) -> None:
    with bounded():
        list(read_listing(DocumentKind.FEED, b"<rss>" + data, "http://a.example/feed", LIMITS).entries())
        list(read_listing(DocumentKind.SITEMAP, b"<urlset>" + data, "http://a.example/feed", LIMITS).entries())


ARTICLE = clean(page(story()))
assert isinstance(ARTICLE, Article)


@QUICK
@given(ANY, ANY, st.lists(ANY.filter(bool), max_size=3, unique_by=lambda word: word.encode("utf-8", "replace")))
def test_records(text: str, title: str, words: list[str]) -> None:
    article = replace(
        ARTICLE,
        text=text or "x",
        title=title or "x",
        authors=tuple(words),
        tags=tuple(words),
        images=tuple(Image(url=f"http://a.example/{word}", caption=word, credit=None) for word in words),
        related=tuple(Link(title=word, url="http://a.example/") for word in words),
        removed=tuple(Removal(kind="promo", text=word or "x", path=f"/{word}", rule="x", score=0.5) for word in words),
    )
    with bounded():
        line = to_json(article)
    data = line.encode()
    assert len(line.splitlines()) == len(data.splitlines()) == 1
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in line)
    Draft202012Validator(schema()).validate(json.loads(data))
    assert to_json(from_json(line)) == line


@QUICK
@given(
    st.one_of(ANY, PATHS),
    st.sampled_from(["http://", "https://a.example/", "http://a.example", "//", "http://127.0.0.1:", "http://[::"]),
)
def test_addresses(value: str, beginning: str) -> None:
    url = beginning + value
    with bounded():
        try:
            AddressPolicy.of([], [80, 443]).check(url)
        except RequestRefused as refused:
            assert refused.reason  # noqa: PT017
            return
        is_trap_url(url)
        url_pattern(url)
        sites = SiteYield(Budget(pages=5, hosts=5, barren=5, barren_site=5))
        sites.count_request(url)
        sites.record(url, is_productive=False)
        assert sites.refusal(url) is None


@QUICK
@given(st.text(max_size=30))
def test_openings(entry: str) -> None:
    with bounded():
        try:
            AddressPolicy.of([entry], [80])
        except ValueError as error:
            assert str(error)  # noqa: PT017


@QUICK
@given(st.binary(max_size=300), st.sampled_from(sorted(CODINGS)))
def test_codings(data: bytes, coding: str) -> None:
    with bounded():
        content_codings(data)
        try:
            assert len(decompress(data, coding, 1_000)) <= 1_000
        except (DamagedStreamError, StreamTooLargeError) as error:
            assert str(error)  # noqa: PT017


@QUICK
@given(st.one_of(st.binary(max_size=200), ROBOTS), st.binary(max_size=200))
def test_robots(robots: bytes, tdmrep: bytes) -> None:
    url = "http://a.example/" + robots[:20].decode("latin-1").replace("[", "").replace("]", "")
    with bounded():
        rules = relevant_lines(robots, "copydesk/1.0")
        HostRights.of(rules, tdmrep).for_url(url)
        found = Protego.parse(rules)
        assert found.can_fetch(url, "copydesk/1.0") in (True, False)
        assert found.can_fetch("http://a.example/news/1", "copydesk/1.0") is Protego.parse(
            robots.decode("utf-8-sig", "ignore")
        ).can_fetch("http://a.example/news/1", "copydesk/1.0")


@QUICK
@given(st.text("ab*$/", max_size=30), st.text("ab/", max_size=60))
def test_rules_of_paths(place: str, path: str) -> None:
    import re  # noqa: PLC0415

    pattern = "".join(".*" if char == "*" else re.escape(char) for char in place.removesuffix("$"))
    assert matches_path(place, path) == (re.match(pattern + (r"\Z" if place.endswith("$") else ""), path) is not None)


@QUICK
@given(ANY)
def test_log(text: str) -> None:
    with bounded():
        shown = escape_controls(text)
    assert len(shown.splitlines() or [""]) == 1
    assert escape_controls(shown) == shown
    shown.encode()
