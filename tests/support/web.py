"""Sites of a test's own: a proxy on loopback that has a page for each URL it is given, and 404 for all others."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.support.site.sized import sentence
from tests.unit.cleaners.pages import html


@dataclass
class Web:
    """The pages, which a test may change, and what was asked."""

    pages: dict[str, str]
    """Markup by URL; of a feed or sitemap its XML."""
    moved: dict[str, str] = field(default_factory=dict)
    """URLs that redirect for good, and where to."""
    waits: dict[str, float] = field(default_factory=dict)
    """Seconds before an answer, by URL."""
    asked: list[str] = field(default_factory=list)
    address: str = ""


@contextmanager
def web(pages: Mapping[str, str], waits: Mapping[str, float] | None = None) -> Iterator[Web]:
    """Serve pages while the block runs."""
    made = Web(dict(pages), waits=dict(waits or {}))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            made.asked.append(self.path)
            time.sleep(made.waits.get(self.path, 0))
            if self.path in made.moved:
                self.send_response(301)
                self.send_header("Location", made.moved[self.path])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            text = made.pages.get(self.path)
            body = (text if text is not None else "<title>Not found</title>").encode()
            self.send_response(404 if text is None else 200)
            kind = "text/xml" if text is not None and text.startswith("<?xml") else "text/html"
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


def paragraphs(seed: str, count: int = 5) -> list[str]:
    """Sentences that no other seed has."""
    dice = random.Random(seed)
    return [f"{sentence(dice)} {sentence(dice)}" for _ in range(count)]


def story(title: str, texts: list[str], *, head: str = "", after: str = "") -> str:
    """A page with an article."""
    body = "".join(f"<p>{text}</p>" for text in texts)
    time_ = '<time datetime="2026-11-01T08:00:00Z">1 November 2026</time>'
    return html(f"<main><article><h1>{title}</h1>{time_}{body}</article>{after}</main>", head, title)


def listing(*links: str) -> str:
    """A page that links others, each by a headline of its own."""
    items = "".join(
        f'<li><a href="{url}">{sentence(random.Random(f"{number} {url}"))[:60]}</a></li>'
        for number, url in enumerate(links)
    )
    return html(f"<h1>News of the day</h1><ul>{items}</ul>", title="The Quayside Record")


def feed(home: str, *entries: tuple[str, str]) -> str:
    """A feed of a site: URLs, each with further elements."""
    items = "".join(f"<item><title>Said</title><link>{url}</link>{more}</item>" for url, more in entries)
    channel = f"<channel><title>F</title><link>{home}</link>{items}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'
