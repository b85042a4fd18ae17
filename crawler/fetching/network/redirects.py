"""Redirects as Scrapy follows them, with a limit, a reason code for failures, and without credentials in the target."""

from __future__ import annotations

import re

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from cleaners.urls.credentials import strip_credentials
from crawler.fetching.exceptions import RequestRefused
from crawler.reasons import FetchReason
from crawler.scrapy_internals import RedirectSteps

STATUSES = (301, 302, 303, 307, 308)

HTTP_EQUIV = re.compile(rb"http-equiv\s{0,9}=\s{0,9}['\"]?refresh", re.IGNORECASE)
HEAD = 4_096
"""Bytes of a page that are searched for a refresh, as many as Scrapy searches. No more are decoded: some charsets take
quadratic time."""


class BoundedRedirect(RedirectSteps):
    """The common part of both kinds of redirect."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Follow the redirect of a response.

        Raises:
            RequestRefused: ``redirects`` after ``REDIRECT_MAX_TIMES`` redirects, or for a loop; ``bad_address`` when
                the target is not a valid URL.
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
            detail = f"it redirects to what is no URL: {error}"
            raise RequestRefused(FetchReason.BAD_URL, detail) from error
        return followed

    def _endless(self, detail: str) -> RequestRefused:
        self.crawler.stats.inc_value("limit/redirects_count")
        return RequestRefused(FetchReason.REDIRECTS, detail)

    def build_redirect(self, source: Request, response: Response, url: str, **more: object) -> Request:
        """The request for the target, without the credentials and the download slot of the first one."""
        redirected = super().build_redirect(source, response, strip_credentials(url), **more)
        # it belongs to the slot of the new host, which queues it and counts its failures
        redirected.meta.pop(Downloader.DOWNLOAD_SLOT, None)
        return redirected

    def redirect(self, redirected: Request, request: Request, reason: object) -> Request:
        """The request that follows a redirect.

        Raises:
            RequestRefused: ``redirects``, for a loop.
            IgnoreRequest: after ``REDIRECT_MAX_TIMES`` redirects.
        """
        before = [request.url, *request.meta.get("redirect_urls", ())]
        if leads_back(redirected.url, before):
            return self._on_loop(request)
        followed = super().redirect(redirected, request, reason)
        if self._has_same_fingerprint(followed, before):  # a variant of the URL that the duplicate filter would drop
            followed.dont_filter = True
        return followed

    def _on_loop(self, request: Request) -> Request:
        raise self._endless("it redirects in a loop")

    def _has_same_fingerprint(self, request: Request, before: list[str]) -> bool:
        fingerprint = self.crawler.request_fingerprinter.fingerprint
        return any(fingerprint(request) == fingerprint(Request(url)) for url in before)


def leads_back(url: str, before: list[str]) -> bool:
    """True for a URL that was already requested in this chain of redirects."""
    return url.partition("#")[0] in {previous_url.partition("#")[0] for previous_url in before}


class Redirect(BoundedRedirect, RedirectMiddleware):
    """Redirects by status and Location (RFC 9110, 15.4)."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Follow the redirect.

        Raises:
            RequestRefused: as in the base class, and ``forbidden_scheme`` for a scheme other than http and https.
        """
        followed = super().process_response(request, response)
        if followed is response and response.status in STATUSES and "Location" in response.headers:
            raise RequestRefused(FetchReason.FORBIDDEN_SCHEME, "it redirects to what is neither http nor https")
        return followed


class Refresh(BoundedRedirect, MetaRefreshMiddleware):
    """Redirects by ``meta http-equiv=refresh`` (HTML Standard, 4.2.5.3)."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Follow a refresh in the first bytes of the page; other pages are not decoded here.

        A page that only reloads itself is returned unchanged, as is one whose target is not a valid URL.

        Raises:
            RequestRefused: ``redirects``.
        """
        if not HTTP_EQUIV.search(response.body[:HEAD]):
            return response
        beginning = response.replace(body=response.body[:HEAD])
        try:
            followed = super().process_response(request, beginning)
        except (LookupError, UnicodeError):  # the page declares an unknown charset; the cleaner detects the right one
            return response
        except RequestRefused as refused:
            if refused.reason == FetchReason.BAD_URL:
                return response
            raise
        return response if followed is beginning or followed is request else followed

    def _on_loop(self, request: Request) -> Request:
        return request
