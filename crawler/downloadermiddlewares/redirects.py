"""Redirects as Scrapy follows them, with an error of our own where they never end, and without the logins that strangers write."""

from __future__ import annotations

import re
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import BaseRedirectMiddleware, MetaRefreshMiddleware, RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from cleaners.logins import without_login
from crawler.refusal import Refusal


class Bounded(BaseRedirectMiddleware):
    """What both kinds of redirect share."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Follow where the response leads.

        Raises:
            Refusal: ``redirects`` after ``REDIRECT_MAX_TIMES`` of them, ``bad_address`` when one leads nowhere.
        """
        try:
            followed: Request | Response = super().process_response(request, response)  # type: ignore[misc]
        except IgnoreRequest as error:
            self._count()
            raise Refusal("redirects", f"more than {self.max_redirect_times} redirects") from error
        except ValueError as error:
            raise Refusal("bad_address", f"it redirects to an address that cannot be read: {error}") from error
        return followed

    def _count(self) -> None:
        assert self.crawler.stats is not None  # noqa: S101  made before any component
        self.crawler.stats.inc_value("limit/redirects_count")

    def _build_redirect_request(self, source_request: Request, response: Response, *, url: str, **more: Any) -> Request:
        return super()._build_redirect_request(source_request, response, url=without_login(url), **more)


class Redirect(Bounded, RedirectMiddleware):
    """By status and Location (RFC 9110, 15.4)."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Follow it.

        Raises:
            Refusal: as above, and ``forbidden_scheme`` for a file or the like.
        """
        followed = super().process_response(request, response)
        if followed is response and response.status in STATUSES and "Location" in response.headers:
            raise Refusal("forbidden_scheme", "it redirects to what is neither http nor https")
        return followed


STATUSES = (301, 302, 303, 307, 308)


class Refresh(Bounded, MetaRefreshMiddleware):
    """By ``meta http-equiv=refresh`` (HTML Standard, 4.2.5.3)."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Follow it where the page's beginning holds one; pages are not decoded for it here otherwise."""
        if not HTTP_EQUIV.search(response.body[:HEAD]):
            return response
        try:
            return super().process_response(request, response)
        except (LookupError, UnicodeError):  # the page names a charset that is none; the cleaner tells which it is
            return response


HTTP_EQUIV = re.compile(rb"http-equiv\s{0,9}=\s{0,9}['\"]?refresh", re.IGNORECASE)
HEAD = 4_096
"""Characters of a page in which Scrapy looks for it."""
