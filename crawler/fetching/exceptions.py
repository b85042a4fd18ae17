"""Requests that are refused or deferred, with a stable reason code for statistics and a detail in words."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

from crawler.fetching.failure_reasons import is_retryable_reason


class RequestRefused(IgnoreRequest):
    """A request that is not sent, or a response that is not accepted. Scrapy does not retry it."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        """The reason code, as in rejections and statistics."""
        self.detail = detail
        """What was wrong, and the remedy where there is one."""

    @property
    def is_retryable(self) -> bool:
        """True where the next run tries again."""
        return is_retryable_reason(self.reason)


class RequestDeferred(RequestRefused):
    """A request that is not sent in this run. That is not a failure: its URL stays due."""
