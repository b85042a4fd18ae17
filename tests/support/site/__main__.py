"""The tests' web server: the fixtures at their own addresses, and hosts that misbehave. Prints its address and serves.

It is asked as a proxy (``http_proxy``), so every page keeps its address and nothing leaves the machine. What was asked
is appended to the file named by ``--log``, a line a request.

    python -m tests.support.site [--log FILE] [--port N]
"""

from __future__ import annotations

import argparse
import gzip
import sys
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from crawler.fetching.demo import server
from tests.support.site import sized
from tests.unit.cleaners.pages import SENTENCES, html, story

PAGES = server.pages(server.FIXTURES / "pages")
SITES = server.FIXTURES / "sites"
TEXT = "text/html; charset=utf-8"
ROBOTS_ALL = b"User-agent: *\nDisallow: /\n"


def stories(host: str, count: int) -> str:
    links = "".join(
        f"<li><a href='http://{host}/news/a-story-of-the-lock-{n}'>A story of the lock and its keepers, part "
        f"{n}</a></li>"
        for n in range(count)
    )
    return html(f"<h1>News</h1><ul>{links}</ul>", title="News")


def one(n: str) -> str:
    """A story that differs from the others in its last paragraph."""
    return story(after="").replace(
        SENTENCES[-1], f"{SENTENCES[-1]} It was story number {n} of the year about the lock."
    )


def maps(depth: int) -> str:
    """The path of a sitemap index so many indexes below."""
    return "".join(f"/map{n}" for n in range(depth))


DECLARED = (
    "<meta property='og:type' content='article'><meta property='article:published_time' "
    "content='2026-10-31T08:00:00Z'></head>"
)


def challenge(name: str) -> bytes:
    """A bot challenge of the fixtures."""
    return (server.FIXTURES / "challenges" / f"{name}.html").read_bytes()


