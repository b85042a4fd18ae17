"""A web server for the built sites, of this machine only. Prints its address and serves.

    python -m tests.end_to_end.rendered.server FOLDER [--port N] [--log FILE]

The host NAME.example or NAME.localhost has the files of FOLDER/sites/NAME. The server may be asked as a proxy (then
nothing leaves the machine), or at its address with the name of the host. Chromium finds NAME.localhost by itself, and
trusts it as it trusts HTTPS. Hosts that are not there get 502. Every request is a line of JSON in the log.

A file routes.json of a site has addresses that are answered otherwise: with "status", "headers", "body", with a "file"
of the site, after a "delay" in seconds, never ("hang"), with a megabyte of spaces "megabytes" times before the body, or
with a body that never ends ("drip"). "*" is for addresses without a file and without a dot.
"""

from __future__ import annotations

import argparse
import json
import mimetypes
import select
import socket
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

HTML = "text/html; charset=utf-8"
MEGABYTE = b" " * 1_000_000


@dataclass(frozen=True)
class Asked:
    """One request."""

    host: str
    path: str
    agent: str
    method: str
    at: float


class SiteServer(ThreadingHTTPServer):
    """Serves the sites below a folder."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, folder: Path, port: int = 0, log: Path | None = None) -> None:
        self.sites = {site.name: site.resolve() for site in (folder / "sites").iterdir() if site.is_dir()}
        self.routes = {name: json.loads((site / "routes.json").read_text("utf-8")) for name, site in self.sites.items()}
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._log = log
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def address(self) -> str:
        """What to give as http_proxy."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def note(self, one: Asked) -> None:
        """Keep a request in the log."""
        with self._lock:
            self.asked.append(one)
            if self._log:
                with self._log.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(asdict(one)) + "\n")

    def shutdown(self) -> None:
        """Let go of the requests that hang, and stop."""
        self.closing.set()
        super().shutdown()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Quiet about a browser that wants no more of an answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    server: SiteServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Send what the routes of the site say, or a file."""
        asked = urlsplit(f"http://{self.headers.get('Host', '')}{self.path}" if self.path[0] == "/" else self.path)
        host, path = asked.hostname or "", unquote(asked.path) or "/"
        where = f"{path}?{asked.query}" if asked.query else path
        self.server.note(Asked(host, where, self.headers.get("User-Agent", ""), self.command, time.time()))
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name = host.removesuffix(".example").removesuffix(".localhost")
        site = self.server.sites.get(name)
        if site is None:
            self._answer(502, HTML, b"No such host")
            return
        routes = self.server.routes[name]
        route, file = routes.get(path), _file(site, path)
        if route is None and file is None and "." not in path:
            route = routes.get("*")
        if route is not None:
            self._follow(site, route)
        elif file is None:
            self._answer(404, HTML, b"<!doctype html><title>Not found</title><h1>Not found</h1>")
        else:
            self._answer(200, _kind(file), file.read_bytes())

    do_HEAD = do_POST = do_OPTIONS = do_PUT = do_CONNECT = do_GET

    def _follow(self, site: Path, route: dict[str, Any]) -> None:
        """Answer as a route says."""
        if route.get("hang"):
            self._wait(600)
            return
        self._wait(route.get("delay", 0))
        file = site / route["file"] if "file" in route else None
        body = file.read_bytes() if file else route.get("body", "").encode()
        kind = _kind(file) if file else HTML
        headers = {"Content-Type": kind, **route.get("headers", {})}
        if route.get("drip"):
            self._drip(body, headers)
        else:
            self._answer(route.get("status", 200), kind, body, headers, megabytes=route.get("megabytes", 0))

    def _wait(self, seconds: float) -> None:
        """Wait, but no longer than the other side does."""
        self.close_connection = seconds >= 600
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self.server.closing.is_set():
            gone, _, _ = select.select([self.connection], [], [], min(left, 0.2))
            if gone and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def _drip(self, body: bytes, headers: dict[str, str]) -> None:
        """Send the body, and then a comment a second until the other side is gone."""
        self.close_connection = True
        self.send_response(200)
        for name, value in {**headers, "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)
            while not self.server.closing.wait(0.5):
                self.wfile.write(b"<!-- more -->")

    def _answer(
        self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None, *, megabytes: int = 0
    ) -> None:
        """Send a whole answer; of HEAD, all but the body."""
        self.send_response(status)
        length = len(body) + megabytes * len(MEGABYTE)
        for name, value in {"Content-Type": kind, "Content-Length": str(length), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            for _ in range(megabytes):
                self.wfile.write(MEGABYTE)
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet: there is a log."""


def _file(site: Path, path: str) -> Path | None:
    """The file of a site that a path names."""
    with suppress(OSError, ValueError):
        found = (site / path.lstrip("/")).resolve()
        found = found / "index.html" if path.endswith("/") else found
        return found if found.is_relative_to(site) and found.is_file() else None
    return None


def _kind(file: Path) -> str:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def main() -> None:
    """Print the address and serve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, help="file to which a line is appended for each request")
    options = parser.parse_args()
    server = SiteServer(options.folder, options.port, options.log)
    sys.stdout.write(f"{server.address}\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
