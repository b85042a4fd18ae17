"""What feeds and sitemaps list, read as a worker reads them."""

from __future__ import annotations

import json
import resource
import time
from typing import Any

import pytest

from crawler.frontier.listings.parse import read_listing
from crawler.frontier.listings.sniff import document_kind
from crawler.frontier.listings.types import DocumentKind, Limits, Listing
from crawler.output.publishing.revisions import has_content
from crawler.types import Announcement, DiscoveredUrl, Role

RSS = b"<?xml version='1.0'?><rss version='2.0'><channel><item><link>http://a.example/1</link></item><item><link>ftp://a.example/2</link></item><item><title>none</title></item><item><link>http://[x</link></item></channel></rss>"
ATOM = b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='http://a.example/1'/></entry></feed>"
MAP = b"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc> http://a.example/1 </loc></url><url><loc>/2</loc></url><url><loc>http://a:b/</loc></url></urlset>"
INDEX = b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>http://a.example/m.xml</loc></sitemap></sitemapindex>"


LIMITS = Limits()


def feed(data: bytes, url: str = "http://a.example/feed") -> Listing:
    return read_listing(DocumentKind.FEED, data, url, LIMITS)


def sitemap(data: bytes) -> Listing:
    return read_listing(DocumentKind.SITEMAP, data, "http://a.example/sitemap.xml", LIMITS)


def urls(listing: Listing) -> list[str]:
    return [entry.url for entry in listing.entries()]


def first(listing: Listing) -> DiscoveredUrl:
    return next(listing.entries())


@pytest.mark.parametrize(
    ("data", "expected"),
    [(RSS, ["http://a.example/1"]), (ATOM, ["http://a.example/1"]), (RSS[:120], ["http://a.example/1"]), (b"", [])],
)
def test_entries_of_a_feed(data: bytes, expected: list[str]) -> None:
    assert urls(feed(data)) == expected


@pytest.mark.parametrize(
    "reference",
    [
        "&#xD800;",
        "&#xd800",
        "&#XDFFF;",
        "&#55296;",
        "&#99999999;",
        "&#x110000;",
        "&#" + "9" * 5_000 + ";",
        "&#x" + "0" * 5_000 + "d800;",
        "&#0;",
        "&#x1F;",
        "&#xFFFE;",
    ],
)
def test_references_to_no_character_are_no_end_of_a_feed(reference: str) -> None:
    assert urls(feed(RSS.replace(b"<item>", f"<item><title>a {reference} b</title>".encode(), 1))) == [
        "http://a.example/1"
    ]


@pytest.mark.parametrize(
    "reference",
    ["&#xD800;", "&#xdfff;", "&#55296;", "&#99999999;", "&#" + "9" * 5_000 + ";", "&#0;", "&#1", "&#x1F;", "&#xFFFE;"],
)
@pytest.mark.parametrize(
    "entry",
    [
        "<url>{}</url>",
        "<url><title>{}</title></url>",
        "<url><loc>{}</loc></url>",
        "<url><n:news><n:title>{}</n:title></n:news></url>",
        "<url xmlns:x='{}'/>",
        "<url xmlns='{}'/>",
        "<url xmlns:x='{}'><x:loc>b</x:loc></url>",
        "<x:url xmlns:x='{}'/>",
        "<url x='{}'/>",
        "<!--{}-->",
        "<?x {}?>",
    ],
)
def test_references_to_no_character_are_no_end_of_a_sitemap(entry: str, reference: str) -> None:
    before = (
        b"<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>http://a.example/1</loc></url>"
    )
    after = b"<url><loc>http://a.example/2</loc></url></urlset>"
    found = sitemap(before + entry.format(f"a {reference} b").encode() + after)
    assert urls(found) == ["http://a.example/1", "http://a.example/2"]


@pytest.mark.parametrize("namespace", ["&#xD800;", "x&#0;", "\N{REPLACEMENT CHARACTER}"])
def test_the_namespace_of_a_sitemap_may_be_any(namespace: str) -> None:
    data = f"<urlset xmlns='{namespace}'><url><loc>http://a.example/1</loc></url></urlset>"
    assert urls(sitemap(data.encode())) == ["http://a.example/1"]


