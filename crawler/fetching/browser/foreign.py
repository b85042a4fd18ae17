"""Limits a rendered page's requests to other origins: few, at a slow pace, and none that changes anything there.

Untrusted pages run in the crawler's browser: they must not attack other hosts through it, nor reach hosts that only the
crawler can reach.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from scrapy.http import Response

from cleaners.types import Reason
from cleaners.urls.origin import DEFAULT_PORTS, Origin, origin, serialised
from cleaners.urls.resolve import registrable_domain
from crawler.fetching.browser.chromium import header
from crawler.fetching.exceptions import RequestRefused
from crawler.fetching.network.address_policy import AddressPolicy, literal
from crawler.reasons import FetchReason

MAX_HOSTS = 20
"""Hosts of other sites that one page may ask."""

MAX_OF_HOST = 40
"""Requests of one page to a host of another site."""

PACE_SECONDS = 0.1
"""Between two requests to a host of another site, of all pages together."""

MAX_PACED = 1_000
"""Hosts whose last request is remembered."""

SAFE_HEADERS = frozenset(
    (
        *("accept", "accept-language", "content-language", "range", "origin", "referer", "cache-control", "pragma"),
        *("user-agent", "cookie", "content-length", "accept-encoding", "connection", "host", "priority"),
        *("upgrade-insecure-requests", "if-none-match", "if-modified-since", "dnt", "save-data"),
    )
)
"""Headers that a page may send to another origin unasked, or that the browser adds (Fetch, 2.2.2)."""

SIMPLE_TYPES = ("", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
"""Content types of requests that need no preflight (Fetch, 2.2.2)."""

Ask = Callable[[str, Mapping[str, str]], Awaitable[Response]]


@dataclass(slots=True)
class Pace:
    """When each host of another site may be asked next, for all pages of a crawl."""

    _free: OrderedDict[str, float] = field(default_factory=OrderedDict)

    async def wait(self, host: str) -> None:
        """Wait for the turn of a request."""
        now = time.monotonic()
        at = max(now, self._free.pop(host, now))
        self._free[host] = at + PACE_SECONDS
        while len(self._free) > MAX_PACED:
            self._free.popitem(last=False)
        await asyncio.sleep(at - now)


@dataclass(eq=False, slots=True)
class OtherOrigins:
    """What one page has asked of other origins, and whether it may ask more."""

    url: str
    """The page's URL."""
    policy: AddressPolicy
    pace: Pace
    obey: Callable[[str], Awaitable[None]]
    """Raises for a URL that robots.txt forbids."""
    is_private: Callable[[str], bool]
    """True for a host that had a private address which the user allows."""
    page: Origin = field(init=False)
    site: str = field(init=False)
    """The page's site: its registrable domain, or its host with the port."""
    is_open: bool = field(init=False)
    """True for a page on a host that the user allows although it is private."""
    _asked: Counter[str] = field(default_factory=Counter)
    _consents: dict[tuple[Origin, str, tuple[str, ...]], bool] = field(default_factory=dict)
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Lock for preflights: the same preflight is not sent twice."""

    def __post_init__(self) -> None:
        self.page = origin(self.url)
        self.site = site_of(self.url, self.page)
        self.is_open = is_open(self.policy, self.page) or self.is_private(self.page[1])

    async def admit(self, url: str, method: str, headers: Mapping[str, str], ask: Ask) -> None:
        """Accept a request of the page.

        Args:
            url: what is requested.
            method: of the request.
            headers: those that the page sets.
            ask: sends a preflight: its URL and headers.

        Raises:
            RequestRefused: for one that it must not make.
        """
        target = origin(url)
        if target == self.page:
            return
        if not self.is_open and (is_open(self.policy, target) or self.is_private(target[1])):
            raise RequestRefused(FetchReason.FORBIDDEN_ADDRESS, "a public page asks for a private host")
        is_foreign = site_of(url, target) != self.site
        if is_foreign and method not in ("GET", "HEAD"):
            raise RequestRefused(FetchReason.FORBIDDEN_ADDRESS, f"a page sends {method} to another site")
        if is_foreign:
            host = target[1]
            is_beyond = host not in self._asked and len(self._asked) >= MAX_HOSTS
            if is_beyond or self._asked[host] >= MAX_OF_HOST:
                raise RequestRefused(Reason.TOO_LARGE, "the page asks too much of other sites")
            self._asked[host] += 1
            await self.obey(url)
        custom = custom_headers(headers)
        if (custom or method not in ("GET", "HEAD")) and not await self._consents_to(url, method, custom, ask):
            raise RequestRefused(FetchReason.FORBIDDEN_ADDRESS, "another origin does not consent to the request")

    async def wait(self, url: str) -> None:
        """Wait for the turn of a request that was admitted."""
        target = origin(url)
        if site_of(url, target) != self.site:
            await self.pace.wait(target[1])

    async def _consents_to(self, url: str, method: str, custom: tuple[str, ...], ask: Ask) -> bool:
        """Ask another origin as browsers do before a request that is not simple (Fetch, 4.8)."""
        key = (origin(url), method, custom)
        async with self._asking:
            if key not in self._consents:
                headers = {"Origin": serialised(self.page), "Access-Control-Request-Method": method}
                if custom:
                    headers["Access-Control-Request-Headers"] = ",".join(custom)
                self._consents[key] = consents(await ask(url, headers), serialised(self.page), method, custom)
            return self._consents[key]


def consents(response: Response, asking: str, method: str, custom: tuple[str, ...]) -> bool:
    """True for an answer to a preflight that allows the request."""
    methods = {token.strip().upper() for token in header(response, "Access-Control-Allow-Methods").split(",")}
    names = {name.strip().lower() for name in header(response, "Access-Control-Allow-Headers").split(",")}
    allowed = header(response, "Access-Control-Allow-Origin").strip()
    return (
        200 <= response.status < 300
        and allowed in ("*", asking)
        and (method in ("GET", "HEAD", "POST", *methods) or "*" in methods)
        and all(name in names or ("*" in names and name != "authorization") for name in custom)
    )


def custom_headers(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Names of headers for which another origin is to be asked, in order."""
    names = {name.lower(): value for name, value in headers.items()}
    kind = names.pop("content-type", "").partition(";")[0].strip().lower()
    custom = {name for name in names if name not in SAFE_HEADERS and not name.startswith(("sec-", ":", "proxy-"))}
    return tuple(sorted(custom | ({"content-type"} if kind not in SIMPLE_TYPES else set())))


def is_open(policy: AddressPolicy, place: Origin) -> bool:
    """True for a host that an entry of ``COPYDESK_ALLOW_HOSTS`` names."""
    scheme, host, port = place
    address = literal(host)
    return scheme in DEFAULT_PORTS and policy.is_open(str(address or host), address, port)


def site_of(url: str, place: Origin) -> str:
    """The site of a URL: its registrable domain; of an IP address or a name without a dot the host and port."""
    domain = registrable_domain(url)
    is_single = literal(place[1]) is not None or "." not in place[1]  # a site of its own at each port
    return f"{place[1]}:{place[2]}" if domain in ("", place[1]) and is_single else domain
