"""A server for one person's browser: on loopback, with a random token in each address.

A request without the token, from another origin, or to another host name (DNS rebinding) is refused.
"""

from __future__ import annotations

import logging
import secrets
import signal
import sys
import webbrowser
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import msgspec

from cleaners.workers import leftovers

FOLDERS = "copydesk-"
"""The beginning of the names of our folders for temporary files."""

logger = logging.getLogger("copydesk")

LOOPBACK = "127.0.0.1"

MAX_BODY = 4_000_000
"""Bytes of a request: the kinds of 100,000 blocks."""

TYPE_JSON, TYPE_HTML = "application/json", "text/html; charset=utf-8"


class RequestError(ValueError):
    """A request that cannot be carried out; the message says why."""


class LoopbackServer(ThreadingHTTPServer):
    """The server. Browsers keep idle connections open, so each has a thread."""

    daemon_threads = True

    def __init__(self, handler: type[LoopbackHandler], port: int = 0) -> None:
        super().__init__((LOOPBACK, port), handler)
        self.token = secrets.token_urlsafe(24)

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore the errors of a browser that closed the connection; Python prints all others."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://{LOOPBACK}:{self.server_port}"

    @property
    def base(self) -> str:
        """The path that all addresses begin with."""
        return f"/{self.token}"

    @property
    def url(self) -> str:
        """The address of the first page."""
        return f"{self.origin}{self.base}/"


class LoopbackHandler(BaseHTTPRequestHandler):
    """Answers the requests of the server's own pages alone."""

    server: LoopbackServer
    timeout = 30

    def own_path(self, *, is_post: bool = False) -> str | None:
        """The path below the server's base, without the query; None for a request that was refused."""
        server, path = self.server, urlsplit(self.path).path
        start = path[: len(server.base) + 1]
        is_known = secrets.compare_digest(start.encode(), f"{server.base}/".encode())
        is_here = self.headers.get("Host") == f"{LOOPBACK}:{server.server_port}"
        is_same = not is_post or (
            self.headers.get("Origin") == server.origin
            and self.headers.get("Content-Type", "").partition(";")[0] == TYPE_JSON
        )
        if is_known and is_here and is_same:
            return path[len(server.base) :]
        self.refuse(HTTPStatus.FORBIDDEN, "not the address that the command printed")
        return None

    def body(self) -> bytes:
        """The body of the request.

        Raises:
            RequestError: where it is too large, or its size is not said.
            TimeoutError: where it does not come.
        """
        try:
            size = int(self.headers.get("Content-Length", ""))
        except ValueError:
            size = -1
        if not 0 <= size <= MAX_BODY:
            raise RequestError(f"expected a body of at most {MAX_BODY} bytes")
        return self.rfile.read(size)

    def refuse(self, status: HTTPStatus, why: str) -> None:
        """Answer with an error as JSON."""
        self.send_json({"error": why}, status)

    def send_json(self, answer: object, status: HTTPStatus = HTTPStatus.OK) -> None:
        """Answer with JSON."""
        self.send(status, msgspec.json.encode(answer).decode(), TYPE_JSON)

    def send(self, status: HTTPStatus, text: str, kind: str = TYPE_HTML, *headers: tuple[str, str]) -> None:
        """Answer with a text in UTF-8; a lone surrogate becomes a question mark."""
        data = text.encode("utf-8", "replace")
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(data))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            *headers,
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def answered(self, act: Callable[[], None]) -> None:
        """Act; where that fails, log why and answer with an error: a page must not end the server, nor say nothing."""
        try:
            act()
        except (ConnectionError, TimeoutError):
            raise
        except Exception as error:
            logger.exception("a page of the browser failed")
            self.refuse(HTTPStatus.INTERNAL_SERVER_ERROR, f"{type(error).__name__}: {error}; the log has more")

    def log_message(self, *_: object) -> None:
        """Log nothing: the address holds the token."""


def serve_until_stopped(
    server: LoopbackServer, *, is_opened: bool, say: Callable[[str], None], opening: str, ending: str
) -> None:
    """Serve until the server is shut down, or Ctrl-C.

    Args:
        server: the server, which is listening.
        is_opened: True where its first page is opened in a browser.
        say: prints a line.
        opening: what is said first.
        ending: what is said after Ctrl-C.
    """
    for number in (signal.SIGINT, signal.SIGTERM):  # Scrapy's handlers would only ask its reactor to stop
        signal.signal(number, signal.default_int_handler)
    say(opening)
    leftovers.sweep(FOLDERS)
    with TemporaryDirectory(prefix=FOLDERS) as folder:
        leftovers.mark(folder)
        if is_opened:
            # other users of the machine see the command line of the browser: it names a file that they cannot read
            page = Path(folder) / "open.html"
            page.write_text(f'<!DOCTYPE html><meta http-equiv="refresh" content="0;url={server.url}">', "utf-8")
            webbrowser.open(page.as_uri())
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say(ending)
