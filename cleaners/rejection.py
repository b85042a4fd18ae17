"""A page that was rejected, as data."""

from __future__ import annotations

from cleaners.types import Page, PageRejected, Rejection
from cleaners.urls.resolve import legible_url


def rejection(error: PageRejected, page: Page) -> Rejection:
    """The rejection of a page. Its URL is in the form of the standard, without credentials."""
    return Rejection(
        url=legible_url(page.url),
        stage=error.stage,
        reason=str(error.reason),
        detail=error.detail,
        fetched_at=page.fetched,
    )
