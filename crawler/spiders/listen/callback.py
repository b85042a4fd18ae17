"""The server that hubs send to."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from twisted.web.resource import Resource
from twisted.web.server import Request, Site

from crawler.log_sanitizer import escape_controls
from crawler.spiders.listen.spool import Pushed
from crawler.spiders.listen.subscriptions import Subscriptions

logger = logging.getLogger("copydesk")

MAX_BYTES = 10_000_000
"""Bytes of the largest body that is accepted: feeds have a few hundred kilobytes."""

NOT_FOUND, ACCEPTED, UNAVAILABLE = 404, 202, 503

TEXT = b"text/plain; charset=utf-8"


def resource(subscriptions: Subscriptions, push: Callable[[Pushed], None]) -> object:
    """The Twisted resource that responds to hubs.

    Args:
        subscriptions: those that were requested.
        push: takes what is pushed; it raises OSError where it cannot keep it.
    """

    class Callback(Resource):
        isLeaf = True  # noqa: N815  Twisted's name

        def render_GET(self, request: Any) -> bytes:  # noqa: N802
            """Confirm a subscription that was requested (5.3), or log that the hub denied it (5.2)."""
            subscription = subscriptions.of(path_of(request))
            query = {
                name.decode("latin-1"): values[0].decode("utf-8", "replace") for name, values in request.args.items()
            }
            request.setHeader(b"Content-Type", TEXT)
            if subscription is not None and query.get("hub.mode") == "denied":
                logger.error("%s: the hub denies: %s", subscription.topic, escape_controls(query.get("hub.reason", "")))
                return b""
            challenge = subscription.verify(query, time.monotonic()) if subscription is not None else None
            if subscription is None or challenge is None:
                request.setResponseCode(NOT_FOUND)
                return b""
            logger.info("%s: the hub has subscribed us for %.0f s", subscription.topic, subscription.lease)
            return challenge.encode()

        def render_POST(self, request: Any) -> bytes:  # noqa: N802
            """Accept a push that the hub signed (7); an unsigned one gets the same response and is ignored (8)."""
            subscription = subscriptions.of(path_of(request))
            if subscription is None:
                request.setResponseCode(NOT_FOUND)
                return b""
            body = request.content.read()
            request.setResponseCode(ACCEPTED)
            if not subscription.is_signed(request.getHeader("X-Hub-Signature") or "", body):
                logger.warning("%s: a push without a valid signature was ignored", subscription.topic)
                return b""
            try:
                push(Pushed(topic=subscription.topic, source=subscription.source, body=body))
            except OSError as error:
                logger.error("%s: a push could not be kept: %s", subscription.topic, error)  # noqa: TRY400  one clear line
                request.setResponseCode(UNAVAILABLE)  # the hub sends it again
            return b""

    return Callback()


def path_of(request: Any) -> str:
    """The last part of a request's path."""
    return bytes(request.path).decode("latin-1").rpartition("/")[2]


def site(root: object) -> object:
    """A Twisted site whose requests have bodies of at most ``MAX_BYTES``."""

    class BoundedRequest(Request):
        def gotLength(self, length: int | None) -> None:  # noqa: N802
            super().gotLength(length)
            if length is not None and length > MAX_BYTES:
                self.channel.loseConnection()

        def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
            if self.content is not None and self.content.tell() + len(data) > MAX_BYTES:
                self.channel.loseConnection()
                return
            super().handleContentChunk(data)

    return Site(root, requestFactory=BoundedRequest, timeout=30)
