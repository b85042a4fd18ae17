"""Servers and networks that fail in the middle of a sentence."""

from __future__ import annotations

import gzip
import socket
import struct

from tests.support.site.hostile import HTML, Exchange, Route, tale

STORY = tale(930).encode()
HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\n".encode()


def reset(exchange: Exchange) -> None:
    exchange.raw(HEAD + b"Content-Length: %d\r\n\r\n" % len(STORY) + STORY[:500])
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.connection.close()


def cut_chunks(exchange: Exchange) -> None:
    exchange.raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s" % (len(STORY), STORY[:900]))


def bad_chunks(exchange: Exchange) -> None:
    exchange.raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nbanana\r\n" + STORY)


def old(number: int) -> bytes:
    return f"HTTP/1.0 200 OK\r\nContent-Type: {HTML}\r\n\r\n{tale(number)}".encode()


def busy(exchange: Exchange) -> None:
    if exchange.asked == 1:
        exchange.send("slow down", "Retry-After: 1", status="429 Too Many Requests")
    else:
        exchange.send(tale(931))


def recovering(exchange: Exchange) -> None:
    if exchange.asked == 1:
        exchange.send("one moment", status="500 Internal Server Error")
    else:
        exchange.send(tale(932))


ROUTES = (
    Route("is-reset-in-its-middle", reset, "fetch/broken|fetch/cut"),
    Route(
        "is-cut-within-its-gzip",
        lambda exchange: exchange.send(gzip.compress(STORY)[:-200], "Content-Encoding: gzip"),
        "fetch/damaged",
    ),
    Route(
        "is-no-gzip-at-all-though-declared",
        lambda exchange: exchange.send(STORY, "Content-Encoding: gzip"),
        "fetch/damaged",
    ),
    Route("promises-more-than-it-sends", lambda exchange: exchange.send(STORY, length=len(STORY) + 999), "fetch/cut"),
    Route(
        "sends-more-than-it-promises", lambda exchange: exchange.send(tale(933), length=len(tale(933)) - 60), "article"
    ),
    Route("ends-within-a-chunk", cut_chunks, "fetch/cut|fetch/broken"),
    Route("has-a-chunk-of-no-size", bad_chunks, "fetch/cut|fetch/broken"),
    Route("speaks-as-servers-did-in-1996", lambda exchange: exchange.raw(old(934)), "article"),
    Route(
        "begins-with-a-bad-status-line",
        lambda exchange: exchange.raw(b"HTTP/9.9 banana \x1b[31m\r\n\r\n"),
        "fetch/broken|fetch/network",
    ),
    Route(
        "begins-with-no-status-line",
        lambda exchange: exchange.raw(b"\x00\xff\xfe<html>\r\n\r\n"),
        "fetch/broken|fetch/network",
    ),
    Route("says-nothing-and-hangs-up", lambda exchange: None, "fetch/broken|fetch/network"),
    Route("has-a-header-without-a-colon", lambda exchange: exchange.send(tale(935), "no colon here"), "article"),
    Route(
        "has-two-lengths-that-differ",
        lambda exchange: exchange.send(STORY, "Content-Length: 7"),
        "fetch/broken|fetch/network|decode/not_html|body/no_text",
    ),
    Route(
        "has-a-length-that-is-no-number",
        lambda exchange: exchange.raw(HEAD + b"Content-Length: banana\r\n\r\n" + STORY),
        "fetch/broken|fetch/network",
    ),
    Route(
        "fails-with-500-every-time", lambda exchange: exchange.send("no", status="500 Oops \x1b[2J"), "fetch/http_500"
    ),
    Route("fails-with-500-and-recovers", recovering, "article"),
    Route("asks-for-a-second-of-rest", busy, "article"),
    Route("answers-with-a-status-of-999", lambda exchange: exchange.send("no", status="999 Denied"), "fetch/http_999"),
    *(
        Route(
            f"answers-with-a-status-of-{number[:20]}",
            lambda exchange, number=number: exchange.send(STORY, status=f"{number} X"),
            "fetch/bad_status",
        )
        for number in ("99999999999", "9223372036854775808", "1000", "0", "42", "-7", "1" * 4_000)
    ),
)
