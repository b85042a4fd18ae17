"""Feeds and sitemaps that are dense in one thing, of any size."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.support.dense import Unit, units
from tests.support.dense.pages import name, sentence

ITEM = "<item><title>Lock {n}</title><link>http://a.example/{n}</link></item>"
FULL_ITEM = (
    "<item><title>Lock {n}</title><link>http://a.example/{n}</link><guid>http://a.example/{n}</guid><description>"
    "&lt;p>Text of the lock {n}.&lt;/p></description><pubDate>Sun, 01 Nov 2026 08:00:00 GMT</pubDate>"
    "<dc:creator>Mara Dell</dc:creator><category>Local</category><category>Lock</category></item>"
)
ENTRY = (
    "<entry><title>Lock {n}</title><link href='http://a.example/{n}'/><updated>2026-11-01T08:00:00Z</updated></entry>"
)
RSS_HEAD = (
    "<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:media='http://search.yahoo.com/mrss/' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
    "<channel><title>Post</title>"
)
RSS = RSS_HEAD, "</channel></rss>"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Post</title>", "</feed>"
RDF_HEAD = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
    "<channel><title>Post</title></channel>"
)
RDF = RDF_HEAD, "</rdf:RDF>"
FIRST = ITEM.replace("{n}", "first")
LAST = ITEM.replace("{n}", "last")
ATOM_FIRST = ENTRY.replace("{n}", "first")


@dataclass(frozen=True, slots=True, kw_only=True)
class DenseListing:
    """A kind of listing: what is repeated, and between what."""

    unit: Unit
    opening: str
    closing: str

    def document(self, size: int) -> bytes:
        """A listing of about ``size`` bytes."""
        return (self.opening + "".join(units(self.unit, size)) + self.closing).encode()


def rss(unit: Unit, opening: str = "", closing: str = "") -> DenseListing:
    """RSS with a first item, what is repeated, and a last item."""
    return DenseListing(unit=unit, opening=RSS[0] + FIRST + opening, closing=closing + LAST + RSS[1])


def item(unit: Unit, opening: str = "", closing: str = "") -> DenseListing:
    """RSS whose second item holds what is repeated."""
    return rss(unit, f"<item><link>http://a.example/0</link>{opening}", f"{closing}</item>")


def broken(dense: DenseListing) -> DenseListing:
    """The same with an ampersand that XML does not allow at the beginning: feedparser's other parser reads it."""
    return DenseListing(unit=dense.unit, opening=dense.opening.replace("Post<", "A & B<", 1), closing=dense.closing)


def atom(unit: Unit, opening: str = "", closing: str = "") -> DenseListing:
    """Atom with a first entry, and what is repeated."""
    return DenseListing(unit=unit, opening=ATOM[0] + ATOM_FIRST + opening, closing=closing + ATOM[1])


def json_feed(unit: Unit, opening: str = "", closing: str = "") -> DenseListing:
    """A JSON Feed with a first item, and what is repeated."""
    head = '{"version": "https://jsonfeed.org/version/1.1", "title": "Post", "items": [{"url": "http://a.example/0"}, '
    return DenseListing(unit=unit, opening=head + opening, closing=f"{closing} 0]}}")


