"""Rights that a publisher reserves: machine-readable signals about text and data mining and AI, unchanged."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from cleaners.metadata import rsl
from cleaners.types import Article, Permission, Right, Use
from cleaners.urls.credentials import strip_credentials_in_text

MAX_SIGNAL_CHARS = 2_000
"""Most characters of a signal that are kept, as many as of the longest URL fetched.

A policy is a URL or a few words.
"""

NO_AI = re.compile(r"\b(noai|noimageai|noml)\b", re.IGNORECASE)
"""Directives of robots meta elements and X-Robots-Tag that deny use by AI (DeviantArt 2022; Microsoft 2023)."""

PREFERENCE = re.compile(r"(?:^|[,;\s])([a-z-]+)\s{0,9}=\s{0,9}(n|no|\?0|y|yes|\?1)(?![\w-])", re.IGNORECASE)
"""An entry of a list of preferences: ``search=yes, ai-train=no``."""

CATEGORIES: dict[Use, tuple[str, ...]] = {
    Use.SEARCH: ("search", "bots"),
    Use.AI_INPUT: ("ai-input", "ai", "bots"),
    Use.AI_TRAIN: ("ai-train", "train-ai", "genai", "ai", "tdm", "bots"),
    Use.TDM: ("tdm", "bots"),
}
"""The categories of Content-Usage (IETF AIPREF, draft-ietf-aipref-vocab) and Content-Signal (Cloudflare 2025: search,
ai-input, ai-train) that a use belongs to, the narrowest first: of those that a list names, the narrowest decides. One
that is not in the table says nothing that we know."""

RSL = "application/rsl+xml"
"""The media type of a licence in Really Simple Licensing 1.0 (2025)."""

LINK = re.compile(r"<([^<>]{1,2000})>([^<>]{0,500})")
"""A link and its parameters in a Link header (RFC 8288, 3)."""


TERMS = "license terms"
"""The end of the origin of a licence's terms (:mod:`cleaners.metadata.rsl`)."""


def signal(origin: str, value: str) -> Right:
    """A signal without credentials and of limited length, since each record of a site holds it."""
    return with_uses(Right(origin=origin, value=strip_credentials_in_text(value.strip())[:MAX_SIGNAL_CHARS]))


def of_page(tree: HtmlElement) -> tuple[Right, ...]:
    """Signals of the page's meta elements (TDMRep, W3C community group 2024, 6.3; robots), and its RSL licence."""
    return tuple(_once((*_of_meta(tree), *_of_links(tree))))


def _of_links(tree: HtmlElement) -> Iterator[Right]:
    for link in tree.iter("link"):
        is_license = "license" in (link.get("rel") or "").lower().split() and (
            link.get("type") or ""
        ).lower().startswith(RSL)
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


def permissions(right: Right) -> dict[Use, Permission]:
    """What a signal says of each use that it says something of; nothing for the link to a policy or a licence."""
    origin, value = right.origin, right.value
    if origin.endswith("tdm-reservation"):
        permission = {"1": Permission.RESERVED, "0": Permission.ALLOWED}.get(value.strip())
        return dict.fromkeys((Use.TDM, Use.AI_TRAIN), permission) if permission else {}
    if origin.endswith(("content-usage", "content-signal")):
        return _preferences(value)
    if origin.endswith(TERMS):
        return rsl.permissions(value)
    is_no_ai = origin.endswith(("robots", "x-robots-tag")) and NO_AI.search(value)
    return dict.fromkeys((Use.AI_INPUT, Use.AI_TRAIN), Permission.RESERVED) if is_no_ai else {}


def _preferences(value: str) -> dict[Use, Permission]:
    said = {name.lower(): answer.lower() in ("y", "yes", "?1") for name, answer in PREFERENCE.findall(value)}
    found: dict[Use, Permission] = {}
    for use, categories in CATEGORIES.items():
        named = next((name for name in categories if name in said), None)
        if named is not None:
            found[use] = Permission.ALLOWED if said[named] else Permission.RESERVED
    return found


def with_uses(right: Right) -> Right:
    """A right with what it says of each use, by today's rules."""
    return replace(right, uses=permissions(right) or None)


def verdict(rights: Iterable[Right]) -> dict[Use, Permission]:
    """What all rights of a page say of each use: reserved where one reserves it, else allowed where one allows it."""
    found = dict.fromkeys(Use, Permission.UNKNOWN)
    for right in rights:
        for use, permission in permissions(right).items():
            if found[use] is not Permission.RESERVED:
                found[use] = permission
    return found


def reserving(rights: Iterable[Right], uses: Collection[Use]) -> Right | None:
    """The first right that reserves one of some uses; None where none does."""
    return next((right for right in rights if reserves(right, uses)), None)


def reserves(right: Right, uses: Collection[Use]) -> bool:
    """True for a signal that reserves one of some uses."""
    said = permissions(right)
    return any(said.get(use) is Permission.RESERVED for use in uses)


def with_rights(article: Article, rights: Iterable[Right]) -> Article:
    """An article with rights, and with what they say of each use by today's rules; without any, as it is."""
    known = tuple(with_uses(right) for right in rights)
    return replace(article, rights=known, uses=verdict(known)) if known else article


def _once(rights: Iterable[Right]) -> Iterable[Right]:
    return dict.fromkeys(rights)
