"""The interface of the server: what a request asks for, what is wrong with it, and its description. No I/O."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec

from cleaners.record import schema
from cleaners.types import Page
from crawler.config.sources import SourceError, parse_source

MAX_BYTES = 12_000_000
"""Bytes of the largest body: a page of 10 MB, escaped as JSON needs it."""

MAX_WAITING = 100
"""Most requests that wait at once: beyond, callers are told to come again."""

RETRY_SECONDS = 5

LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))

OK, BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, NOT_ALLOWED = 200, 400, 401, 403, 404, 405
TOO_LARGE, UNSUPPORTED, UNPROCESSABLE, UNAVAILABLE = 413, 415, 422, 503


class ApiError(Exception):
    """A request that is not answered; the message names what is wrong and the remedy."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request asks for."""

    url: str
    page: Page | None
    """None where the page is to be fetched."""


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    url: str
    html: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who is let in."""

    token: str
    """Empty where anybody is who reaches the server: programs of the same machine."""

    def check(self, headers: Mapping[str, str]) -> None:
        """Accept a request by its headers, with names in lower case.

        A page in a browser of the same machine was not meant: it sends ``Origin``, or names another host.

        Raises:
            ApiError: 401 without the token, 403 for a page in a browser.
        """
        if self.token:
            scheme, _, given = headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), self.token.encode()):
                raise ApiError(UNAUTHORIZED, "expected the header Authorization: Bearer TOKEN, with the server's token")
            return
        if "origin" in headers or _host(headers.get("host", "")) not in LOOPBACK:
            raise ApiError(FORBIDDEN, "without a token the server answers programs of its own machine, at 127.0.0.1")


def _host(header: str) -> str | None:
    """The host of a ``Host`` header; None where that is none."""
    try:
        return urlsplit(f"//{header}").hostname
    except ValueError:
        return None


def read_request(body: bytes, content_type: str, query_url: str | None) -> Asked:
    """What a request asks for: JSON with ``url`` and perhaps ``html``, or HTML with ``?url=``.

    Raises:
        ApiError: naming what was expected.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in ("text/html", "application/xhtml+xml"):
        if query_url is None:
            raise ApiError(BAD_REQUEST, "expected the URL of the page: POST /clean?url=https://…")
        url = _checked(query_url)
        return Asked(url=url, page=Page(url=url, body=body, content_type=content_type))
    if media_type != "application/json":
        raise ApiError(UNSUPPORTED, "expected Content-Type application/json, or text/html with ?url=")
    try:
        asked = msgspec.json.decode(body, type=_Body)
    except msgspec.MsgspecError as error:
        raise ApiError(
            BAD_REQUEST, f'expected {{"url": "https://…", "html": "…"}}; html may be absent: {error}'
        ) from error
    url = _checked(asked.url)
    if asked.html is None:
        return Asked(url=url, page=None)
    data = asked.html.encode("utf-8", "replace")
    return Asked(url=url, page=Page(url=url, body=data, content_type="text/html; charset=utf-8"))


def _checked(url: str) -> str:
    """The URL, where it is a whole one.

    Raises:
        ApiError: for any other.
    """
    if not url.startswith(("http://", "https://")):
        raise ApiError(BAD_REQUEST, f"'{url[:100]}': expected a URL that begins with http:// or https://")
    try:
        return parse_source(url).url
    except SourceError as error:
        raise ApiError(BAD_REQUEST, str(error)) from error


def error_body(message: str) -> bytes:
    """The body of an answer that is an error."""
    return json.dumps({"error": message}, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def description(version: str, *, has_token: bool) -> dict[str, Any]:
    """The OpenAPI description (3.1) of the server."""
    article = dict(schema.schema())
    parts: Any = article.pop("$defs")
    article = {key: value for key, value in article.items() if not key.startswith("$")}
    made: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Copydesk", "version": version, "description": "News pages to articles."},
        "paths": {
            "/clean": {"post": {**CLEAN, "responses": _answers(has_token=has_token)}},
            "/health": {"get": {"summary": "Whether the server works.", "responses": {"200": {"description": "Yes."}}}},
        },
        "components": {"schemas": {**SCHEMAS, "Article": article, **parts}},
    }
    if has_token:
        made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{"token": []}]
    described: dict[str, Any] = json.loads(json.dumps(made).replace("#/$defs/", "#/components/schemas/"))
    return described


def _answers(*, has_token: bool) -> dict[str, Any]:
    """The answers to ``POST /clean``, by status."""
    answers = {
        OK: ("Article", "The article."),
        UNPROCESSABLE: ("Rejection", "The page has no article, or could not be fetched: the stage and the reason."),
        BAD_REQUEST: ("Error", "The request is not valid."),
        FORBIDDEN: ("Error", "A page in a browser asked."),
        TOO_LARGE: ("Error", f"The body has more than {MAX_BYTES} bytes."),
        UNSUPPORTED: ("Error", "Neither JSON nor HTML."),
        UNAVAILABLE: ("Error", "Too many requests wait; Retry-After says when to come again."),
    }
    if has_token:
        answers[UNAUTHORIZED] = ("Error", "The token is missing or wrong.")
    return {
        str(status): {"description": words, "content": {"application/json": {"schema": _reference(name)}}}
        for status, (name, words) in answers.items()
    }


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


CLEAN: dict[str, Any] = {
    "summary": "Clean a page: fetch it by its URL, or take its HTML.",
    "parameters": [
        {
            "name": "url",
            "in": "query",
            "description": "Where HTML is sent as text/html: its URL.",
            "schema": {"type": "string", "format": "uri"},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _reference("Page")},
            "text/html": {"schema": {"type": "string"}},
        },
    },
}

SCHEMAS: dict[str, Any] = {
    "Page": {
        "type": "object",
        "required": ["url"],
        "additionalProperties": False,
        "properties": {
            "url": {"type": "string", "format": "uri", "description": "It is fetched where html is absent."},
            "html": {"type": "string", "description": "The page's markup."},
        },
    },
    "Rejection": {
        "type": "object",
        "required": ["url", "stage", "reason", "detail"],
        "properties": {name: {"type": "string"} for name in ("url", "stage", "reason", "detail", "page_class")},
    },
    "Error": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}},
}
