"""A page that was rejected, as data."""

from __future__ import annotations

from cleaners.types import Page, PageRejected, Rejection
from cleaners.urls.credentials import strip_credentials


def rejection(error: PageRejected, page: Page) -> Rejection:
    """The rejection of a page. Its URL has no user name and password."""
    return Rejection(
        url=strip_credentials(page.url),
        stage=error.stage,
        reason=str(error.reason),
        detail=error.detail,
        fetched_at=page.fetched,
    )