def test_references_to_characters_stay_in_a_feed() -> None:
    assert urls(feed(RSS.replace(b"example/1", b"example/&#49;&#x32;"))) == ["http://a.example/12"]


def test_feed_names_its_site() -> None:
    assert (
        feed(RSS.replace(b"<item>", b"<link>http://www.site.example/</link><item>", 1), "http://feeds.example/f").home
        == "http://www.site.example/"
    )
    assert feed(ATOM, "http://feeds.example/f").home is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (MAP, ("urlset", ["http://a.example/1"])),
        (INDEX, ("sitemapindex", ["http://a.example/m.xml"])),
        (MAP[:-40], ("urlset", ["http://a.example/1"])),
    ],
)
def test_entries_of_a_sitemap(data: bytes, expected: tuple[str, list[str]]) -> None:
    found = sitemap(data)
    assert (found.kind, urls(found)) == expected


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("<lastmod>2026-11-01T10:00:00+02:00</lastmod>", 1793520000),
        ("<lastmod>2026-11-01</lastmod>", 1793491200),
        ("<lastmod>soon</lastmod>", None),
        ("<lastmod/>", None),
        (
            "<n:news><n:publication_date>2026-11-01T08:00:00Z</n:publication_date><n:title>A story</n:title></n:news>",
            1793520000,
        ),
    ],
)
def test_dates_of_a_sitemap(dates: str, expected: int | None) -> None:
    data = MAP.replace(b"</loc></url>", f"</loc>{dates}</url>".encode(), 1).replace(
        b"<urlset ", b"<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9' "
    )
    assert first(sitemap(data)).lastmod == expected


def test_a_news_sitemap_gives_title_and_date() -> None:
    news = (
        b"<n:news><n:publication><n:name>Post</n:name></n:publication>"
        b"<n:publication_date>2026-11-01T08:00:00Z</n:publication_date><n:title>A  story</n:title></n:news>"
    )
    data = MAP.replace(b"</loc></url>", b"</loc>" + news + b"</url>", 1).replace(
        b"<urlset ", b"<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9' "
    )
    assert first(sitemap(data)).announced == Announcement(published="2026-11-01T08:00:00+00:00", title="A story")
    assert first(sitemap(MAP)).announced is None


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("<pubDate>Sun, 01 Nov 2026 08:00:00 GMT</pubDate>", 1793520000),
        ("<pubDate>never</pubDate>", None),
        ("<pubDate>Sun, 01 Nov 1926 08:00:00 GMT</pubDate>", None),
    ],
)
def test_dates_of_a_feed(date: str, expected: int | None) -> None:
    assert first(feed(RSS.replace(b"</link>", f"</link>{date}".encode(), 1))).lastmod == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "before", "entry", "most"),
    [
        ("sitemap", b"<urlset>", b"<url><loc>http://a.example/%d</loc></url>", LIMITS.sitemap_urls),
        ("sitemap", b"<sitemapindex>", b"<sitemap><loc>http://a.example/%d</loc></sitemap>", LIMITS.index_sitemaps),
        ("feed", b"<rss><channel>", b"<item><link>http://a.example/%d</link></item>", LIMITS.feed_entries),
    ],
)
def test_a_listing_is_read_as_far_as_its_limit(kind: str, before: bytes, entry: bytes, most: int) -> None:
    found = read_listing(
        DocumentKind(kind), before + b"".join(entry % n for n in range(most + 10)), "http://a.example/", LIMITS
    )
    assert urls(found) == [f"http://a.example/{n}" for n in range(most)]
    assert found.is_cut
    assert not read_listing(
        DocumentKind(kind), before + b"".join(entry % n for n in range(most)), "http://a.example/", LIMITS
    ).is_cut


BILLION = (
    b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
    + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)
FILE = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'><!ENTITY j SYSTEM 'http://127.0.0.1:9/'>]>"


