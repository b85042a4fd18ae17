"""The bounds hold for a fetcher that is not Scrapy's: the same limits, the same reasons, the same counters."""

from __future__ import annotations

import gzip
import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from scrapy.exceptions import UsageError
from scrapy.utils.test import get_crawler

from crawler.fetching.exceptions import RequestRefused
from crawler.fetching.network.bounds import FetchBounds
from crawler.types import Role

STORY = b"<p>The lock will close for eleven weeks.</p>"
BODIES = {
    "/story": ({}, STORY),
    "/packed": ({"Content-Encoding": "gzip"}, gzip.compress(STORY)),
    "/bomb": ({"Content-Encoding": "gzip"}, gzip.compress(b"0" * 50_000_000, compresslevel=1)),
    "/matryoshka": ({"Content-Encoding": "gzip, gzip, gzip"}, STORY),
    "/odd": ({"Content-Encoding": "rot13"}, STORY),
    "/headers": ({"X-Long": "y" * 40_000, "X-Long-Too": "y" * 40_000}, STORY),
    "/large": ({}, b"0" * 3_000_000),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        headers, body = BODIES.get(self.path, ({}, STORY))
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """The test's output stays clean."""


@pytest.fixture
def server() -> Iterator[str]:
    found = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"127.0.0.1:{found.server_port}"
    found.shutdown()
    found.server_close()


class SecondFetcher:
    """A fetcher of the standard library. It has no limits of its own."""

    def __init__(self, bounds: FetchBounds) -> None:
        self.bounds = bounds

    def fetch(self, url: str, role: Role) -> bytes:
        self.bounds.check_url(url)
        parts = urlsplit(url)
        self.bounds.check_address(parts.hostname, parts.hostname, parts.port)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=self.bounds.header_seconds)
        try:
            connection.request("GET", parts.path)
            with connection.getresponse() as response:
                self.bounds.check_headers(sum(len(name) + len(value) for name, value in response.getheaders()))
                most = self.bounds.max_bytes(role)
                body = response.read(most + 1)
                self.bounds.check_size(len(body), most)
        finally:
            connection.close()
        codings = [name.strip() for name in response.headers.get("Content-Encoding", "").split(",") if name.strip()]
        return self.bounds.decompress(body, codings, most)


def fetcher_for(server: str, **settings: object) -> tuple[SecondFetcher, Counter[str]]:
    values = {
        "COPYDESK_ALLOW_HOSTS": [server],
        "COPYDESK_ALLOW_PORTS": [80, 443, int(server.rpartition(":")[2])],
        "COPYDESK_PAGE_MAXSIZE": 2_000_000,
    }
    crawler = get_crawler(settings_dict={**values, "URLLENGTH_LIMIT": 2_000, **settings})
    counted: Counter[str] = Counter()
    crawler.stats.inc_value = lambda name: counted.update([name])
    return SecondFetcher(FetchBounds.from_crawler(crawler)), counted


@pytest.mark.parametrize("path", ["/story", "/packed"])
def test_a_page_within_bounds_is_fetched(server: str, path: str) -> None:
    fetcher, counted = fetcher_for(server)
    assert fetcher.fetch(f"http://{server}{path}", Role.ARTICLE) == STORY
    assert not counted


@pytest.mark.parametrize(
    ("path", "reason", "counter"),
    [
        ("/bomb", "unpacked", "limit/unpacked_count"),
        ("/matryoshka", "codings", "limit/codings_count"),
        ("/odd", "unknown_coding", "limit/unknown_coding_count"),
        ("/headers", "headers", "limit/headers_count"),
        ("/large", "too_large", "limit/too_large_count"),
        ("/" + "x" * 2_000, "long_address", "guard/long_address_count"),
    ],
)
def test_a_response_beyond_a_bound_is_refused_with_its_reason_and_counted(
    server: str, path: str, reason: str, counter: str
) -> None:
    fetcher, counted = fetcher_for(server)
    with pytest.raises(RequestRefused) as refused:
        fetcher.fetch(f"http://{server}{path}", Role.ARTICLE)
    assert refused.value.reason == reason
    assert counted == {counter: 1}


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/story", "forbidden_address"),
        ("http://169.254.169.254/latest/meta-data/", "forbidden_address"),
        ("http://news.example:22/", "forbidden_port"),
        ("file:///etc/hostname", "forbidden_scheme"),
    ],
)
def test_a_url_that_the_policy_forbids_is_not_requested(server: str, url: str, reason: str) -> None:
    fetcher, counted = fetcher_for(server)
    with pytest.raises(RequestRefused) as refused:
        fetcher.fetch(url, Role.ARTICLE)
    assert refused.value.reason == reason
    assert counted == {f"guard/{reason}_count": 1}


def test_a_sitemap_may_be_larger_than_a_page(server: str) -> None:
    fetcher, counted = fetcher_for(server)
    assert len(fetcher.fetch(f"http://{server}/large", Role.SITEMAP)) == 3_000_000
    assert not counted


def test_an_entry_that_is_not_valid_is_named(server: str) -> None:
    with pytest.raises(UsageError, match=r"COPYDESK_ALLOW_HOSTS: '10\.0\.0\.1/8'"):
        fetcher_for(server, COPYDESK_ALLOW_HOSTS=["10.0.0.1/8"])


def test_a_limit_of_no_characters_is_no_limit(server: str) -> None:
    fetcher, _ = fetcher_for(server, URLLENGTH_LIMIT=0)
    assert fetcher.fetch(f"http://{server}/{'x' * 5_000}", Role.ARTICLE) == STORY
