"""The terms of licences in RSL, Really Simple Licensing 1.0 (RSL Technical Steering Committee, 2025).

A licence's terms are kept as one line of text, so that records and archives need no file of the publisher's, and a
later version reads them by its own rules: ``permits=search ai-input; prohibits=ai-train; payment=free``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from cleaners.types import Permission, Use

NAMESPACE = "https://rslstandard.org/rsl"

Element = etree._Element  # noqa: SLF001  the type that lxml-stubs has for an element

MAX_LICENSES = 10
"""Most licences of one page that are read; a page has one or two."""

MAX_BYTES = 512_000

USES: dict[str, frozenset[Use]] = {
    "all": frozenset(Use),
    "ai-all": frozenset((Use.AI_INPUT, Use.AI_TRAIN)),
    "ai-train": frozenset((Use.AI_TRAIN,)),
    "train-ai": frozenset((Use.AI_TRAIN,)),
    "ai-input": frozenset((Use.AI_INPUT,)),
    "ai-index": frozenset((Use.AI_INPUT,)),
    "search": frozenset((Use.SEARCH,)),
}
"""What a token of ``permits`` and ``prohibits`` of type ``usage`` names."""

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


def parse(data: bytes) -> Element | None:
    """An XML document; None for one that is too large or cannot be parsed."""
    if not data or len(data) > MAX_BYTES:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _of_contents(root: Element) -> Iterator[SiteTerms]:
    for content in root.iter(f"{{{NAMESPACE}}}content"):
        for terms in terms_of(content):
            yield SiteTerms((content.get("url") or "/").strip(), terms)


def terms_of(content: Element) -> Iterator[str]:
    """The terms of each licence of a ``content`` element, as one line."""
    licenses = content.findall(f"{{{NAMESPACE}}}license")
    for license_element in licenses[:MAX_LICENSES]:
        said = {
            "permits": _tokens(license_element, "permits"),
            "prohibits": _tokens(license_element, "prohibits"),
            "payment": _payment(license_element),
            "conditions": _conditions(license_element),
            "server": "yes" if content.get("server") else "",
        }
        yield "; ".join(f"{name}={value}" for name, value in said.items() if value)


def _tokens(license_element: Element, name: str) -> str:
    """The uses that elements of a name list, in order."""
    listed = (
        (element.text or "").lower().replace(",", " ").split()
        for element in license_element.findall(f"{{{NAMESPACE}}}{name}")
        if (element.get("type") or "usage") == "usage"
    )
    return " ".join(dict.fromkeys(token for tokens in listed for token in tokens if token in USES))


def _payment(license_element: Element) -> str:
    payment = license_element.find(f"{{{NAMESPACE}}}payment")
    return "" if payment is None else (payment.get("type") or "unknown").strip().lower()


def _conditions(license_element: Element) -> str:
    """What limits a licence to some users or countries, which we do not know to be ours."""
    elements = (
        element for name in ("permits", "prohibits") for element in license_element.findall(f"{{{NAMESPACE}}}{name}")
    )
    kinds = (element.get("type") or "usage" for element in elements)
    return " ".join(sorted({kind for kind in kinds if kind in {"user", "geo"}}))


def permissions(terms: str) -> dict[Use, Permission]:
    """What a licence's terms say of each use that they say something of.

    A use is allowed that is permitted for nothing; reserved, that is prohibited, permitted for payment or through a
    licence server, or not among those permitted. A permission to some users or countries alone says nothing of others.
    """
    said = dict(part.split("=", 1) for part in terms.split("; ") if "=" in part)
    permitted, prohibited = _uses(said.get("permits", "")), _uses(said.get("prohibits", ""))
    is_free = said.get("payment", "") in FREE and not said.get("server")
    found: dict[Use, Permission] = {}
    for use in Use:
        if use in prohibited or (permitted and use not in permitted) or (use in permitted and not is_free):
            found[use] = Permission.RESERVED
        elif use in permitted and not said.get("conditions"):
            found[use] = Permission.ALLOWED
    return found


def _uses(tokens: str) -> frozenset[Use]:
    return frozenset(use for token in tokens.split() for use in USES.get(token, ()))
