"""Serves the page that is being labelled, on loopback, only to the person who started the command.

The URL has a random token; a request without it, from another origin, or to another host name (DNS rebinding) is
refused. Requests are processed one at a time.
"""

from __future__ import annotations

import secrets
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec

from crawler.presentation.html.inspect_page import inspect_page
from crawler.presentation.labelling.session import Session
from crawler.quality.labelled import LabelledPageError
from crawler.quality.lessons import TakesBackError
from crawler.quality.stored_labels import Labels, LabelsError

LOOPBACK = "127.0.0.1"

MAX_BODY = 4_000_000
"""Bytes of a request: the kinds of 100,000 blocks."""

TYPE_JSON = "application/json"


class TeachingServer(ThreadingHTTPServer):
    """The server of one session. Browsers keep idle connections open, so each has a thread."""

    daemon_threads = True

    def __init__(self, session: Session, say: Callable[[str], None]) -> None:
        super().__init__((LOOPBACK, 0), Handler)
        self.session = session
        self.say = say
        self.token = secrets.token_urlsafe(24)
        self.lock = threading.Lock()
        """Held while a request is carried out."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore the errors of a browser that closed the connection; Python prints all others."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://{LOOPBACK}:{self.server_port}"

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"{self.origin}/{self.token}/"


class Handler(BaseHTTPRequestHandler):
    """Answers the page's own requests."""

    server: TeachingServer
    timeout = 30

    def do_GET(self) -> None:
        """Send the page."""
        if self._is_ours("/"):
            session = self.server.session
            self._send(
                HTTPStatus.OK,
                inspect_page(session.explanation, base=f"/{self.server.token}", draft=session.draft, host=session.host),
                "text/html; charset=utf-8",
            )

    def do_POST(self) -> None:
        """Carry out the requested action: ``draft``, ``preview``, ``save`` or ``close``."""
        name = self.path.rpartition("/")[2]
        action = {"draft": self._draft, "preview": self._preview, "save": self._save, "close": self._close}.get(name)
        if not self._is_ours(f"/{name}", is_post=True):
            return
        if action is None:
            self._refuse(HTTPStatus.NOT_FOUND, "unknown action")
            return
        try:
            labels = self.server.session.read(self._body())
            with self.server.lock:
                answer = action(labels)
        except LabelsError as error:
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))
        except LabelledPageError as error:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))
        except TimeoutError:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "the request did not come in time")
        except OSError as error:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, f"{error.filename or 'the request'}: {error.strerror}")
        else:
            self._send(HTTPStatus.OK, msgspec.json.encode(answer).decode(), TYPE_JSON)

    def _draft(self, labels: Labels) -> object:
        self.server.session.save_draft(labels)
        return {}

    def _preview(self, labels: Labels) -> object:
        self.server.session.save_draft(labels)
        return self.server.session.preview(labels)

    def _save(self, labels: Labels) -> object:
        try:
            done = self.server.session.save(labels)
        except TakesBackError as error:
            return {"asks": str(error).split("\n")}
        for line in done:
            self.server.say(line)
        return {"done": done}

    def _close(self, _labels: Labels) -> object:
        threading.Thread(target=self.server.shutdown).start()  # it waits for the loop, which does not wait for it
        return {}

    def _body(self) -> bytes:
        try:
            size = int(self.headers.get("Content-Length", ""))
        except ValueError:
            size = -1
        if not 0 <= size <= MAX_BODY:
            raise LabelsError(f"expected a body of at most {MAX_BODY} bytes")
        return self.rfile.read(size)

    def _is_ours(self, path: str, *, is_post: bool = False) -> bool:
        """True for a request of the page itself; refuses any other."""
        server = self.server
        is_known = secrets.compare_digest(self.path.encode(), f"/{server.token}{path}".encode())
        is_here = self.headers.get("Host") == f"{LOOPBACK}:{server.server_port}"
        is_same = not is_post or (
            self.headers.get("Origin") == server.origin
            and self.headers.get("Content-Type", "").partition(";")[0] == TYPE_JSON
        )
        if not (is_known and is_here and is_same):
            self._refuse(HTTPStatus.FORBIDDEN, "not the address that the command printed")
            return False
        return True

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        self._send(status, msgspec.json.encode({"error": why}).decode(), TYPE_JSON)

    def _send(self, status: HTTPStatus, text: str, kind: str) -> None:
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
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Log nothing: the address holds the token."""


def serve(session: Session, *, is_opened: bool, say: Callable[[str], None]) -> None:
    """Serve the page until the person is done, or Ctrl-C.

    Args:
        session: the page.
        is_opened: True where the page is opened in a browser.
        say: prints a line.
    """
    for number in (signal.SIGINT, signal.SIGTERM):  # Scrapy's handlers would only ask its reactor to stop
        signal.signal(number, signal.default_int_handler)
    with TeachingServer(session, say) as server:
        say(f"Open {server.url} to label the page. Press Done there, or Ctrl-C here.")
        if is_opened:
            webbrowser.open(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("ended; what was not saved is kept as a draft")
