"""A web server that does what no server should: a route for each thing that Copydesk withstands, beside a hundred good
stories.

    python -m tests.support.site.hostile [--log FILE] [--port N] scrapy crawl news -a site=http://127.0.0.1:PORT/ -s
    COPYDESK_ALLOW_HOSTS=127.0.0.1:PORT -O articles.jsonl

The first line it prints is its address and that of the canary: a second listener that nothing may connect to.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.site import sized

HTML = "text/html; charset=utf-8"
GOOD = 100


def good(number: int) -> str:
    """The address of a good story."""
    return f"/news{sized.slug(number)}"


def tale(number: int) -> str:
    """A whole page with a story of its own, for routes to spoil."""
    return sized.story(number, is_edited=False, size=0)


@dataclass
class Exchange:
    """One request, and the ways to answer it wrongly."""

    path: str
    headers: dict[str, str]
    address: str
    """``127.0.0.1:PORT`` of this server."""
    canary: str
    """``127.0.0.1:PORT`` of the listener that nothing may connect to."""
    connection: Any
    asked: int = 1
    """How often this path was asked, this time included."""

    def raw(self, data: bytes) -> None:
        """Bytes as they are."""
        self.connection.sendall(data)

    def send(
        self, body: bytes | str, *headers: str, status: str = "200 OK", kind: str = HTML, length: int | None = None
    ) -> None:
        """A whole answer; ``length`` lies about its size."""
        data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        lines = [
            f"HTTP/1.1 {status}",
            f"Content-Type: {kind}",
            f"Content-Length: {len(data) if length is None else length}",
            "Connection: close",
            *headers,
        ]
        self.raw("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + data)

    def redirect(self, location: str) -> None:
        """Somewhere else."""
        self.send("", f"Location: {location}", status="302 Found")

    def drip(self, pieces: Any, seconds: float) -> None:
        """Pieces with a pause before each, until the other side hangs up."""
        for piece in pieces:
            time.sleep(seconds)
            self.raw(piece)


@dataclass(frozen=True)
class Route:
    """One hostile thing."""

    slug: str
    """The end of its address, which reads like a story's."""
    answer: Callable[[Exchange], None]
    outcome: str
    """What comes of it: ``article``, stage and reason of its rejection, or nothing; several joined by ``|``."""
    more: dict[str, Callable[[Exchange], None]] = field(default_factory=dict)
    """Further paths that it leads to, by their beginning."""

    @property
    def path(self) -> str:
        """Where it stands."""
        return f"/odd/{self.slug}"
