"""The name and password that the user gave with a source's address (``https://name:password@news.example/``): HTTP Basic authentication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured
from w3lib.http import basic_auth_header

from crawler.network.address_policy import Origin, origin

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class BasicAuth:
    """Sends them to the origin they were given for, and nowhere else; they stand in no address, file or log."""

    def __init__(self, logins: dict[Origin, tuple[str, str]]) -> None:
        self._headers = {place: basic_auth_header(name, password) for place, (name, password) in logins.items()}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Only for a spider that was given any."""
        logins = getattr(crawler.spider, "logins", None)
        if not logins:
            raise NotConfigured
        return cls(logins)

    def process_request(self, request: Request) -> None:
        """Add the header where the request goes to such an origin: last of all, just before it is sent."""
        header = self._headers.get(origin(request.url))
        if header is not None:
            request.headers["Authorization"] = header

    def process_response(self, request: Request, response: Response) -> Response:
        """Take it off again: a request that is tried again or redirected is kept on the disk until then."""
        request.headers.pop("Authorization", None)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Take it off again."""
        request.headers.pop("Authorization", None)
