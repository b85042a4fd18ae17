"""Sends the credentials, cookies, headers and proxy of a source to its origin, and nowhere else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from w3lib.http import basic_auth_header

from cleaners.urls.origin import Origin, origin
from crawler.config.plan import plan_of
from crawler.fetching.network import resolver
from crawler.types import Session

MAX_COOKIES = 50
"""Cookies of an origin that are kept, as many as RFC 6265 asks of browsers."""


def sessions_of(crawler: Crawler) -> Mapping[Origin, Session]:
    """The sessions of the crawl's sources, by origin.

    Raises:
        NotConfigured: where there is none.
    """
    sessions = plan_of(crawler).sessions
    if not sessions:
        raise NotConfigured
    return sessions


class OfOrigin(ABC):
    """Takes what it added to a request off again: a request that is retried or redirected is written to disk."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Take it off."""
        self._take_off(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Take it off."""
        self._take_off(request)

    @abstractmethod
    def _take_off(self, request: Request) -> None: ...


class BasicAuth(OfOrigin):
    """Sends credentials to the origin of their source (HTTP Basic authentication, RFC 7617).

    They are those in the URL of the source, ``https://name:password@news.example/``, and in no other URL, file or log.
    """

    def __init__(self, credentials: Mapping[Origin, tuple[str, str]]) -> None:
        self._headers = {place: basic_auth_header(name, password) for place, (name, password) in credentials.items()}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the credentials from the spider.

        Raises:
            NotConfigured: for a spider without credentials.
        """
        credentials = plan_of(crawler).credentials
        if not credentials:
            raise NotConfigured
        return cls(credentials)

    def process_request(self, request: Request) -> None:
        """Add the Authorization header to a request for such an origin, just before it is sent."""
        header = self._headers.get(origin(request.url))
        if header is not None:
            request.headers["Authorization"] = header

    def _take_off(self, request: Request) -> None:
        request.headers.pop("Authorization", None)


class SessionHeaders(OfOrigin):
    """Adds cookies and headers just before a request is sent, and takes them off again.

    So they are in no file of pending requests, in no cache and in no log. Cookies that the origin sets are kept for the
    run.
    """

    def __init__(self, sessions: Mapping[Origin, Session]) -> None:
        self._headers = {place: session.headers for place, session in sessions.items()}
        self._cookies = {place: dict(session.cookies) for place, session in sessions.items() if session.cookies}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the sessions from the spider."""
        return cls(sessions_of(crawler))

    def process_request(self, request: Request) -> None:
        """Add what belongs to the origin."""
        place = origin(request.url)
        for name, value in self._headers.get(place, {}).items():
            request.headers[name] = value
        if cookies := self._cookies.get(place):
            request.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())

    def process_response(self, request: Request, response: Response) -> Response:
        """Remove the session's headers, and store the cookies that the response sets."""
        place = origin(request.url)
        if (cookies := self._cookies.get(place)) is not None:
            for line in response.headers.getlist("Set-Cookie"):
                _update(cookies, line.decode("latin-1"))
        return super().process_response(request, response)

    def _take_off(self, request: Request) -> None:
        place = origin(request.url)
        for name in (*self._headers.get(place, ()), *(["Cookie"] if place in self._cookies else [])):
            request.headers.pop(name, None)


def _update(cookies: dict[str, str], line: str) -> None:
    """Store the cookie of a Set-Cookie header, or delete it where its value is empty or its Max-Age is 0."""
    try:
        parsed = SimpleCookie(line)
    except CookieError:
        return
    for name, morsel in parsed.items():
        if not morsel.value or morsel["max-age"] == "0":
            cookies.pop(name, None)
        elif name in cookies or len(cookies) < MAX_COOKIES:
            cookies[name] = morsel.coded_value


class SessionProxy(OfOrigin):
    """Sends the requests of an origin through its proxy; a redirect may lead to another origin."""

    def __init__(self, proxies: Mapping[Origin, str]) -> None:
        self._proxies = proxies

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the proxies from the sessions; the user chose them, so they may have any address.

        Raises:
            NotConfigured: where there is none.
        """
        proxies = {place: session.proxy for place, session in sessions_of(crawler).items() if session.proxy}
        if not proxies:
            raise NotConfigured
        for proxy in proxies.values():
            resolver.ensure_installed(crawler).trust(proxy)
        return cls(proxies)

    def process_request(self, request: Request) -> None:
        """Set the proxy; Scrapy's middleware sends its credentials."""
        if (proxy := self._proxies.get(origin(request.url))) is not None:
            request.meta["proxy"] = proxy

    def _take_off(self, request: Request) -> None:
        if origin(request.url) in self._proxies:
            request.meta.pop("proxy", None)
            request.meta.pop("_auth_proxy", None)
            request.headers.pop("Proxy-Authorization", None)
