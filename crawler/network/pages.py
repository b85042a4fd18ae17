"""Response to page: the only place that converts a Scrapy response for the cleaner."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy.http import Response

from cleaners.types import Page


def to_page(response: Response) -> Page:
    """The page of a response, fetched now."""
    header = response.headers.get("Content-Type")
    return Page(
        url=response.url,
        body=response.body,
        content_type=header.decode("latin-1") if header else None,
        fetched_at=datetime.now(UTC).replace(microsecond=0),
    )
