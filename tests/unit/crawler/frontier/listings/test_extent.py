"""How much of a feed feedparser gets."""

from __future__ import annotations

from typing import Any

import feedparser
import pytest
from lxml import etree

from crawler.frontier.listings import extent as module
from crawler.frontier.listings.extent import MAX_ATTRIBUTES, MAX_ENTRY_ELEMENTS, MAX_NAMESPACES, MAX_REPEATED, extent
from crawler.frontier.listings.parse import read_listing
from crawler.frontier.listings.types import DocumentKind, Limits, Listing
from tests.support.dense.listings import FEEDS, MALFORMED, WELL_FORMED
from tests.unit.crawler.frontier.listings.test_parse import ATOM, RSS, RSS_ENTRY

MOST = 7
ITEM = "<item><link>http://a.example/%d</link></item>"
ENTRY = "<entry><link href='http://a.example/%d'/></entry>"
RSS_ENDS = "<rss version='2.0'><channel><title>é</title>", "</channel></rss>"
ATOM_ENDS = "<feed xmlns='http://www.w3.org/2005/Atom'>", "</feed>"
RDF_ENDS = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel/>",
    "</rdf:RDF>",
)


def feed(data: bytes, limits: Limits) -> Listing:
    return read_listing(DocumentKind.FEED, data, "http://a.example/feed", limits)


def urls(listing: Listing) -> list[str]:
    return [entry.url for entry in listing.entries()]


@pytest.mark.parametrize(
    ("ends", "entry"), [(RSS_ENDS, ITEM), (ATOM_ENDS, ENTRY), (RDF_ENDS, ITEM)], ids=["RSS", "Atom", "RDF"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_feed_is_cut_at_its_limit_and_stays_xml(ends: tuple[str, str], entry: str, encoding: str) -> None:
    def of(count: int) -> bytes:
        entries = "".join(entry % number for number in range(count))
        return f"<?xml version='1.0' encoding='{encoding}'?>{ends[0]}{entries}{ends[1]}".encode(encoding)

    assert extent(of(MOST), MOST) == (of(MOST), True)
    data, is_whole = extent(of(100), MOST)
    assert not is_whole
    assert len(etree.fromstring(data).xpath("//*[local-name()='item' or local-name()='entry']")) == MOST
    listing = feed(of(100), Limits(feed_entries=MOST))
    assert (urls(listing), listing.is_cut) == ([f"http://a.example/{number}" for number in range(MOST)], True)


def test_feedparser_gets_no_more_than_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[bytes] = []
    parse = feedparser.parse

    def spy(file: Any, **options: Any) -> Any:
        given.append(file.read())
        file.seek(0)
        return parse(file, **options)

    monkeypatch.setattr(feedparser, "parse", spy)
    listing = feed(FEEDS["RSS, items"].document(400_000), Limits(feed_entries=MOST))
    assert (len(urls(listing)), listing.is_cut, given[0].count(b"<item>")) == (MOST, True, MOST)


@pytest.mark.parametrize("data", [RSS, ATOM, RSS_ENTRY, RSS[:120], b"", b"{", b"\xff\xfe<", b"<rss>&<item>"])
def test_what_is_within_the_limits_is_not_touched(data: bytes) -> None:
    assert extent(data, MOST) == (data, True)


@pytest.mark.parametrize(
    "junk",
    [
        pytest.param("<x " + "".join(f"a{n}='' " for n in range(MAX_ATTRIBUTES + 1)) + "/>", id="attributes"),
        pytest.param("<x " + "".join(f"a{n}='>' " for n in range(MAX_ATTRIBUTES + 1)) + "/>", id="ends in attributes"),
        pytest.param("<x " + "".join(f"xmlns:a{n}='u' " for n in range(MAX_ATTRIBUTES + 1)) + "/>", id="of namespaces"),
        pytest.param("".join(f"<x xmlns:a{n}='u'/>" for n in range(MAX_NAMESPACES + 1)), id="namespaces"),
        pytest.param("<category>x</category>" * (MAX_REPEATED + 1), id="categories"),
        pytest.param("<d:subject xmlns:d='d'>x</d:subject>" * (MAX_REPEATED + 1), id="subjects"),
        pytest.param("<x>y</x>    " * (MAX_ENTRY_ELEMENTS + 1), id="elements"),
        pytest.param("<x/>" * MAX_ENTRY_ELEMENTS, id="elements of four bytes"),
        pytest.param(f"<description>{'&lt;!--' * (MAX_REPEATED + 1)}</description>", id="comments"),
        pytest.param(
            f"<description>{'&lt;&#33;&#x2D;-' * (MAX_REPEATED + 1)}</description>", id="comments, referred to"
        ),
        pytest.param("<x xml:base='a/'>" * 101 + "</x>" * 101, id="addresses within addresses"),
    ],
)
def test_an_entry_beyond_a_limit_ends_the_feed(junk: str) -> None:
    data = f"{RSS_ENDS[0]}{ITEM % 1}<item>{junk}</item>{ITEM % 2}{RSS_ENDS[1]}".encode()
    listing = feed(data, Limits())
    assert (urls(listing), listing.is_cut, listing.error) == (["http://a.example/1"], True, None)
    assert etree.fromstring(extent(data, MOST).data) is not None


@pytest.mark.parametrize("name", ["feed, elements", "feed, categories"])
def test_what_is_beyond_a_limit_between_entries_costs_no_entry(name: str) -> None:
    listing = feed(WELL_FORMED[name].document(200_000), Limits())
    assert (urls(listing), listing.is_cut) == (["http://a.example/first"], True)


def test_what_is_beyond_a_limit_before_the_first_entry_leaves_nothing() -> None:
    listing = feed(WELL_FORMED["feed, attributes of the root"].document(20_000), Limits())
    assert (urls(listing), listing.is_cut, listing.error) == ([], True, None)


@pytest.mark.parametrize("name", MALFORMED)
def test_of_what_is_no_xml_the_beginning_is_read(name: str) -> None:
    listing = feed(MALFORMED[name].document(3_000), Limits())
    assert listing.error is None
    assert listing.is_cut or urls(listing)


@pytest.mark.parametrize("name", WELL_FORMED)
def test_what_feedparser_gets_does_not_grow_beyond_the_limits(name: str) -> None:
    data, is_whole = extent(WELL_FORMED[name].document(300_000), 1_000)
    starts = [part for part in module.PART.finditer(data) if part["name"]]
    assert len(starts) <= module.FEW_ELEMENTS + len(data) // module.BYTES_PER_ELEMENT + 1
    assert sum(part["name"] in module.ENTRIES for part in starts) <= 1_000
    assert all(len(module.ATTRIBUTE.findall(part["attributes"])) <= MAX_ATTRIBUTES for part in starts)
    assert is_whole is (len(data) > 300_000)
