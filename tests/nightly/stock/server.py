"""A web server for the built sites, asked as a proxy. Prints its address and serves.

The host NAME.example has the files of FOLDER/sites/NAME, so that every page keeps its address and nothing leaves the
machine. A host that is not there gets 502, and its name is appended to the file named by ``--unknown``, a line a
request.

    python -m tests.nightly.stock.server FOLDER [--port N] [--unknown FILE]
"""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

TEXT = "text/html; charset=utf-8"
KINDS = {
    ".atom": "application/atom+xml",
    ".css": "text/css; charset=utf-8",
    ".eot": "application/vnd.ms-fontobject",
    ".gz": "application/gzip",
    ".html": TEXT,
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".png": "image/png",
    ".rss": "application/rss+xml",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".xsl": "application/xml",
}


class StockServer(ThreadingHTTPServer):
    """Serves the sites below a folder, on this machine only."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, folder: Path, port: int = 0, unknown: Path | None = None) -> None:
        self.sites = {f"{site.name}.example": site.resolve() for site in (folder / "sites").iterdir() if site.is_dir()}
        self.unknown = unknown
        if unknown:
            unknown.touch()
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def address(self) -> str:
        """What to give as http_proxy."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Quiet about a crawler that wants no more of an answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    server: StockServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body in one segment

    def do_GET(self) -> None:
        """Send a file, the way to a folder, or the page that says that there is none."""
        parts = self._asked()
        site = self._site(parts.hostname or "") if parts else None
        if not parts or not site:
            return
        path = _below(site, parts.path)
        if path and path.is_dir():
            if parts.path and not parts.path.endswith("/"):
                whole = parts._replace(path=f"{parts.path}/", fragment="").geturl()
                self._answer(301, TEXT, _page("Moved"), {"Location": whole})
                return
            path /= "index.html"
        if path and path.is_file():
            self._answer(200, KINDS.get(path.suffix.lower(), "application/octet-stream"), path.read_bytes())
            return
        own = site / "404.html"
        self._answer(404, TEXT, own.read_bytes() if own.is_file() else _page("Not found"))

    do_HEAD = do_GET

    def _refuse(self) -> None:
        """Other methods: no site takes them, but the host is looked up all the same."""
        self.close_connection = True
        if self.command == "CONNECT":
            host = self.path.rpartition(":")[0] or self.path
        else:
            parts = self._asked()
            if not parts:
                return
            host = parts.hostname or ""
        if self._site(host.lower()):
            self._answer(405, TEXT, _page("Only GET and HEAD"), {"Allow": "GET, HEAD"})

    do_CONNECT = do_DELETE = do_OPTIONS = do_PATCH = do_POST = do_PUT = _refuse

    def _asked(self) -> SplitResult | None:
        """The address asked for, of a proxy or by Host; a bad one is answered at once."""
        asked = f"http://{self.headers.get('Host', '')}{self.path}" if self.path.startswith("/") else self.path
        try:
            return urlsplit(asked)
        except ValueError:
            self._answer(400, TEXT, _page("Bad address"))
            return None

    def _site(self, host: str) -> Path | None:
        """The folder of a host; one that is not known is noted and answered at once."""
        site = self.server.sites.get(host)
        if not site:
            if self.server.unknown:
                with self.server.unknown.open("a", encoding="utf-8") as names:
                    names.write(f"{host}\n")
            self._answer(502, TEXT, _page("No such host"))
        return site

    def _answer(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Send a whole answer; of HEAD, all but the body."""
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet: the crawler tells."""


def _below(site: Path, path: str) -> Path | None:
    """The file or folder of a site that a path names, if it is there and inside the site."""
    try:
        found = (site / unquote(path).lstrip("/")).resolve(strict=True)
    except (OSError, ValueError):
        return None
    if not found.is_relative_to(site) or (path.endswith("/") and not found.is_dir()):
        return None
    return found


def _page(text: str) -> bytes:
    """A page that says only this."""
    return f"<!doctype html><html lang=en><title>{text}</title><h1>{text}</h1></html>\n".encode()


def main() -> None:
    """Print the address and serve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--unknown", type=Path, help="file to which the names of unknown hosts are appended")
    options = parser.parse_args()
    server = StockServer(options.folder, options.port, options.unknown)
    sys.stdout.write(f"{server.address}\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
