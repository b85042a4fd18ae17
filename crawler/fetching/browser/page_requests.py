"""The requests of a page that is rendered: each is answered with a response that is downloaded within the limits."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass  # noqa: TID251  read the environment, as Scrapy does

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Route
from playwright.async_api import Request as PageRequest
from scrapy import Request
from scrapy.http import Response

from cleaners.types import Reason
from cleaners.urls.origin import Origin, origin
from crawler.fetching.browser.chromium import header
from crawler.fetching.browser.foreign import OtherOrigins
from crawler.fetching.exceptions import RequestRefused
from crawler.fetching.network.bounds import FetchBounds
from crawler.fetching.network.resolver import public_only
from crawler.fetching.network.signatures import signer_of
from crawler.reasons import FetchReason
from crawler.types import Session

logger = logging.getLogger(__name__)

MAX_REQUESTS = 200
"""Requests of one page, redirects included."""
MAX_AT_ONCE = 6
"""Requests of one page in flight, as many as browsers send to one host."""
MAX_REFUSED = 500
"""Requests of one page that are refused or blocked; then the page is taken as it is."""
MAX_BYTES = 20_000_000
"""Bytes of all responses of one page."""
MAX_SENT = 100_000
"""Bytes of a body that a page sends."""
MAX_REDIRECTS = 5
MAX_RELOADS = 3
"""Times that a page may load itself anew: some set a cookie and do so."""

DOWNLOADED_KINDS = ("document", "script", "xhr", "fetch")
"""Kinds of requests that are downloaded."""
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b")
EMPTY: Mapping[str, tuple[str, bytes]] = {"stylesheet": ("text/css", b""), "image": ("image/gif", PIXEL)}
"""Kinds that are answered without a request, with content type and body: scripts that wait for style sheets and images
go on, and handlers of failures do not remove the elements."""

DROPPED = frozenset(
    ("host", "connection", "content-length", "accept-encoding", "user-agent", "cookie", "upgrade-insecure-requests")
)
"""Headers of the browser's requests that are not sent."""
NOT_PASSED = (
    *("content-encoding", "content-length", "transfer-encoding", "connection", "content-disposition"),
    *("alt-svc", "nel", "report-to", "reporting-endpoints", "strict-transport-security"),
)
"""Headers of responses that are not passed on to the browser."""

Download = Callable[[Request], Awaitable[Response]]


class NavigatedAwayError(Exception):
    """The page's script goes to another page."""


