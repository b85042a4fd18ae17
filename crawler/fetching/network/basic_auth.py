"""HTTP Basic authentication (RFC 7617).

The credentials are those in the URL of a source: ``https://name:password@news.example/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from w3lib.http import basic_auth_header

from cleaners.urls.origin import Origin, origin
from crawler.config.plan import plan_of


class BasicAuth:
    """Sends credentials to the origin of their source, and nowhere else; they are in no URL, file or log."""

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

    def process_response(self, request: Request, response: Response) -> Response:
        """Remove the header: a request that is retried or redirected is written to disk."""
        request.headers.pop("Authorization", None)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Remove the header."""
        request.headers.pop("Authorization", None)
