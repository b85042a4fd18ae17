"""The terms of licences in RSL, Really Simple Licensing 1.0 (RSL Technical Steering Committee, 2025).

A licence's terms are kept as one line of text, so that records and archives need no file of the publisher's, and a
later version reads them by its own rules: ``permits=search ai-input; prohibits=ai-train; payment=free``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from lxml import etree

from cleaners.types import Permission, Use
from cleaners.urls.robots_path import matches_path

NAMESPACE = "https://rslstandard.org/rsl"

Element = etree._Element  # noqa: SLF001  the type that lxml-stubs has for an element

MAX_LICENSES = 10
"""Most licences of one page that are read; a page has one or two."""

MAX_BYTES = 512_000
"""Bytes of a licence that are read."""

TOKEN = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")

USES: dict[str, frozenset[Use]] = {
    "all": frozenset(Use),
    "ai-all": frozenset((Use.AI_INPUT, Use.AI_TRAIN)),
    "ai-train": frozenset((Use.AI_TRAIN,)),
    "train-ai": frozenset((Use.AI_TRAIN,)),
    "ai-input": frozenset((Use.AI_INPUT,)),
    "search": frozenset((Use.SEARCH,)),
}
"""What a token of ``permits`` and ``prohibits`` of type ``usage`` names."""

PARTS: dict[str, frozenset[Use]] = {"ai-index": frozenset((Use.AI_INPUT,))}
"""Tokens that name a part of a use: to prohibit it reserves the use, to permit it allows none."""

MAX_TOKENS = 40
"""Most uses that a licence lists; the standard knows six."""

OR = " | "
"""Between the licences of one page, of which any may be taken."""

FREE = ("", "free", "attribution")
"""Types of payment that cost nothing; a licence without one is free."""


class SiteTerms(NamedTuple):
    """The terms of the pages of a site that a pattern matches."""

    place: str
    """A path as in robots.txt, or a URL; with ``*`` and ``$``."""
    terms: str


def read_terms(data: bytes) -> tuple[SiteTerms, ...]:
    """The terms of an RSL document; none of one that cannot be read. No entity is expanded and no other file read."""
    root = parse(data)
    return tuple(_of_contents(root)) if root is not None else ()


def parse(data: bytes, most: int = MAX_BYTES) -> Element | None:
    """An XML document; None for one of more than ``most`` bytes, and for one that cannot be parsed."""
    if not data or len(data) > most:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _of_contents(root: Element) -> Iterator[SiteTerms]:
    for content in root.iter(f"{{{NAMESPACE}}}content"):
        if terms := terms_of(content):
            yield SiteTerms((content.get("url") or "/").strip(), terms)


def terms_of(content: Element) -> str:
    """The terms of the licences of a ``content`` element as one line; empty where it has none."""
    licenses = content.findall(f"{{{NAMESPACE}}}license")[:MAX_LICENSES]
    server = "yes" if content.get("server") else ""
    return OR.join(filter(None, (_terms_of_license(license_element, server) for license_element in licenses)))


def _terms_of_license(license_element: Element, server: str) -> str:
    said = {
        "permits": _tokens(license_element, "permits"),
        "prohibits": _tokens(license_element, "prohibits"),
        "payment": _payment(license_element),
        "conditions": _conditions(license_element),
        "server": server,
    }
    return "; ".join(f"{name}={value}" for name, value in said.items() if value)


def _tokens(license_element: Element, name: str) -> str:
    """The uses that elements of a name list, in order, also those that nobody knows yet."""
    listed = (
        (element.text or "").lower().replace(",", " ").split()
        for element in license_element.findall(f"{{{NAMESPACE}}}{name}")
        if (element.get("type") or "usage") == "usage"
    )
    tokens = (token for tokens in listed for token in tokens if TOKEN.fullmatch(token))
    return " ".join(islice(dict.fromkeys(tokens), MAX_TOKENS))


def _payment(license_element: Element) -> str:
    payment = license_element.find(f"{{{NAMESPACE}}}payment")
    kind = "" if payment is None else (payment.get("type") or "unknown").strip().lower()
    return kind if not kind or TOKEN.fullmatch(kind) else "unknown"


def _conditions(license_element: Element) -> str:
    """What limits a licence to some users or countries, which we do not know to be ours."""
    elements = (
        element for name in ("permits", "prohibits") for element in license_element.findall(f"{{{NAMESPACE}}}{name}")
    )
    kinds = (element.get("type") or "usage" for element in elements)
    return " ".join(sorted({kind for kind in kinds if kind in {"user", "geo"}}))


def permissions(terms: str) -> dict[Use, Permission]:
    """What the terms of a page say of each use that they say something of.

    A use is reserved that a licence prohibits, that licences permit for payment or through a licence server alone, or
    that none of them permits where they permit others or must be paid for; allowed, that one permits for nothing. A
    permission to some users or countries alone says nothing of others.
    """
    licenses = [_License.of(part) for part in terms.split(OR)]
    prohibited = frozenset(use for one in licenses for use in one.prohibited)
    is_exclusive = any(one.is_exclusive for one in licenses)
    found: dict[Use, Permission] = {}
    for use in Use:
        permitting = [one for one in licenses if use in one.permitted]
        if use in prohibited or (is_exclusive and not permitting):
            found[use] = Permission.RESERVED
        elif any(one.is_free and not one.has_conditions for one in permitting):
            found[use] = Permission.ALLOWED
        elif permitting and not any(one.is_free for one in permitting):
            found[use] = Permission.RESERVED
    return found


class _License(NamedTuple):
    permitted: frozenset[Use]
    prohibited: frozenset[Use]
    is_free: bool
    is_exclusive: bool
    """True where it lists what it permits, or must be paid for: all else is not permitted."""
    has_conditions: bool

    @classmethod
    def of(cls, terms: str) -> _License:
        """One licence of a line of terms."""
        said = dict(part.split("=", 1) for part in terms.split("; ") if "=" in part)
        permits, prohibits = said.get("permits", "").split(), said.get("prohibits", "").split()
        is_free = said.get("payment", "") in FREE and not said.get("server")
        return cls(
            permitted=frozenset(use for token in permits for use in USES.get(token, ())),
            prohibited=frozenset(use for token in prohibits for use in (USES | PARTS).get(token, ())),
            is_free=is_free,
            is_exclusive=bool(permits) or not is_free,
            has_conditions=bool(said.get("conditions")),
        )


def applies(place: str, url: str) -> bool:
    """True where the place of a licence is that of a page: a path of its host, or a URL of either scheme."""
    parts = urlsplit(url)
    host, _, path = place.partition("://")[2].partition("/") if "://" in place else ("", "", place.lstrip("/"))
    if host and host.lower().rpartition("@")[2].removesuffix(":443").removesuffix(":80") != (parts.hostname or ""):
        return False
    asked = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    return matches_path(_escaped(f"/{path}"), _escaped(asked))


def length(place: str) -> int:
    """The length of the path of a place: of those that match, the longest decides (RFC 9309, 2.2.2)."""
    return len(place.partition("://")[2].partition("/")[2]) + 1 if "://" in place else len(place)


def _escaped(path: str) -> str:
    return quote(path, safe="/%?&=+:@!$'()*,;~.-_[]|")
