"""The HTTP side of the server, on Twisted, which Scrapy runs on."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request, Site

from crawler.spiders.serve.api import (
    MAX_BYTES,
    MAX_WAITING,
    NOT_ALLOWED,
    NOT_FOUND,
    OK,
    RETRY_SECONDS,
    TOO_LARGE,
    UNAVAILABLE,
    ApiError,
    Asked,
    Door,
    error_body,
    read_request,
)

logger = logging.getLogger("copydesk")

INTERNAL_ERROR = 500
JSON = b"application/json; charset=utf-8"

Clean = Callable[[Asked], Awaitable[tuple[int, bytes]]]
"""Gives the status and the body of an answer."""


def resource(clean: Clean, door: Door, described: dict[str, Any]) -> object:
    """The Twisted resource of the server: ``POST /clean``, ``GET /openapi.json``, ``GET /health``."""
    waiting: set[asyncio.Task[None]] = set()

    class Api(Resource):
        isLeaf = True  # noqa: N815  Twisted's name

        def render(self, request: Any) -> Any:
            """Answer a request, now or when its page is cleaned."""
            request.setHeader(b"X-Content-Type-Options", b"nosniff")
            try:
                return self._answer(request)
            except ApiError as error:
                return _answer(request, error.status, error_body(str(error)))

        def _answer(self, request: Any) -> Any:
            door.check(headers_of(request))
            method, path = request.method.decode("latin-1"), request.path.decode("latin-1")
            if path == "/clean":
                return self._clean(request, method)
            shown = {"/openapi.json": described, "/health": {"status": "ok", "waiting": len(waiting)}}.get(path)
            if shown is None:
                raise ApiError(NOT_FOUND, "expected POST /clean, GET /openapi.json or GET /health")
            _expect(request, method, "GET", "HEAD")
            return _answer(request, OK, json.dumps(shown).encode() + b"\n")

        def _clean(self, request: Any, method: str) -> Any:
            _expect(request, method, "POST")
            if len(waiting) >= MAX_WAITING:
                request.setHeader(b"Retry-After", str(RETRY_SECONDS).encode())
                raise ApiError(UNAVAILABLE, f"{MAX_WAITING} requests wait already")
            query = request.args.get(b"url")
            url = query[0].decode("utf-8", "replace") if query else None
            asked = read_request(request.content.read(), headers_of(request).get("content-type", ""), url)
            task = asyncio.ensure_future(_respond(request, clean, asked))
            waiting.add(task)
            task.add_done_callback(waiting.discard)
            request.notifyFinish().addErrback(lambda _: task.cancel())  # the caller has gone
            return NOT_DONE_YET

    return Api()  # type: ignore[no-untyped-call]


async def _respond(request: Any, clean: Clean, asked: Asked) -> None:
    try:
        status, body = await clean(asked)
    except Exception:
        logger.exception("%s: the request failed", asked.url)
        status, body = INTERNAL_ERROR, error_body("the server failed; its log has the traceback")
    data = _answer(request, status, body)
    request.write(data)
    request.finish()


def _answer(request: Any, status: int, body: bytes) -> bytes:
    request.setResponseCode(status)
    request.setHeader(b"Content-Type", JSON)
    request.setHeader(b"Content-Length", str(len(body)).encode())
    return body


def _expect(request: Any, method: str, *allowed: str) -> None:
    if method not in allowed:
        request.setHeader(b"Allow", ", ".join(allowed).encode())
        raise ApiError(NOT_ALLOWED, f"expected {' or '.join(allowed)}")


def headers_of(request: Any) -> dict[str, str]:
    """The headers of a request, with names in lower case."""
    pairs = request.requestHeaders.getAllRawHeaders()
    return {name.decode("latin-1").lower(): values[-1].decode("latin-1") for name, values in pairs}


def site(root: object) -> object:
    """A Twisted site that reads no more than ``MAX_BYTES`` of a body."""

    class BoundedRequest(Request):
        def gotLength(self, length: int | None) -> None:  # noqa: N802
            super().gotLength(length)  # type: ignore[no-untyped-call]
            if length is not None and length > MAX_BYTES:
                self._refuse()

        def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
            if self.content is not None and self.content.tell() + len(data) > MAX_BYTES:
                self._refuse()
                return
            super().handleContentChunk(data)  # type: ignore[no-untyped-call]

        def _refuse(self) -> None:
            body = error_body(f"the body has more than {MAX_BYTES} bytes")
            head = f"HTTP/1.1 {TOO_LARGE} Content Too Large\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
            channel: Any = self.channel
            channel.transport.write(f"{head}Content-Type: {JSON.decode()}\r\n\r\n".encode() + body)
            channel.loseConnection()

    return Site(root, requestFactory=BoundedRequest, timeout=60)
