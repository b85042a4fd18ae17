"""A web server on loopback for a folder of sites, which the demo and the tests crawl.

It serves every host that has a folder, both directly (by the ``Host`` header) and as a proxy. So pages keep their own
URLs without any network access. ``python -m crawler.fetching.demo.server`` runs it and prints its URL.
"""

from __future__ import annotations

import argparse
import json
import mimetypes
import sys
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.utils.defer import maybe_deferred_to_future

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
"""Where the checkout has the sites of demo and tests."""
INSTALLED = Path(__file__).resolve().with_name("sites")
"""Where an installed package has the demo site."""
SITES = INSTALLED if INSTALLED.is_dir() else FIXTURES / "sites"


def hosts(root: Path) -> frozenset[str]:
    """The hosts in a folder of sites: the names of its subfolders."""
    return frozenset(folder.name for folder in root.iterdir() if folder.is_dir()) if root.is_dir() else frozenset()


def pages(root: Path) -> dict[str, tuple[bytes, str | None]]:
    """Body and Content-Type of the page fixtures in a folder, by URL."""
    responses = {}
    for about in sorted(root.glob("*/page.json")):
        page = json.loads(about.read_text("utf-8"))
        responses[page["url"]] = ((about.parent / "input.html").read_bytes(), page["content_type"])
    return responses


def find_file(root: Path, host: str, path: str) -> tuple[int, bytes, str | None]:
    """Status, body and Content-Type of a site's file; ``/news/`` is ``news/index.html``."""
    site = (root / host).resolve()
    target = (site / path.split("?", 1)[0].lstrip("/")).resolve()
    if host not in hosts(root) or not target.is_relative_to(site):
        return 404, b"<title>Not found</title>", "text/html; charset=utf-8"
    if target.is_dir():
        target = target / "index.html"
    if not target.is_file() or target.name == "expected.json":
        return 404, b"<title>Not found</title><h1>Page not found</h1>", "text/html; charset=utf-8"
    guessed = "application/gzip" if target.suffix == ".gz" else mimetypes.guess_type(target.name)[0]
    kind = guessed or "application/octet-stream"
    return 200, target.read_bytes(), f"{kind}; charset=utf-8" if kind == "text/html" else kind


class Server:
    """Listens on a loopback port of the running reactor."""

    def __init__(self, root: Path, port: int = 0, extra: dict[str, tuple[bytes, str | None]] | None = None) -> None:
        reactor: Any = import_module("twisted.internet.reactor")  # importing it installs it
        web: Any = import_module("twisted.web.server")
        self._listening: Any = reactor.listenTCP(port, web.Site(resource(root, extra or {})), interface="127.0.0.1")
        self.port: int = self._listening.getHost().port

    async def close(self) -> None:
        """Stop listening."""
        await maybe_deferred_to_future(self._listening.stopListening())


def resource(root: Path, responses: dict[str, tuple[bytes, str | None]]) -> object:
    """The Twisted resource that responds to every request, direct or as a proxy."""
    base: Any = import_module("twisted.web.resource").Resource

    class Sites(base):  # type: ignore[misc]
        isLeaf = True  # noqa: N815  Twisted's name

        def render(self, request: Any) -> bytes:
            url = request.uri.decode("latin-1")
            if "://" not in url:
                url = f"http://{request.getHeader('host') or 'localhost'}{url}"
            parts = urlsplit(url)
            response = responses.get(url)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            status, body, kind = (200, *response) if response else find_file(root, parts.hostname or "", path)
            request.setResponseCode(status)
            request.defaultContentType = None
            if kind:
                request.setHeader("Content-Type", kind)
            return b"" if request.method == b"HEAD" else body

    return Sites()


def main() -> None:
    """Serve until interrupted; the first line of standard output is the URL."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=SITES, help="folder of sites, one folder a host")
    parser.add_argument("--pages", type=Path, help="folder of page fixtures to serve at their own URLs")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    reactor: Any = import_module("twisted.internet.reactor")
    server = Server(options.root, options.port, pages(options.pages) if options.pages else None)
    sys.stdout.write(f"http://127.0.0.1:{server.port}\n")
    sys.stdout.flush()
    reactor.run()


if __name__ == "__main__":
    main()
