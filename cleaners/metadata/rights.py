"""Rights that a publisher reserves: machine-readable signals about text and data mining and AI, unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from cleaners.types import Right, Use
from cleaners.urls.credentials import strip_credentials_in_text

MAX_SIGNAL_CHARS = 2_000
"""Most characters of a signal that are kept, as many as of the longest URL fetched.

A policy is a URL or a few words.
"""

NO_AI = re.compile(r"\b(noai|noimageai|noml)\b", re.IGNORECASE)
"""Directives of robots meta elements and X-Robots-Tag that deny use by AI (DeviantArt 2022; Microsoft 2023)."""

PREFERENCE = re.compile(r"(?:^|[,;\s])([a-z-]+)\s*=\s*(?:n|no|\?0)\b", re.IGNORECASE)
"""What a list of preferences denies: ``search=yes, ai-train=no``."""


ANY_USE = frozenset((Use.AI_INPUT, Use.AI_TRAIN, Use.TDM))
"""The uses that are asked for where no use is named: whoever reads pages to show them has no need to ask."""

DENIED: dict[str, frozenset[Use]] = {
    "search": frozenset((Use.SEARCH,)),
    "ai-input": frozenset((Use.AI_INPUT,)),
    "ai-train": frozenset((Use.AI_TRAIN,)),
    "train-ai": frozenset((Use.AI_TRAIN,)),
    "genai": frozenset((Use.AI_TRAIN,)),
    "ai": frozenset((Use.AI_INPUT, Use.AI_TRAIN)),
    "tdm": frozenset((Use.TDM, Use.AI_TRAIN)),
    "bots": frozenset(Use),
}
"""What a denied preference of Content-Usage (IETF AIPREF, draft-ietf-aipref-vocab) or Content-Signal (Cloudflare 2025:
search, ai-input, ai-train) denies. One that is not in the table denies nothing that we know."""

RSL = "application/rsl+xml"
"""The media type of a licence in Really Simple Licensing 1.0 (2025)."""

LINK = re.compile(r"<([^<>]{1,2000})>([^<>]{0,500})")
"""A link and its parameters in a Link header (RFC 8288, 3)."""


def signal(origin: str, value: str) -> Right:
    """A signal without credentials and of limited length, since each record of a site holds it."""
    return Right(origin=origin, value=strip_credentials_in_text(value.strip())[:MAX_SIGNAL_CHARS])


def of_page(tree: HtmlElement) -> tuple[Right, ...]:
    """Signals of the page's meta elements (TDMRep, W3C community group 2024, 6.3; robots), and its RSL licence."""
    return tuple(_once((*_of_meta(tree), *_of_links(tree))))


def _of_links(tree: HtmlElement) -> Iterator[Right]:
    for link in tree.iter("link"):
        is_license = "license" in (link.get("rel") or "").lower().split() and link.get("type") == RSL
        if is_license and (href := (link.get("href") or "").strip()):
            yield signal("link license", href)


def _of_meta(tree: HtmlElement) -> Iterator[Right]:
    for meta in tree.iter("meta"):
        name, content = (meta.get("name") or "").strip().lower(), (meta.get("content") or "").strip()
        if name in ("tdm-reservation", "tdm-policy") and content:
            yield signal(f"meta {name}", content)
        elif name == "robots" and (directives := NO_AI.findall(content)):
            yield signal("meta robots", ", ".join(dict.fromkeys(word.lower() for word in directives)))


def of_headers(headers: Iterable[tuple[str, str]]) -> tuple[Right, ...]:
    """Signals of a response's headers (TDMRep 6.2; X-Robots-Tag; Content-Usage; Content-Signal; RSL's Link)."""
    return tuple(_once(_of_headers(headers)))


def _of_headers(headers: Iterable[tuple[str, str]]) -> Iterator[Right]:
    for name, value in headers:
        lower = name.lower()
        if lower in ("tdm-reservation", "tdm-policy", "content-usage", "content-signal"):
            yield signal(f"header {lower}", value)
        elif lower == "x-robots-tag" and (directives := NO_AI.findall(value)):
            yield signal("header x-robots-tag", ", ".join(dict.fromkeys(word.lower() for word in directives)))
        elif lower == "link":
            for url, parameters in LINK.findall(value):
                if RSL in parameters and "license" in parameters:
                    yield signal("header license", url)


def denied_uses(right: Right) -> frozenset[Use]:
    """The uses that a signal denies; none for one that allows them, or links a policy or a licence."""
    if right.origin.endswith("tdm-reservation"):
        return DENIED["tdm"] if right.value == "1" else frozenset()
    if right.origin.endswith(("content-usage", "content-signal")):
        names = (name.lower() for name in PREFERENCE.findall(right.value))
        return frozenset(use for name in names for use in DENIED.get(name, ()))
    is_no_ai = right.origin.endswith(("robots", "x-robots-tag")) and NO_AI.search(right.value)
    return DENIED["ai"] if is_no_ai else frozenset()


def is_reserved(right: Right, use: Use | None = None) -> bool:
    """True for a signal that denies a use; without one, for a signal that denies any of ``ANY_USE``."""
    return not denied_uses(right).isdisjoint(ANY_USE if use is None else (use,))


def reserving(rights: Iterable[Right], use: Use | None) -> Right | None:
    """The first right that denies a use (:func:`is_reserved`); None where none does."""
    return next((right for right in rights if is_reserved(right, use)), None)


def _once(rights: Iterable[Right]) -> Iterable[Right]:
    return dict.fromkeys(rights)
