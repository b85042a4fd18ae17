"""The limits of every fetcher: which URLs and IP addresses it may request, and how large and slow a response may be.

Scrapy's download handler uses this object today. Another fetcher (a browser) would use the same object, and so have
the same limits, reason codes and counters.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from cleaners.types import Reason
from crawler.config.settings_values import SettingsValues
from crawler.fetching.exceptions import RequestRefused
from crawler.fetching.network.address_policy import AddressPolicy
from crawler.files.decompression import CODINGS, StreamTooLargeError, decompress
from crawler.reasons import FetchReason
from crawler.types import Role

MIN_DECOMPRESSED_BYTES = 1_000_000
"""Bytes that any response may decompress to, whatever the ratio: a repetitive page of 5 kB is harmless."""

MAX_HEADER_BYTES = 64_000
"""Most bytes of the headers of a response; those of news pages have a few kB."""

MIN_STATUS, MAX_STATUS = 100, 999
"""Statuses of HTTP have three digits."""

MAX_RATIO = 200
"""Highest ratio of the decompressed size of a response to its size as sent. Text compresses to a third, sitemaps to a
thirtieth. The highest ratio of deflate is 1,032; Brotli and Zstandard have no highest ratio."""

MAX_CODINGS = 2
"""Most content codings of one response that are decoded; servers apply one, and a proxy may add another."""

PAGE_ROLES = (Role.SECTION, Role.ARTICLE, Role.PAGE, Role.NEXT, Role.FEED)
"""Roles whose responses are no larger than a page; a source (``Role.START``) may be a sitemap."""


def address_policy(settings: BaseSettings) -> AddressPolicy:
    """The policy of ``COPYDESK_ALLOW_HOSTS`` and ``COPYDESK_ALLOW_PORTS``.

    Raises:
        UsageError: naming the entry that is not valid.
    """
    values = SettingsValues.of(settings)
    try:
        return AddressPolicy.of(values.allow_hosts, values.allow_ports)
    except ValueError as error:
        raise UsageError(f"setting COPYDESK_ALLOW_HOSTS: {error}", print_help=False) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchBounds:
    """The bounds of a crawl."""

    policy: AddressPolicy
    max_url_length: int
    """Characters of the longest URL."""
    header_seconds: float
    """Seconds within which the headers of a response must arrive."""
    page_bytes: int
    """Most bytes of a page or feed, both as sent and decompressed."""
    file_bytes: int
    """Most bytes of a response that may be a sitemap."""
    increment: Callable[[str], None]
    """Counts something in the statistics."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the settings; count in the crawl's statistics.

        Raises:
            UsageError: naming the setting that is not valid.
        """
        values = SettingsValues.of(crawler.settings)
        return cls(
            policy=address_policy(crawler.settings),
            max_url_length=crawler.settings.getint("URLLENGTH_LIMIT") or sys.maxsize,  # 0 is no limit, as in Scrapy
            header_seconds=values.headers_timeout,
            page_bytes=values.page_maxsize,
            file_bytes=crawler.settings.getint("DOWNLOAD_MAXSIZE"),
            increment=crawler.stats.inc_value,
        )

    def check_url(self, url: str) -> None:
        """Accept a URL; a refusal is counted as ``guard/…_count``.

        Raises:
            RequestRefused: with the reason, and the setting that allows it.
        """
        try:
            self.check_length(url)
            self.policy.check(url)
        except RequestRefused as refused:
            self.increment(f"guard/{refused.reason}_count")
            raise

    def check_length(self, url: str) -> None:
        """Accept a URL that is not too long.

        Raises:
            RequestRefused: ``long_address``.
        """
        if len(url) > self.max_url_length:
            detail = f"the URL has {len(url)} characters; the limit is {self.max_url_length}"
            raise RequestRefused(FetchReason.LONG_URL, detail)

    def check_address(self, host: str, address: str, port: int) -> None:
        """Accept the IP address of a host that is to be connected to.

        Raises:
            RequestRefused: ``forbidden_address``.
        """
        refusal = self.policy.refusal_of_address(host, address, port)
        if refusal is not None:
            raise self.refuse(FetchReason.FORBIDDEN_ADDRESS, refusal)

    def max_bytes(self, role: Role) -> int:
        """Bytes of the largest response that is accepted for a role."""
        return self.page_bytes if role in PAGE_ROLES else self.file_bytes

    def check_size(self, size: int, most: int) -> None:
        """Accept the size of a body in bytes; 0 as ``most`` is no limit.

        Raises:
            RequestRefused: ``too_large``.
        """
        if most and size > most:
            raise self.refuse(Reason.TOO_LARGE, f"the response has more than {most} bytes")

    def check_status(self, status: int) -> None:
        """Accept the status of a response: three digits (RFC 9112, section 4).

        Raises:
            RequestRefused: ``bad_status``.
        """
        if not MIN_STATUS <= status <= MAX_STATUS:
            raise self.refuse(FetchReason.BAD_STATUS, f"the HTTP status has {len(str(status))} digits, not three")

    def check_headers(self, size: int) -> None:
        """Accept the size of a response's headers in bytes.

        Raises:
            RequestRefused: ``headers``.
        """
        if size > MAX_HEADER_BYTES:
            raise self.refuse(FetchReason.HEADERS, f"the headers have more than {MAX_HEADER_BYTES} bytes")

    def decompress(self, body: bytes, codings: Sequence[str], most: int) -> bytes:
        """Decode the content codings of a body.

        Args:
            body: the body as sent.
            codings: names of the codings, in the order they were applied.
            most: most bytes of the result. With 0 only the ratio limits it, and ``MIN_DECOMPRESSED_BYTES`` times the
                ratio.

        Raises:
            RequestRefused: ``codings``, ``unknown_coding`` or ``unpacked``.
            DamagedStreamError: when a stream is cut or corrupt.
        """
        if len(codings) > MAX_CODINGS:
            detail = f"the response is packed {len(codings)} times; the limit is {MAX_CODINGS}"
            raise self.refuse(FetchReason.CODINGS, detail)
        by_ratio = max(MIN_DECOMPRESSED_BYTES, len(body) * MAX_RATIO)
        most = min(most or MIN_DECOMPRESSED_BYTES * MAX_RATIO, by_ratio)
        for name in reversed(codings):
            if name not in CODINGS:
                detail = f"the response has the Content-Encoding '{name}', which was not requested"
                raise self.refuse(FetchReason.UNKNOWN_CODING, detail)
            try:
                body = decompress(body, name, most)
            except StreamTooLargeError as error:
                raise self.refuse(FetchReason.UNPACKED, str(error)) from error
        return body

    def refuse(self, reason: FetchReason | Reason, detail: str) -> RequestRefused:
        """A refusal of a response, counted as ``limit/…_count``."""
        self.increment(f"limit/{reason}_count")
        return RequestRefused(reason, detail)