WELL_FORMED: dict[str, DenseListing] = {
    "RSS, items": rss(ITEM),
    "RSS, full items": rss(FULL_ITEM),
    "RSS, empty items": rss("<item/>"),
    "RSS, items in items": rss("<item>", "", ""),
    "RSS, items of another namespace": rss("<x:item xmlns:x='u'/>"),
    "RSS, items in comments": rss("<!--<item>-->"),
    "RSS, items in a text": rss("<![CDATA[<item>]]>"),
    "Atom, entries": atom(ENTRY),
    "Atom, empty entries": atom("<entry/>"),
    "RDF, items": DenseListing(unit=ITEM, opening=RDF[0], closing=RDF[1]),
    "item, attributes": item("a{n}='1' ", "<x ", "/>"),
    "item, its own attributes": rss("a{n}='1' ", "<item ", "><link>http://a.example/0</link></item>"),
    "item, attributes of many": item("<x a='1' b='2' c='3' d='4'/>"),
    "item, a hundred attributes each": item("<x " + " ".join(f"a{k}='1'" for k in range(100)) + "/>"),
    "item, a long attribute": item("x", "<x a='", "'/>"),
    "item, namespaces": item("<a{n}:x xmlns:a{n}='u{n}'/>"),
    "item, namespaces of one": item("xmlns:a{n}='u{n}' ", "<x ", "/>"),
    "item, namespaces, nested": item("<a{n}:x xmlns:a{n}='u{n}'>"),
    "item, categories": item("<category>x{n}</category>"),
    "item, one category": item("<category>x</category>"),
    "item, a long category": item("word {n}, ", "<category>", "</category>"),
    "item, keywords": item("<media:keywords>x{n}</media:keywords>"),
    "item, subjects": item("<dc:subject>x{n}</dc:subject>"),
    "item, enclosures": item("<enclosure url='http://a.example/{n}' type='x'/>"),
    "item, links": item("<link>http://a.example/{n}</link>"),
    "item, titles": item("<title>x{n}</title>"),
    "item, creators": item(lambda n: f"<dc:creator>{name(n)}</dc:creator>"),
    "item, authors": item(lambda n: f"<author>{name(n)} a{n}@b.example</author>"),
    "item, a long author": item(lambda n: f"{name(n)}, ", "<dc:creator>", "</dc:creator>"),
    "item, contributors": item(lambda n: f"<dc:contributor>{name(n)}</dc:contributor>"),
    "item, dates": item("<pubDate>Sun, 01 Nov 2026 08:00:00 GMT</pubDate>"),
    "item, odd dates": item("<pubDate>1. Nov {n} 2026</pubDate>"),
    "item, a long date": item("2026-11-01 ", "<pubDate>", "</pubDate>"),
    "item, pictures": item("<media:content url='http://a.example/{n}.jpg'/>"),
    "item, thumbnails": item("<media:thumbnail url='http://a.example/{n}.jpg'/>"),
    "item, elements": item("<x/>"),
    "item, elements of many names": item("<x{n}>y</x{n}>"),
    "item, elements nested": item("<x>", "", ""),
    "item, descriptions": item("<description>x{n}</description>"),
    "item, content": item(lambda n: f"&lt;p>{sentence(n)}&lt;/p>", "<description>", "</description>"),
    "item, content of tags": item("&lt;b>x", "<description>", "</description>"),
    "item, content of links": item("&lt;a href='{n}'>x&lt;/a>", "<description>", "</description>"),
    "item, content of openings": item("&lt;", "<description>", "</description>"),
    "item, content of openings of tags": item("&lt;a ", "<description>", "</description>"),
    "item, content of comments": item("&lt;!--", "<description>", "</description>"),
    "item, content of attributes": item("a{n}=1 ", "<description>&lt;p ", "></description>"),
    "item, content of entities": item("&amp;eacute;", "<description>", "</description>"),
    "item, content of ampersands": item("&amp;", "<description>", "</description>"),
    "item, content in CDATA": item(
        lambda n: f"<p>{sentence(n)}</p>", "<content:encoded><![CDATA[", "]]></content:encoded>"
    ),
    "item, content of styles": item("&lt;p style='color: red'>x", "<description>", "</description>"),
    "item, content of nested elements": item("&lt;div>", "<description>", "</description>"),
    "item, contents": item("<content:encoded>x{n}</content:encoded>"),
    "item, references": item("&#233;", "<title>", "</title>"),
    "item, text": item("word ", "<title>", "</title>"),
    "item, white space": item(" ", "<title>", "</title>"),
    "item, sources": item("<source url='http://a.example/{n}'>x</source>"),
    "item, chapters": item("<psc:chapter xmlns:psc='http://podlove.org/simple-chapters' start='1'/>"),
    "entry, categories": atom("<category term='x{n}'/>", "<entry>", "</entry>"),
    "entry, links": atom("<link rel='alternate' href='http://a.example/{n}'/>", "<entry>", "</entry>"),
    "entry, authors": atom(lambda n: f"<author><name>{name(n)}</name></author>", "<entry>", "</entry>"),
    "entry, contents": atom("<content>x{n}</content>", "<entry>", "</entry>"),
    "entry, XHTML": atom(
        "<p>x{n}</p>",
        "<entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>",
        "</div></content></entry>",
    ),
    "entry, summary in base64": atom("YWFh", "<entry><content type='image/png'>", "</content></entry>"),
    "feed, links": rss("<link>http://a.example/{n}</link>"),
    "feed, categories": rss("<category>x{n}</category>"),
    "feed, pictures": rss("<image><url>http://a.example/{n}</url></image>"),
    "feed, elements": rss("<x/>"),
    "feed, elements of many names": rss("<x{n}>y</x{n}>"),
    "feed, Atom links": atom("<link rel='self' href='http://a.example/{n}'/>"),
    "feed, attributes of the root": DenseListing(
        unit="a{n}='1' ", opening="<rss ", closing=f"><channel>{FIRST}</channel></rss>"
    ),
    "feed, namespaces of the root": DenseListing(
        unit="xmlns:a{n}='u{n}' ", opening="<rss ", closing=f"><channel>{FIRST}</channel></rss>"
    ),
    "feed, bases": atom("<entry xml:base='{n}/'/>"),
    "feed, bases nested": atom("<x xml:base='{n}/'>"),
    "feed, languages nested": atom("<x xml:lang='a{n}'>"),
    "feed, comments": rss("<!---->"),
    "feed, instructions": rss("<?x y?>"),
    "feed, white space": rss(" "),
    "feed, declared entities": DenseListing(
        unit="<!ENTITY a{n} 'x'>",
        opening="<!DOCTYPE rss [",
        closing=f"]><rss version='2.0'><channel>{FIRST}</channel></rss>",
    ),
    "feed, declarations": DenseListing(
        unit="<!ELEMENT a{n} ANY>",
        opening="<!DOCTYPE rss [",
        closing=f"]><rss version='2.0'><channel>{FIRST}</channel></rss>",
    ),
}
"""Feeds that are well-formed XML, or end before they are."""

