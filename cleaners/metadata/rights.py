"""Rights that a publisher reserves: machine-readable signals about text and data mining and AI, unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from cleaners.types import Right
from cleaners.urls.credentials import strip_credentials_in_text

MAX_SIGNAL_CHARS = 2_000
"""Most characters of a signal that are kept, as many as of the longest URL fetched.

A policy is a URL or a few words.
"""

NO_AI = re.compile(r"\b(noai|noimageai|noml)\b", re.IGNORECASE)
"""Directives of robots meta elements and X-Robots-Tag that deny use by AI (DeviantArt 2022; Microsoft 2023)."""

CLOSED = re.compile(r"(?:^|[,;\s])(?:train-ai|bots|ai|tdm|genai)\s*=\s*(?:n|no|\?0)\b", re.IGNORECASE)
"""Usages denied in Content-Usage (IETF AIPREF, draft-ietf-aipref-vocab)."""


def signal(origin: str, value: str) -> Right:
    """A signal without credentials and of limited length, since each record of a site holds it."""
    return Right(origin=origin, value=strip_credentials_in_text(value.strip())[:MAX_SIGNAL_CHARS])


def of_page(tree: HtmlElement) -> tuple[Right, ...]:
    """Signals of the page's meta elements (TDMRep, W3C community group 2024, 6.3; robots)."""
    return tuple(_once(_of_meta(tree)))


def _of_meta(tree: HtmlElement) -> Iterator[Right]:
    for meta in tree.iter("meta"):
        name, content = (meta.get("name") or "").strip().lower(), (meta.get("content") or "").strip()
        if name in ("tdm-reservation", "tdm-policy") and content:
            yield signal(f"meta {name}", content)
        elif name == "robots" and (directives := NO_AI.findall(content)):
            yield signal("meta robots", ", ".join(dict.fromkeys(word.lower() for word in directives)))


def of_headers(headers: Iterable[tuple[str, str]]) -> tuple[Right, ...]:
    """Signals of a response's headers (TDMRep 6.2; X-Robots-Tag; Content-Usage)."""
    return tuple(_once(_of_headers(headers)))


def _of_headers(headers: Iterable[tuple[str, str]]) -> Iterator[Right]:
    for name, value in headers:
        lower = name.lower()
        if lower in ("tdm-reservation", "tdm-policy", "content-usage"):
            yield signal(f"header {lower}", value)
        elif lower == "x-robots-tag" and (directives := NO_AI.findall(value)):
            yield signal("header x-robots-tag", ", ".join(dict.fromkeys(word.lower() for word in directives)))


def is_reserved(right: Right) -> bool:
    """True for a signal that denies use; False for one that allows it or links a policy."""
    if right.origin.endswith("tdm-reservation"):
        return right.value == "1"
    if right.origin.endswith("content-usage"):
        return bool(CLOSED.search(right.value))
    return bool(NO_AI.search(right.value))


def _once(rights: Iterable[Right]) -> Iterable[Right]:
    return dict.fromkeys(rights)
