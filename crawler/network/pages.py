"""Response to page: the only door from Scrapy to the cleaner."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy.http import Response

from cleaners.types import Page


def page(response: Response) -> Page:
    """The page of a response, fetched now."""
    header = response.headers.get("Content-Type")
    return Page(
        url=response.url,
        body=response.body,
        content_type=header.decode("latin-1") if header else None,
        fetched_at=datetime.now(UTC).replace(microsecond=0),
    )
