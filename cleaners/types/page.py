"""A page as it comes in, and what is read of it before it is cleaned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as it was fetched or read from disk: the input of :func:`cleaners.clean`.

    Raises:
        TypeError: for a body that is no bytes.
    """

    url: str
    """URL of the response, after redirects. Absolute."""
    body: bytes
    """The body as received, after its Content-Encoding was decoded."""
    content_type: str | None = None
    """The ``Content-Type`` header, e.g. ``text/html; charset=utf-8``."""
    fetched_at: datetime | None = None
    """When the page was fetched, with a time zone. It is the upper bound of every date read from the page."""
    source: str | None = None
    """Where the bytes came from if not from the network: a file path or a WARC record."""

    def __post_init__(self) -> None:
        """Refuse a body that is already decoded: its encoding is part of what is cleaned."""
        if not isinstance(self.body, bytes):
            raise TypeError(
                f"Page.body is {type(self.body).__name__}, expected bytes; clean(html, url=…) takes decoded text, too"
            )

    @property
    def fetched(self) -> str | None:
        """``fetched_at`` in ISO 8601."""
        return self.fetched_at.isoformat() if self.fetched_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Html:
    """The markup of a page and how it was decoded."""

    data: bytes
    """The markup in UTF-8, without the characters that XML does not allow: the input of the parser."""
    encoding: str
    """Name of the Python codec that decoded the bytes."""
    evidence: str
    """How the encoding was found: ``bom``, ``utf-8``, ``header``, ``meta``, ``mixed``, ``guess`` or ``fallback``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlink:
    """One link of a page."""

    url: str
    """Absolute, without fragment."""
    text: str
    """Anchor text; where it is empty, the alternative text of the pictures in the link."""
