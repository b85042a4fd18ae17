"""What a response is, by its bytes."""

from __future__ import annotations

import gzip

import pytest
from scrapy.http import Response

from cleaners.types import PageRejected
from crawler.frontier.listings.sniff import MAX_SITEMAP_BYTES, document_kind, file_content
from tests.unit.crawler.frontier.listings.test_parse import ATOM, INDEX, MAP, RSS


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
    assert document_kind(data) == expected


EXPLODING = gzip.compress(b"\0" * (MAX_SITEMAP_BYTES + 1), 1, mtime=0)


@pytest.mark.parametrize("data", [b"\x1f\x8b\x08\x00garbage", EXPLODING])
def test_damaged_and_exploding_gzip_is_named(data: bytes) -> None:
    with pytest.raises(PageRejected, match="gzip"):
        file_content(Response("http://a.example/s.xml.gz", body=data))


def test_gzipped_files_are_unpacked() -> None:
    assert file_content(Response("http://a.example/s.xml.gz", body=gzip.compress(MAP))) == MAP
    assert file_content(Response("http://a.example/s.xml", body=MAP)) == MAP