FAULTS: dict[str, dict[str, tuple[int, dict[str, str], bytes]]] = {
    "forbidden.example": {"/robots.txt": (200, {}, ROBOTS_ALL)},
    "robots500.example": {"/robots.txt": (500, {}, b"")},
    "error404.example": {},
    "error403.example": {"/": (403, {}, b"no")},
    "error500.example": {"/": (500, {}, b"no")},
    "pdf.example": {"/": (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4 nothing")},
    "empty.example": {"/": (200, {"Content-Type": TEXT}, b"")},
    "mixed.example": {
        "/": (
            200,
            {"Content-Type": TEXT},
            html(
                "<h1>News</h1><ul>"
                + "".join(
                    f"<li><a href='/news/{slug}'>{slug.replace('-', ' ')} and some more words</a></li>"
                    for slug in (
                        "a-good-story-to-read",
                        "a-story-that-is-gone",
                        "a-story-that-is-empty",
                        "a-story-that-is-binary",
                        "a-story-cut-in-the-middle",
                        "a-story-with-nul-bytes-in-it",
                        "a-story-of-many-nested-divs",
                        "a-story-that-redirects-here",
                        "a-story-that-is-huge-indeed",
                    )
                )
                + "</ul>",
                title="News",
            ).encode(),
        ),
        "/news/a-good-story-to-read": (200, {"Content-Type": TEXT}, one("1").encode()),
        "/news/a-story-that-is-gone": (410, {}, b""),
        "/news/a-story-that-is-empty": (200, {"Content-Type": TEXT}, b""),
        "/news/a-story-that-is-binary": (200, {"Content-Type": TEXT}, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
        "/news/a-story-cut-in-the-middle": (200, {"Content-Type": TEXT}, one("2").encode()[:-400]),
        "/news/a-story-with-nul-bytes-in-it": (200, {"Content-Type": TEXT}, one("3").replace(" ", " \x00").encode()),
        "/news/a-story-of-many-nested-divs": (
            200,
            {"Content-Type": TEXT},
            one("4").replace("<main>", "<main>" + "<div>" * 20_000).encode(),
        ),
        "/news/a-story-that-redirects-here": (302, {"Location": "http://mixed.example/news/a-good-story-to-read"}, b""),
        "/news/a-story-that-is-huge-indeed": (200, {"Content-Type": TEXT}, b"<p>" + b"word " * 10_000_000),
    },
    "fresh.example": {
        f"/news/a-story-of-the-lock-{n}?sid={sid}": (200, {"Content-Type": TEXT}, one(str(n)).encode())
        for n in range(3)
        for sid in range(9)
    },
    "busy.example": {"/": (200, {"Content-Type": TEXT}, stories("busy.example", 2).encode())},
    "walled.example": {  # a protection that lets the front page and a story through
        "/": (200, {"Content-Type": TEXT}, stories("walled.example", 12).encode()),
        "/news/a-story-of-the-lock-0": (200, {"Content-Type": TEXT}, one("0").encode()),
        **{
            f"/news/a-story-of-the-lock-{n}": (status, {"Content-Type": TEXT}, challenge("cloudflare"))
            for n, status in enumerate((403, 503, 429, 200, 202, 403, 403, 403, 403, 403, 403), 1)
        },
    },
    "sealed.example": {  # the same, of a feed
        "/": (200, {"Content-Type": TEXT}, stories("sealed.example", 2).encode()),
        "/feed/": (202, {"Content-Type": TEXT, "x-amzn-waf-action": "challenge"}, b""),
        **{f"/news/a-story-of-the-lock-{n}": (200, {"Content-Type": TEXT}, one(str(n)).encode()) for n in range(2)},
    },
    "built.example": {  # scripts build its stories
        "/": (200, {"Content-Type": TEXT}, stories("built.example", 3).encode()),
        **{
            f"/news/a-story-of-the-lock-{n}": (
                200,
                {"Content-Type": TEXT},
                b"<!doctype html><title>A story</title><div id='root'></div><script src='/app.js'></script>",
            )
            for n in range(3)
        },
    },
    "gate.example": {"/": (503, {"Content-Type": TEXT}, challenge("human"))},
    "storm.example": {
        "/": (200, {"Content-Type": TEXT}, stories("storm.example", 40).encode()),
        **{f"/news/a-story-of-the-lock-{n}": (500, {}, b"no") for n in range(40)},
    },
    "login.example": {"/": (200, {"Content-Type": TEXT}, stories("login.example", 2).encode())},
    "farm.example": {
        "/": (
            200,
            {"Content-Type": TEXT},
            html(
                "<ul>"
                + "".join(
                    f"<li><a href='http://field-{n}.farm.example/news/a-story-of-the-lock-{n}'>A story of the lock "
                    f"and its keepers, part {n}</a>"
                    for n in range(12)
                )
                + "</ul>",
                title="News",
            ).encode(),
        )
    },
    **{f"field-{n}.farm.example": {} for n in range(12)},
    "hang.example": {"/": (200, {"Content-Type": TEXT}, stories("hang.example", 3).encode())},
    "many.example": {"/": (200, {"Content-Type": TEXT}, stories("many.example", 30).encode())},
    "slow.example": {
        "/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 0.5\n"),
        "/": (200, {"Content-Type": TEXT}, stories("slow.example", 4).encode()),
    },
    "badgzip.example": {"/sitemap.xml.gz": (200, {"Content-Type": "application/gzip"}, b"\x1f\x8b\x08\x00garbage")},
    "badmap.example": {
        "/sitemap.xml": (200, {"Content-Type": "text/xml"}, b"<urlset><url><loc>http://[bad/x</loc></url></urlset>")
    },
    "alone.example": {"/": (200, {"Content-Type": TEXT}, html("<p>Nothing here.</p>", title="Alone").encode())},
    "moving.example": {
        "/lock": (301, {"Location": "http://few.example/lock"}, b""),
        "/inside": (302, {"Location": "http://169.254.169.254/secret"}, b""),
    },
    "moved.example": {"/": (301, {"Location": "http://many.example/"}, b"")},
    "few.example": {
        "/world/": (
            200,
            {"Content-Type": TEXT},
            html(
                "<h1>World</h1>"
                + "".join(f"<p><a href='/{slug}'>{slug}</a></p>" for slug in ("lock", "gates", "brexit")),
                title="World",
            ).encode(),
        ),
        **{
            f"/{slug}": (200, {"Content-Type": TEXT}, one(slug).replace("</head>", DECLARED).encode())
            for slug in ("lock", "gates", "brexit")
        },
    },
    "feeds.example": {
        "/few": (
            200,
            {"Content-Type": "application/rss+xml"},
            b"<rss version='2.0'><channel><link>http://few.example/</link><item><link>http://few.example/brexit</link></item><item><link>http://other.example/lock</link></item></channel></rss>",
        ),
    },
    "numbered.example": {
        "/": (
            200,
            {"Content-Type": TEXT},
            html(
                "<ul>"
                + "".join(f"<li><a href='/article/{n}'>A story of the lock, number {n}</a></li>" for n in (12, 13, 14))
                + "</ul>",
                title="News",
            ).encode(),
        ),
        **{
            f"/article/{n}": (
                200,
                {"Content-Type": TEXT},
                one(str(n)).replace("</main>", f"<a href='/article/{n + 1}'>Next</a></main>").encode(),
            )
            for n in (12, 13, 14)
        },
    },
    "shared.example": {
        "/": (200, {"Content-Type": TEXT}, stories("shared.example", 4).encode()),
        **{
            f"/news/a-story-of-the-lock-{n}": (
                200,
                {"Content-Type": TEXT},
                one(str(n)).replace("</head>", "<link rel=canonical href='/news/'></head>").encode(),
            )
            for n in range(4)
        },
    },
    "maze.example": {
        "/robots.txt": (
            200,
            {},
            (
                b"User-agent: *\nSitemap: http://maze.example/index.xml\nSitemap: "
                b"http://maze.example/none.xml\nSitemap: http://maze.example/page.xml\n"
            ),
        ),
        "/": (
            200,
            {"Content-Type": TEXT},
            html(
                "<link rel=alternate type='application/rss+xml' href='/feed'><link rel=alternate "
                "type='application/rss+xml' href='/no-feed'><ul>"
                + "".join(f"<li><a href='/round/{n}/'>Round {n}</a></li>" for n in range(3))
                + "</ul>",
                title="Maze",
            ).encode(),
        ),
        **{
            f"/round/{n}/": (
                200,
                {"Content-Type": TEXT},
                html(
                    (
                        f"<ul><li><a href='/round/{(n + 1) % 3}/'>On</a><li><a href='/news/a-story-of-the-lock-{n}'>A "
                        f"story of the lock and its keepers {n}</a></ul>"
                    ),
                    title="Round",
                ).encode(),
            )
            for n in range(3)
        },
        "/feed": (
            200,
            {"Content-Type": TEXT},
            b"<rss version='2.0'><channel><item><link>http://maze.example/news/a-story-of-the-lock-3</link></item></channel></rss>",
        ),
        "/no-feed": (
            200,
            {"Content-Type": "application/rss+xml"},
            html("<p>Feeds are a thing of the past.</p>").encode(),
        ),
        "/page.xml": (200, {"Content-Type": "text/xml"}, html("<p>Sitemaps are, too.</p>").encode()),
        "/index.xml": (
            200,
            {"Content-Type": "application/octet-stream"},
            b"<sitemapindex><sitemap><loc>http://maze.example/index.xml</loc></sitemap><sitemap><loc>http://maze.example/other.xml</loc></sitemap><sitemap><loc>http://elsewhere.example/map.xml</loc></sitemap><sitemap><loc>http://maze.example/map.gz</loc></sitemap></sitemapindex>",
        ),
        "/other.xml": (
            200,
            {"Content-Type": "text/plain"},
            b"<sitemapindex><sitemap><loc>http://maze.example/index.xml</loc></sitemap><sitemap><loc>http://maze.example/future.xml</loc></sitemap></sitemapindex>",
        ),
        "/map.gz": (
            200,
            {"Content-Type": TEXT},
            gzip.compress(
                b"<urlset><url><loc>http://maze.example/news/a-story-of-the-lock-4</loc></url><url><loc>http://maze.example/round/1/</loc></url></urlset>"
            ),
        ),
        "/future.xml": (
            200,
            {"Content-Type": "text/xml"},
            b"<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>http://maze.example/news/a-story-of-the-lock-5</loc><lastmod>2199-01-01</lastmod><news:news><news:publication_date>2026-11-02T10:00:00+01:00</news:publication_date></news:news></url></urlset>",
        ),
    },
    "rights.example": {
        "/robots.txt": (
            200,
            {},
            b"User-agent: *\nContent-Usage: train-ai=n\nContent-Usage: /open/ train-ai=y\nAllow: /\n",
        ),
        "/.well-known/tdmrep.json": (
            200,
            {},
            b'[{"location": "/news/", "tdm-reservation": 1, "tdm-policy": "http://rights.example/policy"}]',
        ),
        "/": (
            200,
            {"Content-Type": TEXT},
            html(
                (
                    "<ul><li><a href='/news/a-story-that-is-reserved-1'>A story that is reserved by its "
                    "publisher</a><li><a href='/open/a-story-that-is-free-2'>A story that is free for all to "
                    "use</a></ul>"
                ),
                title="News",
            ).encode(),
        ),
        "/news/a-story-that-is-reserved-1": (
            200,
            {"Content-Type": TEXT, "X-Robots-Tag": "noai, noindex"},
            one("1").replace("</head>", "<meta name=robots content='index, noimageai'></head>").encode(),
        ),
        "/open/a-story-that-is-free-2": (200, {"Content-Type": TEXT}, one("2").encode()),
    },
    "torn.example": {  # articles whose second page is none
        "/": (
            200,
            {"Content-Type": TEXT},
            html(
                "<ul>"
                + "".join(
                    f"<li><a href='/2026/the-lock-{name}'>A story of the lock that {name}</a></li>"
                    for name in ("feed", "map", "pdf", "empty", "gone")
                )
                + "</ul>",
                title="News",
            ).encode(),
        ),
        **{
            f"/2026/the-lock-{name}": (
                200,
                {"Content-Type": TEXT},
                one(name).replace("</head>", f"<link rel=next href='/2026/the-lock-{name}?page=2'></head>").encode(),
            )
            for name in ("feed", "map", "pdf", "empty", "gone")
        },
        "/2026/the-lock-feed?page=2": (
            200,
            {"Content-Type": TEXT},
            b"<rss version='2.0'><channel><item><link>http://torn.example/news/a-story-of-the-lock-3</link></item></channel></rss>",
        ),
        "/2026/the-lock-map?page=2": (
            200,
            {"Content-Type": TEXT},
            b"<urlset><url><loc>http://torn.example/news/a-story-of-the-lock-4</loc></url></urlset>",
        ),
        "/2026/the-lock-pdf?page=2": (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4 nothing"),
        "/2026/the-lock-empty?page=2": (200, {"Content-Type": TEXT}, b""),
    },
    "long.example": {  # an article of five pages
        "/": (
            200,
            {"Content-Type": TEXT},
            html(
                (
                    "<ul><li><a href='/2026/the-lock-and-its-keepers'>A story of the lock and its keepers at "
                    "length</a></ul>"
                ),
                title="News",
            ).encode(),
        ),
        **{
            f"/2026/the-lock-and-its-keepers{f'?page={n}' if n > 1 else ''}": (
                200,
                {"Content-Type": TEXT},
                one(str(n))
                .replace(
                    "</head>",
                    f"<link rel=next href='/2026/the-lock-and-its-keepers?page={n + 1}'></head>"
                    if n < 5
                    else "</head>",
                )
                .encode(),
            )
            for n in range(1, 6)
        },
    },
    "winding.example": {  # a section, then another behind each
        f"/{f'part-{n}/' if n else ''}": (
            200,
            {"Content-Type": TEXT},
            html(
                f"<ul><li><a href='/part-{n + 1}/'>Part {n + 1}</a></li>"
                + "".join(
                    f"<li><a href='/news/a-story-of-the-lock-{n * 4 + m}'>A story of the lock and its keepers, part "
                    f"{n * 4 + m}</a></li>"
                    for m in range(4)
                )
                + "</ul>",
                title="News",
            ).encode(),
        )
        for n in range(6)
    },
    "nested.example": {  # indexes below indexes
        f"{maps(n)}/index.xml": (
            200,
            {"Content-Type": "text/xml"},
            (
                "<sitemapindex><sitemap><loc>"
                f"http://nested.example{maps(n + 1)}/index.xml</loc></sitemap></sitemapindex>"
            ).encode(),
        )
        for n in range(8)
    },
    "wayward.example": {
        "/robots.txt": (302, {"Location": "http://169.254.169.254/robots.txt"}, b""),
        "/": (200, {"Content-Type": TEXT}, stories("wayward.example", 3).encode()),
    },
    "follower.example": {
        "/robots.txt": (302, {"Location": "http://robots500.example/robots.txt"}, b""),
        "/": (200, {"Content-Type": TEXT}, stories("follower.example", 3).encode()),
    },
    "indexed.example": {
        "/sitemap.xml.gz": (
            200,
            {"Content-Type": "application/gzip"},
            gzip.compress(
                b"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
                + b"".join(
                    b"<url><loc>http://indexed.example/news/a-story-of-the-lock-%d</loc></url>" % n for n in range(3)
                )
                + b"</urlset>"
            ),
        )
    },
}


class Handler(BaseHTTPRequestHandler):
    """Answers one request, direct or as a proxy."""

    log: Path | None = None
    state: Path | None = None
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body in one segment: else each answer waits for a delayed ACK

    def do_GET(self) -> None:
        asked = self.path if "://" in self.path else f"http://{self.headers.get('Host', 'localhost')}{self.path}"
        if self.log:
            with self.log.open("a") as log:
                secret = "AUTHORIZATION" if self.headers.get("Authorization") else ""
                log.write(f"{time.time():.3f} {asked} {self.headers.get('User-Agent', '')} {secret}\n")
        parts = urlsplit(asked)
        if (
            parts.hostname == "login.example"
            and parts.path.endswith("-1")
            and not self.refused.setdefault(parts.path, 0)
        ):
            self.refused[parts.path] = 1
            self.send_error(500)
            return
        if parts.hostname == "login.example" and self.headers.get("Authorization") != "Basic cmVwb3J0ZXI6aHVudGVyMg==":
            self.send_error(401)
            return
        status, headers, body = (
            sized.answer(parts.hostname or "", parts.path, self.state, self.headers.get("If-None-Match"))
            or self.busy(parts.hostname or "", parts.path)
            or self.found(asked)
        )
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):  # a crawler that wants no more
            self.wfile.write(body)

    refused: ClassVar[dict[str, int]] = {}

    def busy(self, host: str, path: str) -> tuple[int, dict[str, str], bytes] | None:
        """``busy.example`` refuses the first request for each story and asks for two seconds; ``hang.example`` answers
        late."""
        if host == "fresh.example" and path == "/feed":
            self.refused["fresh"] = number = self.refused.get("fresh", 0) + 1
            items = "".join(
                f"<item><link>http://fresh.example/news/a-story-of-the-lock-{n}?sid={number}</link></item>"
                for n in range(3)
            )
            return (
                200,
                {"Content-Type": "application/rss+xml"},
                f"<rss version='2.0'><channel>{items}</channel></rss>".encode(),
            )
        if host == "hang.example" and path.startswith("/news/"):
            time.sleep(60)
        if host != "busy.example" or not path.startswith("/news/") or self.refused.setdefault(path, 0):
            return None
        self.refused[path] = 1
        return 429, {"Retry-After": "2"}, b"slow down"

    def found(self, asked: str) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(asked)
        host, path = parts.hostname or "", parts.path + (f"?{parts.query}" if parts.query else "")
        if asked in PAGES:
            body, kind = PAGES[asked]
            return 200, {"Content-Type": kind} if kind else {}, body
        if host in FAULTS:
            if path.startswith("/news/a-story-of-the-lock-") and path not in FAULTS[host]:
                return 200, {"Content-Type": TEXT}, one(path.rsplit("-", 1)[1]).encode()
            return FAULTS[host].get(path, (404, {"Content-Type": TEXT}, b"<h1>Not found</h1>"))
        status, body, kind = server.find_file(SITES, host, path)
        return status, {"Content-Type": kind} if kind else {}, body

    def log_message(self, *_: object) -> None:
        """Quiet: the log file tells."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--state", type=Path, help="JSON file with what sites of any size publish now")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    Handler.log, Handler.state = options.log, options.state
    ThreadingHTTPServer.request_queue_size = (
        128  # 5 by default: a burst of connections waits a second for its second SYN
    )
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
