"""WebSub with a hub on loopback: subscribed, verified, pushed, crawled within a minute."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.support.commands import SCRAPY, Process, run
from tests.support.servers import ROOT
from tests.unit.cleaners.pages import story

WITHIN = 60
"""Seconds within which what is pushed is crawled."""

ENTRY = "<entry><title>{name}</title><link href='{home}/{name}'/><updated>2026-11-26T10:00:00Z</updated></entry>"
FEED = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title><link rel='hub' href='{home}/hub'/>"
    "<link rel='self' href='{home}/feed.xml'/>{entries}</feed>"
)


@dataclass
class Publisher:
    """A site with a feed, and the feed's hub."""

    port: int = 0
    names: list[str] = field(default_factory=lambda: ["the-first-story-of-all"])
    forms: list[dict[str, str]] = field(default_factory=list)
    """What subscribers sent to the hub."""
    stale: bool = False
    """True where the feed at the site does not have the newest story yet."""

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def feed(self, names: list[str]) -> bytes:
        return FEED.format(
            home=self.home, entries="".join(ENTRY.format(name=name, home=self.home) for name in names)
        ).encode()

    def ask(self, method: str, url: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        connection.request(method, f"{parts.path}?{parts.query}", body, headers)
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    def verify(self, form: dict[str, str], **changes: str) -> tuple[int, bytes]:
        query = {
            "hub.mode": "subscribe",
            "hub.topic": form["hub.topic"],
            "hub.challenge": "kestrel",
            "hub.lease_seconds": "3600",
            **changes,
        }
        return self.ask("GET", f"{form['hub.callback']}?{urlencode(query)}")

    def push(self, form: dict[str, str], body: bytes, method: str = "sha256", key: str | None = None) -> int:
        digest = hmac.new((key or form["hub.secret"]).encode(), body, method).hexdigest()
        signed = {"X-Hub-Signature": f"{method}={digest}", "Content-Type": "application/atom+xml"}
        return self.ask("POST", form["hub.callback"], body, **signed)[0]


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    found = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            name = self.path.strip("/")
            if name == "feed.xml":
                self.answer(200, "application/atom+xml", found.feed(found.names[: -1 if found.stale else None]))
            elif name in found.names:
                text = f"<p>{name.replace('-', ' ').capitalize()} was told again today, {found.names.index(name)}.</p>"
                self.answer(200, "text/html", story(text).encode() if isinstance(story(text), str) else story(text))
            elif not name:
                link = '<link rel="alternate" type="application/atom+xml" href="/feed.xml">'
                self.answer(200, "text/html", f"<head>{link}</head><body><h1>News</h1></body>".encode())
            else:
                self.answer(404, "text/html", b"<h1>Not found</h1>")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.forms.append({name: values[0] for name, values in parse_qs(body.decode()).items()})
            self.answer(202, "text/plain", b"")

        def log_message(self, *values: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@pytest.fixture
def listening(publisher: Publisher, tmp_path: Path) -> Iterator[Path]:
    """``scrapy listen`` for the publisher's front page; the file that its crawls append to."""
    port, output = free_port(), tmp_path / "articles.jsonl"
    allowed = f"COPYDESK_ALLOW_HOSTS=127.0.0.1:{publisher.port}"
    command = [*SCRAPY, "listen", "-a", f"site={publisher.home}/", "-o", str(output)]
    command += ["--callback", f"http://127.0.0.1:{port}/websub/", "--port", str(port), "-s", allowed]
    command += ["-s", f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}"]
    env = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    log = (tmp_path / "listen.log").open("wb")
    process = Process(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        wait_for(lambda: publisher.forms, tmp_path)
        yield output
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) is not None
        log.close()


def wait_for(what: object, folder: Path, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < deadline, (folder / "listen.log").read_text()
        time.sleep(0.1)


def urls(output: Path) -> list[str]:
    return [json.loads(line)["url"] for line in output.read_text().splitlines()] if output.exists() else []


def test_what_is_pushed_is_crawled_within_a_minute(publisher: Publisher, listening: Path, tmp_path: Path) -> None:
    (form,) = publisher.forms
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", f"{publisher.home}/feed.xml")
    assert len(form["hub.secret"]) < 200
    assert publisher.verify(form, **{"hub.topic": "http://other.example/"})[0] == 404
    assert publisher.verify({**form, "hub.callback": form["hub.callback"] + "x"})[0] == 404
    assert publisher.verify(form) == (200, b"kestrel")
    publisher.names.append("the-second-story-is-pushed")
    publisher.stale = True  # the hub is faster than the site's own feed
    body = publisher.feed(publisher.names)
    assert publisher.push(form, body, key="of somebody else") == 202
    assert publisher.push(form, body, "md5") == 202
    time.sleep(3)
    assert not listening.exists(), "what is not signed is ignored"
    began = time.monotonic()
    assert publisher.push(form, body) == 202
    wait_for(lambda: f"{publisher.home}/the-second-story-is-pushed" in urls(listening), tmp_path, WITHIN)
    assert time.monotonic() - began < WITHIN
    wait_for(lambda: len(urls(listening)) == 2, tmp_path)
    assert len(set(urls(listening))) == 2
    publisher.names.append("the-third-story-comes-later")
    publisher.stale = False
    assert publisher.push(form, publisher.feed(publisher.names[-1:]), "sha512") == 202
    wait_for(lambda: len(urls(listening)) == 3, tmp_path, WITHIN)


def test_the_digests_are_those_of_the_recommendation() -> None:
    assert {"sha1", "sha256", "sha384", "sha512"} <= hashlib.algorithms_guaranteed


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("-o", "a.jsonl", "--callback", "http://me.example/"), "name the sources"),
        (("-a", "site=news.example", "--callback", "http://me.example/"), "and -o FILE"),
        (("-a", "site=news.example", "-o", "a.jsonl"), "--callback: expected the URL"),
        (("-a", "sit=news.example", "-o", "a.jsonl", "--callback", "http://me.example/"), "unknown argument 'sit'"),
    ],
)
def test_what_is_mistyped_is_named(args: tuple[str, ...], message: str) -> None:
    done = run([*SCRAPY, "listen", *args], cwd=ROOT, timeout=60)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