@dataclass(eq=False, slots=True, kw_only=True)
class PageRequests:
    """Answers the requests of one page."""

    page: Page
    top: Request
    """The request for the page itself."""
    first: Response
    """Its response."""
    bounds: FetchBounds
    download: Download
    count: Callable[[str], None]
    sessions: Mapping[Origin, Session]
    """What is sent to each origin besides."""
    until: float
    """Time of the monotonic clock at which the page's time ends."""
    others: OtherOrigins
    sent: int = 0
    received: int = 0
    reloads: int = 0
    in_flight: int = 0
    refused: int = 0
    flooded: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the page requests far too much."""
    left_to: str | None = None
    """URL to which the page's script goes."""
    may_leave: bool = True
    """False once the page has its text: later navigation to another page is advertising."""
    limit: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_AT_ONCE))
    _is_begun: bool = False

    async def answer(self, route: Route) -> None:
        """Answer a request: fulfil it or abort it. Never raises: nothing would abort the request then."""
        error, answer = "failed", None
        try:
            if not self.flooded.is_set():
                answer = await self._answer(route.request)
        except RequestRefused as refused:
            self.count(f"refused_{refused.reason}")
        except NavigatedAwayError:
            error = "aborted"  # any other code would replace the page by an error page
        except Exception as failure:  # noqa: BLE001  network errors of any kind
            logger.debug("%s: %s: %s", route.request.url, type(failure).__name__, failure)
            self.count("failed")
        if answer is None:
            self.refused += 1
            if self.refused > MAX_REFUSED:
                self.flooded.set()
        with suppress(PlaywrightError):  # the page was closed
            await (route.abort(error) if answer is None else route.fulfill(**answer))

    async def _answer(self, request: PageRequest) -> dict[str, Any] | None:
        kind = request.resource_type
        if request.is_navigation_request():
            return await self._navigate(request)
        if kind in EMPTY:
            content_type, body = EMPTY[kind]
            allowed = {"access-control-allow-origin": request.headers.get("origin", "*")}
            credentials = {"access-control-allow-credentials": "true"} if "origin" in request.headers else {}
            return {"status": 200, "headers": {"content-type": content_type, **allowed, **credentials}, "body": body}
        if kind not in DOWNLOADED_KINDS or request.method not in ("GET", "HEAD", "POST"):
            self.count(f"blocked_{kind}")
            return None
        return fulfilment(await self._fetch(request))

    async def _navigate(self, request: PageRequest) -> dict[str, Any] | None:
        """Answer the navigation of a frame.

        Frames inside the page are not loaded: their content is not in the page's DOM. A page that leaves for another
        URL is left to Scrapy, which checks robots.txt and paces the host.
        """
        if request.frame != self.page.main_frame:
            self.count("blocked_frame")
            return None
        if not self._is_begun:
            self._is_begun = True
            return fulfilment(self.first)
        is_same = urldefrag(request.url).url == urldefrag(self.first.url).url
        if not self.may_leave or request.method != "GET" or self.left_to is not None:
            raise NavigatedAwayError
        if is_same and self.reloads < MAX_RELOADS:
            self.reloads += 1
            response = await self._send(request, request.url, "GET", b"")
            if "Location" not in response.headers:
                return fulfilment(response)
            self.left_to = urljoin(request.url, header(response, "Location"))
        else:
            self.left_to = request.url
        raise NavigatedAwayError

    async def _fetch(self, request: PageRequest) -> Response:
        """Download what a page requests, and follow redirects."""
        url, method = urldefrag(request.url).url, request.method
        body = (request.post_data_buffer or b"") if method == "POST" else b""
        self.bounds.check_size(len(body), MAX_SENT)
        for _ in range(MAX_REDIRECTS + 1):
            response = await self._send(request, url, method, body)
            if response.status not in (301, 302, 303, 307, 308) or "Location" not in response.headers:
                return response
            if response.status not in (307, 308) and method == "POST":
                method, body = "GET", b""
            url = urldefrag(urljoin(url, header(response, "Location"))).url
        raise RequestRefused(FetchReason.REDIRECTS, f"more than {MAX_REDIRECTS} redirects")

    def _proxy(self, url: str) -> dict[str, str]:
        """The proxy of the page for its own origin; for others that of the environment, as Scrapy has it."""
        if origin(url) == origin(self.top.url):
            proxy = self.top.meta.get("proxy")
        else:
            parts = urlsplit(url)
            proxy = None if proxy_bypass(parts.netloc) else getproxies().get(parts.scheme)
        return {"proxy": proxy} if proxy else {}

    async def _headers(self, request: PageRequest, url: str) -> dict[str, str]:
        """The browser's headers, with the crawler's name, and the cookies of the page's context."""
        headers = {
            name: value
            for name, value in request.headers.items()
            if name not in DROPPED and not name.startswith(("sec-", ":"))  # Chromium would name itself in some
        }
        if origin(url) != origin(request.url):  # as browsers do where a redirect leads to another origin
            headers.pop("authorization", None)
        headers["user-agent"] = header(self.top, "User-Agent")
        session = self.sessions.get(origin(url), Session())
        if origin(url) == origin(self.top.url) and "Authorization" in self.top.headers:
            headers["authorization"] = header(self.top, "Authorization")
        own = {cookie["name"]: cookie["value"] for cookie in await self.page.context.cookies([url])}
        cookies = {**session.cookies, **own}
        sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
        signed = signer_of(session.signature).headers(url) if session.signature else {}
        return {**headers, **session.headers, **signed, **({"cookie": sent} if sent else {})}

    async def _send(self, request: PageRequest, url: str, method: str, body: bytes) -> Response:
        """Download one URL within the limits of the page.

        Raises:
            RequestRefused: for a URL that must not be requested, or a page with too many or too large responses.
        """
        self.bounds.check_url(url)
        self.sent += 1
        if self.sent > MAX_REQUESTS or self.received >= MAX_BYTES:
            raise RequestRefused(Reason.TOO_LARGE, "the page requests too much")
        self.in_flight += 1
        try:
            await self.others.admit(url, method, request.headers, self._preflight)
            async with self.limit:
                headers = await self._headers(request, url)
                await self.others.wait(url)
                made = Request(url, method=method, headers=headers, body=body, meta=self._meta(url))
                response = await self._downloaded(made)
        finally:
            self.in_flight -= 1
        self.count("requests")
        return response

    def _meta(self, url: str) -> dict[str, object]:
        """How a URL is downloaded."""
        return {
            "download_maxsize": min(self.bounds.page_bytes, max(1, MAX_BYTES - self.received)),
            "download_timeout": max(0.1, self.until - time.monotonic()),
            **self._proxy(url),
        }

    async def _preflight(self, url: str, headers: Mapping[str, str]) -> Response:
        """Ask another origin for its consent.

        Raises:
            RequestRefused: for a page with too many requests.
        """
        self.sent += 1
        if self.sent > MAX_REQUESTS:
            raise RequestRefused(Reason.TOO_LARGE, "the page requests too much")
        async with self.limit:
            await self.others.wait(url)
            named = {**headers, "User-Agent": header(self.top, "User-Agent")}
            return await self._downloaded(Request(url, method="OPTIONS", headers=named, meta=self._meta(url)))

    async def _downloaded(self, request: Request) -> Response:
        """Download a request of the page; if its host is public, from public hosts only, whatever the user allows."""
        token = public_only.set(not self.others.is_open)
        try:
            response = await self.download(request)
        finally:
            public_only.reset(token)
        self.received += len(response.body)
        return response


def fulfilment(response: Response) -> dict[str, object]:
    """A response as Playwright's ``Route.fulfill`` takes it: its body is decompressed already."""
    headers = {
        name.decode("latin-1").lower(): b"\n".join(values).decode("latin-1")
        for name, values in response.headers.items()
        if name.decode("latin-1").lower() not in NOT_PASSED
    }
    return {"status": response.status, "headers": headers, "body": response.body}
