"""What Copydesk will not ask for, or will not take: one exception, with a reason that is counted and words for a person."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class RequestRefused(IgnoreRequest):
    """A request that is not sent, or an answer that is not taken. It is not tried again."""

    is_passing = False
    """True where a later run may do better."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        """A short stable name, as a rejection and the statistics have it."""
        self.detail = detail
        """What was wrong, and what would let it pass where something would."""


class TransientRefusal(RequestRefused):
    """A refusal for what may pass: a failure of this run, and its address is asked again in the next."""

    is_passing = True


class RequestDeferred(TransientRefusal):
    """A request that is not sent in this run, which is no failure. Its address stays due."""
