"""Response to page: the only place that converts a Scrapy response for the cleaner."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy.http import Response

from cleaners.types import Page
from crawler.types import FETCHED, Fetched


def to_page(response: Response) -> Page:
    """The page of a response."""
    header = response.headers.get("Content-Type")
    fetched = fetched_of(response)
    return Page(
        url=response.url,
        body=response.body,
        content_type=header.decode("latin-1") if header else None,
        fetched_at=fetched.at,
        source=fetched.record,
    )


def fetched_of(response: Response) -> Fetched:
    """Return when a response was fetched, and its record; the current time if no Copydesk handler fetched it."""
    is_cached = "cached" in response.flags  # by Scrapy's HTTP cache
    fetched = response.request.meta.get(FETCHED) if response.request is not None and not is_cached else None
    return fetched if isinstance(fetched, Fetched) else Fetched(datetime.now(UTC).replace(microsecond=0))
