"""Redirects as Scrapy follows them, with an error of our own where they never end, and without the logins that strangers write."""

from __future__ import annotations

import re
from typing import Any

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.downloadermiddlewares.redirect import BaseRedirectMiddleware, MetaRefreshMiddleware, RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from cleaners.urls.credentials import strip_credentials
from crawler.network.exceptions import RequestRefused


class Bounded(BaseRedirectMiddleware):
    """What both kinds of redirect share."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Follow where the response leads.

        Raises:
            Refusal: ``redirects`` after ``REDIRECT_MAX_TIMES`` of them, ``bad_address`` when one leads nowhere.
        """
        try:
            followed: Request | Response = super().process_response(request, response)  # type: ignore[misc]
        except RequestRefused:
            raise
        except IgnoreRequest as error:
            raise self._endless(f"more than {self.max_redirect_times} redirects") from error
        except UnicodeError:
            raise
        except ValueError as error:
            raise RequestRefused("bad_address", f"it redirects to an address that cannot be read: {error}") from error
        return followed

    def _endless(self, detail: str) -> RequestRefused:
        assert self.crawler.stats is not None  # noqa: S101  made before any component
        self.crawler.stats.inc_value("limit/redirects_count")
        return RequestRefused("redirects", detail)

    def _build_redirect_request(self, source_request: Request, response: Response, *, url: str, **more: Any) -> Request:
        redirected = super()._build_redirect_request(source_request, response, url=strip_credentials(url), **more)
        # it waits and fails as a request of the host that it goes to
        redirected.meta.pop(Downloader.DOWNLOAD_SLOT, None)
        return redirected

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        before = [request.url, *request.meta.get("redirect_urls", ())]
        if leads_back(redirected.url, before):
            return self._led_back(request)
        followed = super()._redirect(redirected, request, reason)
        if self._is_known(followed, before):  # only spelled otherwise, which the duplicate filter does not tell apart
            followed.dont_filter = True
        return followed

    def _led_back(self, request: Request) -> Request:
        raise self._endless("it redirects in a loop")

    def _is_known(self, request: Request, before: list[str]) -> bool:
        assert self.crawler.request_fingerprinter is not None  # noqa: S101  made before any component
        fingerprint = self.crawler.request_fingerprinter.fingerprint
        return any(fingerprint(request) == fingerprint(Request(url)) for url in before)


def leads_back(url: str, before: list[str]) -> bool:
    """True for an address that was asked on the way here."""
    return url.partition("#")[0] in {one.partition("#")[0] for one in before}


class Redirect(Bounded, RedirectMiddleware):
    """By status and Location (RFC 9110, 15.4)."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Follow it.

        Raises:
            Refusal: as above, and ``forbidden_scheme`` for a file or the like.
        """
        followed = super().process_response(request, response)
        if followed is response and response.status in STATUSES and "Location" in response.headers:
            raise RequestRefused("forbidden_scheme", "it redirects to what is neither http nor https")
        return followed


STATUSES = (301, 302, 303, 307, 308)


class Refresh(Bounded, MetaRefreshMiddleware):
    """By ``meta http-equiv=refresh`` (HTML Standard, 4.2.5.3)."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Follow it where the page's beginning holds one; pages are not decoded for it here otherwise.

        A page that only reloads itself is that page, as is one that leads to nowhere.

        Raises:
            Refusal: ``redirects``.
        """
        if not HTTP_EQUIV.search(response.body[:HEAD]):
            return response
        beginning = response.replace(body=response.body[:HEAD])
        try:
            followed = super().process_response(request, beginning)
        except (LookupError, UnicodeError):  # the page names a charset that is none; the cleaner tells which it is
            return response
        except RequestRefused as refused:
            if refused.reason == "bad_address":
                return response
            raise
        return response if followed is beginning or followed is request else followed

    def _led_back(self, request: Request) -> Request:
        return request


HTTP_EQUIV = re.compile(rb"http-equiv\s{0,9}=\s{0,9}['\"]?refresh", re.IGNORECASE)
HEAD = 4_096
"""Bytes of a page in which it is looked for, as many as Scrapy looks at; no more are decoded: some charsets take quadratic time."""
