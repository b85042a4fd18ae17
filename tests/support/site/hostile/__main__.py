"""The hostile server itself: threads, raw sockets, one answer a connection."""

from __future__ import annotations

import argparse
import socket
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from tests.support.site import sized
from tests.support.site.hostile import GOOD, Exchange, Route, addresses, faults, good, pages, sizes, tale, traps
from tests.unit.cleaners.pages import html

ROUTES: tuple[Route, ...] = (*addresses.ROUTES, *sizes.ROUTES, *faults.ROUTES, *pages.ROUTES, *traps.ROUTES)
MORE = {path: answer for route in ROUTES for path, answer in route.more.items()} | traps.SITEMAPS | traps.FEEDS
BY_PATH = {route.path: route for route in ROUTES}
STORIES = {good(number): number for number in range(GOOD)}


def front(exchange: Exchange) -> None:
    """Good stories and hostile routes in turn, with every feed."""
    links = [(path, sized.title(number)) for path, number in STORIES.items()]
    for place, route in enumerate(ROUTES):
        links.insert(place * 2, (route.path, f"A story that {route.slug.replace('-', ' ')}"))
    links += [
        ("/odd-more/" + "x" * 5_000, "A story whose address is longer than any other"),
        (f"http://{exchange.canary}/secret", "A story of the house next door to ours"),
    ]
    feeds = "".join(f"<link rel=alternate type='application/rss+xml' href='{path}'>" for path in traps.FEEDS)
    exchange.send(
        html(
            "<h1>News</h1><ul>" + "".join(f"<li><a href='{path}'>{text}</a></li>" for path, text in links) + "</ul>",
            feeds,
            "News",
        )
    )


def robots(exchange: Exchange) -> None:
    """Thousands of agents and rules, and every sitemap."""
    agents = "".join(f"User-agent: a{n}\n" for n in range(8_000)) + "".join(
        f"Disallow: /no{'*a' * 50}{n}$\n" for n in range(2_000)
    )
    maps = "".join(f"Sitemap: http://{exchange.address}{path}\n" for path in traps.SITEMAPS if not path.endswith("/"))
    maps += "".join(f"Sitemap: {place}.xml\n" for place in traps.neighbours(exchange))
    exchange.send(f"User-agent: *\nAllow: /\n{maps}{agents}", kind="text/plain")


def answer(exchange: Exchange) -> None:
    """Do what the route does."""
    path = exchange.path.partition("?")[0]
    if path == "/":
        front(exchange)
    elif path == "/robots.txt":
        robots(exchange)
    elif path in STORIES:
        exchange.send(tale(STORIES[path]))
    elif path in BY_PATH:
        BY_PATH[path].answer(exchange)
    elif path.startswith("/odd/grows-with-each-step-taken/"):
        traps.growing(exchange)
    else:
        more = next(
            (MORE[beginning] for beginning in sorted(MORE, key=len, reverse=True) if path.startswith(beginning)), None
        )
        if more is None:
            exchange.send("<h1>Not found</h1>", status="404 Not Found")
        else:
            more(exchange)


class Server:
    """Listens on loopback, with a canary beside."""

    def __init__(self, log: Path | None, port: int) -> None:
        self.log = log
        self.asked: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.listening = socket.create_server(("127.0.0.1", port), backlog=128)
        self.canary = socket.create_server(("127.0.0.1", 0))
        self.canary6 = (
            socket.create_server(("::1", self.canary.getsockname()[1]), family=socket.AF_INET6)
            if socket.has_dualstack_ipv6()
            else None
        )

    def note(self, line: str) -> None:
        """A line of the log."""
        if self.log:
            with self.lock, self.log.open("a") as log:
                log.write(f"{time.time():.3f} {line}\n")

    def serve(self) -> None:
        """Until interrupted."""
        for listener in filter(None, (self.canary, self.canary6)):
            threading.Thread(target=self.watch, args=(listener,), daemon=True).start()
        while True:
            connection, _ = self.listening.accept()
            threading.Thread(target=self.one, args=(connection,), daemon=True).start()

    def watch(self, listener: socket.socket) -> None:
        """Tell of each connection to the canary."""
        while True:
            connection, peer = listener.accept()
            self.note(f"CANARY {peer}")
            connection.close()

    def one(self, connection: socket.socket) -> None:
        """One request."""
        with connection:
            try:
                head = b""
                while b"\r\n\r\n" not in head and len(head) < 20_000:
                    data = connection.recv(4_096)
                    if not data or data[:1] == b"\x16":  # TLS is not spoken here
                        connection.sendall(b"HTTP/1.1 400 This is not TLS\r\n\r\n")
                        return
                    head += data
                first, *lines = head.decode("latin-1").split("\r\n")
                path = first.split(" ")[1]
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                with self.lock:
                    self.asked[path] += 1
                    count = self.asked[path]
                self.note(f"GET {path[:200]} {'COOKIE' if 'cookie' in headers else ''}")
                answer(Exchange(path, headers, address(self.listening), address(self.canary), connection, count))
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(2)
                connection.recv(1)  # let the other side read before the connection closes
            except OSError:
                return  # the other side hung up, as it should


def address(listener: socket.socket) -> str:
    """Host and port."""
    host, port = listener.getsockname()[:2]
    return f"{host}:{port}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    for make in sizes.PACKED:
        make()
    server = Server(options.log, options.port)
    sys.stdout.write(f"http://{address(server.listening)}/ canary {address(server.canary)}\n")
    sys.stdout.flush()
    server.serve()


if __name__ == "__main__":
    main()