MALFORMED: dict[str, DenseListing] = {
    "openings": rss("<"),
    "openings of tags": rss("<a "),
    "openings of closing tags": rss("</"),
    "openings of comments": rss("<!--"),
    "openings of declarations": rss("<!"),
    "openings of texts": rss("<![CDATA["),
    "openings of instructions": rss("<?"),
    "quotes": rss("<a b='"),
    "ampersands": rss("&"),
    "entities": rss("&eacute;"),
    "entities that nobody declared": rss("&x{n};"),
    "closing tags": rss("</item>"),
    "attributes with tags": item('a{n}="<" ', "<x ", "/>"),
}
"""Feeds that are no XML."""

JSON: dict[str, DenseListing] = {
    "JSON, items": json_feed('{"url": "http://a.example/{n}", "title": "Lock {n}"}, '),
    "JSON, small items": json_feed('{"id":"/{n}"},'),
    "JSON, empty items": json_feed("{}, "),
    "JSON, nested": json_feed("["),
    "JSON, keys of an item": json_feed('"a{n}": 1, ', '{"url": "http://a.example/1", ', '"b": 1}, '),
    "JSON, tags": json_feed('"x{n}", ', '{"url": "http://a.example/1", "tags": [', '""]}, '),
    "JSON, authors": json_feed(
        lambda n: json.dumps({"name": name(n)}) + ", ", '{"url": "http://a.example/1", "authors": [', "{}]}, "
    ),
    "JSON, an author": json_feed(
        lambda n: f"{name(n)}, ", '{"url": "http://a.example/1", "authors": [{"name": "', '"}]}, '
    ),
    "JSON, content": json_feed(
        lambda n: f"<p>{sentence(n)}</p>", '{"url": "http://a.example/1", "content_html": "', '"}, '
    ),
    "JSON, content of tags": json_feed("<b>x", '{"url": "http://a.example/1", "content_html": "', '"}, '),
    "JSON, text": json_feed("x\\n", '{"url": "http://a.example/1", "content_text": "', '"}, '),
    "JSON, odd dates": json_feed('{"id": "/{n}", "date_published": "Jan 2 2026"}, '),
    "JSON, escapes": json_feed("\\u00e9", '{"url": "http://a.example/1", "title": "', '"}, '),
    "JSON, numbers": json_feed("1", '{"url": "http://a.example/1", "x": ', "}, "),
}

FEEDS = (
    WELL_FORMED
    | {f"broken: {name}": broken(dense) for name, dense in WELL_FORMED.items() if dense.opening.startswith(RSS[0])}
    | {f"no XML: {name}": dense for name, dense in MALFORMED.items()}
    | JSON
)
"""Kinds of feeds, by name."""

URLSET = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://a.example/0</loc></url>"


def sitemap(unit: Unit, opening: str = "", closing: str = "") -> DenseListing:
    """A sitemap with a first entry, and what is repeated."""
    return DenseListing(unit=unit, opening=URLSET + opening, closing=closing + "</urlset>")


SITEMAPS: dict[str, DenseListing] = {
    "urls": sitemap("<url><loc>http://a.example/{n}</loc></url>"),
    "urls with dates": sitemap("<url><loc>http://a.example/{n}</loc><lastmod>2026-11-01</lastmod></url>"),
    "urls with odd dates": sitemap("<url><loc>http://a.example/{n}</loc><lastmod>Jan 2 2026</lastmod></url>"),
    "empty urls": sitemap("<url/>"),
    "url, attributes": sitemap("a{n}='1' ", "<url ", "><loc>http://a.example/1</loc></url>"),
    "url, namespaces": sitemap("xmlns:a{n}='u{n}' ", "<url ", "><loc>http://a.example/1</loc></url>"),
    "url, namespaces, nested": sitemap("<a{n}:x xmlns:a{n}='u{n}'>", "<url>"),
    "url, elements": sitemap("<x/>", "<url>", "</url>"),
    "url, locations": sitemap("<loc>http://a.example/{n}</loc>", "<url>", "</url>"),
    "url, a long location": sitemap("x/../", "<url><loc>http://a.example/", "</loc></url>"),
    "namespaces of all": sitemap("<url><a{n}:x xmlns:a{n}='u{n}'/></url>"),
    "elements of many names": sitemap("<x{n}/>"),
    "comments": sitemap("<!---->"),
    "openings": sitemap("<"),
    "indexes": DenseListing(
        unit="<sitemap><loc>http://a.example/{n}</loc></sitemap>", opening="<sitemapindex>", closing="</sitemapindex>"
    ),
}
"""Kinds of sitemaps, by name."""