@pytest.mark.parametrize(
    "declared",
    [BILLION, FILE, b"<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd' [<!ENTITY j 'x'><!ENTITY a 'x'>]>"],
    ids=["billion laughs", "external", "DTD"],
)
def test_entities_are_not_expanded_and_nothing_is_asked_for(declared: bytes) -> None:
    begun = time.process_time()
    assert urls(sitemap(declared + b"<urlset><url><loc>http://a.example/&j;&a;</loc></url></urlset>")) in (
        [],
        ["http://a.example/"],
    )
    found = feed(
        declared + b"<rss><channel><item><title>&a;</title><link>http://a.example/1?&j;</link></item></channel></rss>"
    )
    assert all(len(url) < 100 for url in urls(found))
    assert time.process_time() - begun < 2.0


@pytest.mark.parametrize(
    "junk",
    [
        pytest.param(b"<a/>" * 500_000, id="siblings that are no entries"),
        pytest.param(b"<url>" + b"<a/>" * 500_000, id="an entry of half a million elements"),
        pytest.param(b"<url><loc>" + b"http://a.example/" * 500_000, id="an address of 8 MB"),
        pytest.param(b"<a>" * 100_000, id="a hundred thousand levels"),
        pytest.param(b"<url a='" + b"x" * 8_000_000 + b"'>", id="an attribute of 8 MB"),
        pytest.param(b"<" * 1_000_000, id="a million openings"),
        pytest.param(b"<!--" * 1_000_000, id="comments in comments"),
        pytest.param(b"&x;" * 500_000, id="entities that are not declared"),
    ],
)
def test_what_a_sitemap_holds_beside_entries_costs_little(junk: bytes) -> None:
    begun, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = sitemap(b"<urlset><url><loc>http://a.example/1</loc></url>" + junk)
    assert "http://a.example/1" in urls(found)
    assert time.process_time() - begun < 10.0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 120_000  # kB


@pytest.mark.parametrize(
    ("junk", "is_cut"),
    [
        pytest.param(b"<url>" + b"<a/>" * 30_000 + b"</url>", True, id="an entry of too many elements"),
        pytest.param(b"<url><loc>" + b"x" * 11_000_000 + b"</loc></url>", True, id="more text than libxml2 reads"),
        pytest.param(b"<a>" * 300 + b"</a>" * 300, True, id="more levels than libxml2 reads"),
        pytest.param(b"<a></b>", False, id="an element that is closed otherwise"),
        pytest.param(b"<a/>" * 30_000, False, id="many elements that are no entries"),
    ],
)
def test_what_is_not_read_is_told(junk: bytes, is_cut: bool) -> None:
    before, after = (b"<url><loc>http://a.example/%d</loc></url>" % number for number in (1, 2))
    found = sitemap(b"<urlset>" + before + junk + after + b"</urlset>")
    assert found.error is None
    assert found.is_cut is is_cut
    assert urls(found) == ["http://a.example/1", "http://a.example/2"][: 1 if is_cut else 2]


def test_a_picture_is_not_the_address() -> None:
    picture = (
        b"<image:image><image:loc>http://a.example/p.jpg</image:loc><image:title>A picture</image:title></image:image>"
    )
    found = first(sitemap(b"<urlset xmlns:image='i'><url>" + picture + b"<loc>http://a.example/1</loc></url></urlset>"))
    assert found == DiscoveredUrl(url="http://a.example/1", role=Role.ARTICLE)


@pytest.mark.parametrize("data", [b"x <urlset ", b"\xff\xfe<urlset ", b""])
def test_sitemap_without_xml_is_named(data: bytes) -> None:
    assert sitemap(data).error == "no XML that could be read"


