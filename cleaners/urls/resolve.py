"""Resolves references to absolute URLs, and finds the site of a URL."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from cleaners.urls.credentials import strip_credentials

if TYPE_CHECKING:
    from tldextract import TLDExtract

FRONT_PATHS = ("", "index.html", "index.htm", "index.php", "home")
"""Paths of front pages."""


@lru_cache(maxsize=1)
def public_suffixes() -> TLDExtract:
    """The Public Suffix List that ships with tldextract, with its private part; never the network.

    Below a private suffix (``github.io``, ``blogspot.com``) each name is another tenant's, and a site of its own.
    """
    from tldextract import TLDExtract  # noqa: PLC0415  it imports a client for HTTP, which takes 0.05 s

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


PLAIN_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::[1-9][0-9]{0,3})?(?=[/?#]|$)")
"""Scheme and host at the start of a URL, in a form that ``urljoin`` leaves unchanged."""

PLAIN_REFERENCE = re.compile(
    r"(?P<host>https?://[A-Za-z0-9.-]+(?=/))?(?:/(?![/.])[\w%~+,=&:@-]*(?:\.[\w%~+,=&:@-]+)*)+(?:\?[\w%~+,=&:@./-]+)?",
    re.ASCII,
)
"""A reference that only lacks scheme and host, or nothing: no empty or dotted segment, no fragment, no white space."""


CONTROLS_AND_SPACE = "".join(map(chr, range(0x21)))
"""Characters that are stripped from both ends of a URL (WHATWG URL, 4.4: C0 control or space)."""

NO_LINES = dict.fromkeys(map(ord, "\t\n\r"))
"""Translation table that removes tabs and line breaks anywhere in a URL (WHATWG URL, 4.4)."""


def resolve_url(base: str, reference: str) -> str | None:
    """Resolve a reference against a base URL, without credentials.

    Returns:
        An absolute http or https URL; None for any other reference.
    """
    reference = reference.strip().strip(CONTROLS_AND_SPACE)
    origin = _plain_origin(base)
    if origin and (plain := PLAIN_REFERENCE.fullmatch(reference)):  # most links: the same result in a tenth of the time
        return reference if plain["host"] else origin + reference
    try:
        url = urljoin(base, reference.translate(NO_LINES))
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not has_host:
        return None
    return strip_credentials(parts.scheme + url[len(parts.scheme) :])  # urljoin keeps the case of a scheme


@lru_cache(maxsize=256)
def _plain_origin(url: str) -> str | None:
    """Scheme and host of a URL; None where they are not plain. Cached: it is called for each link of a page."""
    match = PLAIN_ORIGIN.match(url)
    return match[0] if match else None


def registrable_domain(url: str) -> str:
    """The site that a URL belongs to: its registrable domain (Public Suffix List).

    Returns:
        The host itself where it is an IP address or has no dot; its last two labels where the suffix is unknown (the
        list's own default rule); empty for an invalid URL.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return _domain(host)


@lru_cache(maxsize=10_000)
def _domain(host: str) -> str:
    """The registrable domain of a host. Cached: it is called several times per URL, with few different hosts."""
    parts = public_suffixes()(host)
    if parts.suffix and parts.domain:
        return f"{parts.domain}.{parts.suffix}"
    return host if parts.ipv4 or parts.ipv6 else ".".join(host.split(".")[-2:])


def is_site(host: str) -> bool:
    """True for a host that is itself the registrable domain of a site."""
    return _domain(host) == host


def bare_host(url: str) -> str:
    """The host of a URL without ``www.``; empty where it has none.

    Raises:
        ValueError: for an invalid URL.
    """
    return (urlsplit(url).hostname or "").removeprefix("www.")


def is_front_page(url: str) -> bool:
    """True for the front page of a host."""
    parts = urlsplit(url)
    return parts.path.strip("/") in FRONT_PATHS and not parts.query
