"""Answers without measure: in time, in bytes, in what they unpack to."""

from __future__ import annotations

import gzip
import itertools
import time
from collections.abc import Callable
from functools import cache

import brotli
from backports import zstd

from tests.support.site.hostile import HTML, Exchange, Route, tale

STORY = tale(910).encode()


def bomb() -> bytes:
    """100 MB."""
    return b"<p>" + b"word " * 20_000_000


def late_headers(exchange: Exchange) -> None:
    time.sleep(60)
    exchange.send(STORY)


def dripping_headers(exchange: Exchange) -> None:
    exchange.raw(b"HTTP/1.1 200 OK\r\n")
    exchange.drip((b"X-%d: y\r\n" % n for n in itertools.count()), 0.2)


def endless_headers(exchange: Exchange) -> None:
    exchange.raw(b"HTTP/1.1 200 OK\r\n")
    for n in itertools.count():
        exchange.raw(b"".join(b"X-%d: %s\r\n" % (n * 100 + more, b"y" * 1_000) for more in range(100)))


def endless_line(exchange: Exchange) -> None:
    exchange.raw(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        exchange.raw(b"y" * 100_000)


def endless_interim(exchange: Exchange) -> None:
    while True:
        exchange.raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 1_000)


def slow_loris(exchange: Exchange) -> None:
    exchange.raw(f"HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\nContent-Length: 1000000\r\n\r\n".encode())
    exchange.drip((b"x" for _ in range(1_000_000)), 0.2)


def endless_body(exchange: Exchange) -> None:
    exchange.raw(f"HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\n\r\n".encode())
    while True:
        exchange.raw(b"<p>word word word word</p>" * 4_000)


def endless_chunks(exchange: Exchange) -> None:
    exchange.raw(f"HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    chunk = b"<p>word word word word</p>" * 2_000
    while True:
        exchange.raw(b"%x\r\n%s\r\n" % (len(chunk), chunk))


def tiny_chunks(exchange: Exchange) -> None:
    exchange.raw(f"HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    while True:
        exchange.raw(b"1;%s\r\nx\r\n" % (b"y" * 900) * 100)


PACKED: list[Callable[[], bytes]] = []
"""What makes the packed bodies: the server calls them before it serves, a test that reads the routes does not."""


def packed(make: Callable[[], bytes], coding: str) -> Callable[[Exchange], None]:
    made = cache(make)
    PACKED.append(made)
    return lambda exchange: exchange.send(made(), f"Content-Encoding: {coding}")


def cookies(exchange: Exchange) -> None:
    exchange.send(tale(911), *(f"Set-Cookie: c{n}={'x' * 300}; Path=/" for n in range(100)))


ROUTES = (
    Route("sends-its-headers-too-late", late_headers, "fetch/timeout"),
    Route("drips-its-headers-one-by-one", dripping_headers, "fetch/timeout"),
    Route("sends-headers-without-an-end", endless_headers, "fetch/headers"),
    Route("sends-one-header-without-end", endless_line, "fetch/broken|fetch/headers"),
    Route("sends-early-hints-without-end", endless_interim, "fetch/headers"),
    Route("drips-its-body-byte-by-byte", slow_loris, "fetch/timeout"),
    Route("sends-a-body-without-an-end", endless_body, "fetch/too_large"),
    Route("sends-chunks-without-an-end", endless_chunks, "fetch/too_large"),
    Route("sends-tiny-chunks-without-end", tiny_chunks, "fetch/timeout|fetch/too_large|fetch/broken"),
    Route("announces-a-terabyte-of-text", lambda exchange: exchange.send(STORY, length=10**12), "fetch/too_large"),
    Route("unpacks-gzip-to-a-hundred-megabytes", packed(lambda: gzip.compress(bomb()), "gzip"), "fetch/unpacked"),
    Route(
        "unpacks-brotli-to-a-hundred-megabytes",
        packed(lambda: brotli.compress(bomb(), quality=5), "br"),
        "fetch/unpacked",
    ),
    Route("unpacks-zstandard-to-a-hundred-megabytes", packed(lambda: zstd.compress(bomb()), "zstd"), "fetch/unpacked"),
    Route(
        "unpacks-gzip-within-gzip-again",
        packed(lambda: gzip.compress(gzip.compress(bomb())), "gzip, gzip"),
        "fetch/unpacked",
    ),
    Route(
        "is-packed-five-times-over",
        packed(lambda: gzip.compress(STORY), "gzip, gzip, gzip, gzip, gzip"),
        "fetch/codings",
    ),
    Route("is-packed-in-an-unknown-way", packed(lambda: STORY, "compress"), "fetch/unknown_coding"),
    Route(
        "is-packed-twice-and-is-good",
        packed(lambda: zstd.compress(gzip.compress(tale(912).encode())), "gzip, zstd"),
        "article",
    ),
    Route(
        "is-of-twelve-megabytes-of-text",
        lambda exchange: exchange.send(tale(913).replace("</main>", "<p>word</p>" * 1_100_000)),
        "fetch/too_large",
    ),
    Route("sets-a-hundred-large-cookies", cookies, "article"),
)