RSS_ENTRY = (
    b"<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>The Post</title><item>"
    b"<title>Lock to close</title><link>http://a.example/1</link><dc:creator>Mara Dell and Jo Li</dc:creator>"
    b"<pubDate>Sun, 01 Nov 2026 08:00:00 +0100</pubDate><category>Local</category><category>Lock</category>"
    b"</item></channel></rss>"
)
ATOM_UPDATED = (
    b"<feed xmlns='http://www.w3.org/2005/Atom'><title>The Post</title><entry><title>Lock</title>"
    b"<link href='http://a.example/1'/><author><name>The Post</name></author>"
    b"<updated>2026-11-05T08:00:00Z</updated></entry></feed>"
)
ATOM_PUBLISHED = (
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='http://a.example/1'/>"
    b"<published>2026-11-01T08:00:00Z</published><updated>2026-11-05T08:00:00Z</updated></entry></feed>"
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            RSS_ENTRY,
            Announcement(
                published="2026-11-01T08:00:00+01:00",
                title="Lock to close",
                authors=("Mara Dell", "Jo Li"),
                tags=("Local", "Lock"),
                origin="feed",
            ),
        ),
        (ATOM_UPDATED, Announcement(title="Lock", origin="feed")),
        (ATOM_PUBLISHED, Announcement(published="2026-11-01T08:00:00+00:00", origin="feed")),
    ],
    ids=["rss", "atom: an update, and the site as author", "atom: published"],
)
def test_what_a_feed_says_of_an_article(data: bytes, expected: Announcement) -> None:
    assert first(feed(data)).announced == expected


JSON_ITEM = {
    "id": "http://a.example/1",
    "url": "http://a.example/1",
    "title": "Lock &amp; key",
    "date_published": "2026-11-01T09:00:00+01:00",
    "date_modified": "2026-11-02T09:00:00Z",
    "authors": [{"name": "Wanda Perrick"}, {"name": "News"}, {"url": "x"}, 5],
    "tags": ["Locks", "Boats", 7],
    "content_html": "<p>" + "The board voted to close the lock. " * 20 + "</p><p>It reopens in May.</p>",
}
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "News",
    "home_page_url": "http://a.example/",
    "feed_url": "http://a.example/feed.json",
    "items": [JSON_ITEM],
}


def test_a_json_feed() -> None:
    data = json.dumps(JSON).encode()
    assert document_kind(data) is DocumentKind.FEED
    found = feed(data)
    assert found.home == "http://a.example/"
    entry = first(found)
    assert entry.announced is not None
    assert entry.announced.content is not None
    assert (entry.url, entry.lastmod) == ("http://a.example/1", 1_793_610_000)
    assert entry.announced.published == "2026-11-01T09:00:00+01:00"
    assert (entry.announced.authors, entry.announced.tags) == (("Wanda Perrick",), ("Locks", "Boats"))
    assert entry.announced.content.last == "itreopensinmay"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"items": None}, []),
        ({"items": {}}, []),
        ({"items": [5, None, {}, {"url": 5}, {"id": "/2"}]}, ["http://a.example/2"]),
        ({"items": [{"url": "ftp://a.example/"}, {"url": "http://[x"}]}, []),
        (
            {"hubs": "x", "title": 5, "items": [{**JSON_ITEM, "authors": "x", "tags": "y", "title": 5}]},
            [JSON_ITEM["url"]],
        ),
    ],
)
def test_what_a_json_feed_has_wrong_is_left_out(changes: dict[str, Any], expected: list[str]) -> None:
    assert urls(feed(json.dumps({**JSON, **changes}).encode())) == expected


@pytest.mark.parametrize("data", [b"{", b"{}" * 3, b'{"a": ' * 50_000])
def test_what_is_no_json_is_said(data: bytes) -> None:
    assert "it is no JSON" in (feed(data).error or "")


def test_the_full_text_of_an_entry_is_a_witness() -> None:
    html = "&lt;p&gt;" + "The board voted to close the lock. " * 20 + "&lt;/p&gt;&lt;p&gt;It reopens in May.&lt;/p&gt;"
    item = f"<item><link>http://a.example/1</link><description>{html}</description></item>"
    data = f"<rss version='2.0'><channel>{item}</channel></rss>"
    announced = first(feed(data.encode())).announced
    assert announced is not None
    content = announced.content
    assert content is not None
    whole = "The board voted to close the lock. " * 20 + "\nIt reopens in May."
    assert (has_content(whole, content), has_content(whole[:-20], content)) == (True, False)
    assert Announcement.of_values(json.loads(json.dumps(announced.to_values()))) == announced
    assert Announcement.of_values(announced.to_values()[:5]).content is None
    summary = data.replace("The board voted to close the lock. " * 20, "Short.")
    short = first(feed(summary.encode())).announced
    assert short is not None
    assert short.content is None
