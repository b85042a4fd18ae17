"""Resolves references to absolute URLs, and finds the site of a URL."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from ada_url import URL

from cleaners.urls.credentials import strip_credentials

if TYPE_CHECKING:
    from tldextract import TLDExtract

LEGIBLE = "".join(map(chr, range(0x21, 0x7F)))
"""Characters of a URL that is no valid one that are shown as they are."""

FRONT_PATHS = ("", "index.html", "index.htm", "index.php", "home")
"""Paths of front pages."""


@lru_cache(maxsize=1)
def public_suffixes() -> TLDExtract:
    """The Public Suffix List that ships with tldextract, with its private part; never the network.

    Below a private suffix (``github.io``, ``blogspot.com``) each name is another tenant's, and a site of its own.
    """
    from tldextract import TLDExtract  # noqa: PLC0415  it imports a client for HTTP, which takes 0.05 s

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


HOST = r"(?:(?!xn--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}"
"""A host that the URL standard leaves as it is: lower-case ASCII, no Punycode, and a last label of letters."""

PLAIN_ORIGIN = re.compile(rf"https?://{HOST}(?=[/?#]|$)")
"""Scheme and host at the start of a URL, in a form that the URL standard leaves as it is."""

PLAIN_REFERENCE = re.compile(
    rf"(?P<host>https?://{HOST}(?=/))?(?:/(?![/.])[\w%~+,=&:@-]*(?:\.[\w%~+,=&:@-]+)*)+(?:\?[\w%~+,=&:@./-]+)?",
    re.ASCII,
)
"""A reference that only lacks scheme and host, or nothing: no empty or dotted segment, no fragment, no white space."""

SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character, which is written as U+FFFD (WHATWG Encoding, 4.3)."""

WEB = ("http:", "https:")
"""Protocols of pages."""


def resolve_url(base: str, reference: str) -> str | None:
    """Resolve a reference against a base URL as a browser does (WHATWG URL), without credentials.

    Returns:
        An absolute http or https URL in the form of the standard: ASCII, without spaces, control characters or
        backslashes; None for any other reference, and for a host or port that is not valid.
    """
    origin = _plain_origin(base)
    if origin and (plain := PLAIN_REFERENCE.fullmatch(reference)):  # most links: the same result in a tenth of the time
        return reference if plain["host"] else origin + reference
    try:
        url = URL(SURROGATE.sub("\ufffd", reference.strip()), base=SURROGATE.sub("\ufffd", base) or None)
    except ValueError:
        return None
    if url.protocol not in WEB or url.port == "0":
        return None
    if url.username or url.password:
        url.username = url.password = ""
    return str(url.href)


def standard_url(url: str) -> str | None:
    """An absolute http or https URL in the form of the URL standard; None for any other."""
    return resolve_url("", url)


def legible_url(url: str) -> str:
    """A URL as a message or a rejection names it: that of the standard; another one without what harms a line of text.

    Control characters and halves of characters are percent-encoded, credentials are removed.
    """
    return standard_url(url) or quote(strip_credentials(SURROGATE.sub("\ufffd", url)), safe=LEGIBLE)


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
