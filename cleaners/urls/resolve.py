"""A page's own address, and what its references point to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement
from tldextract import TLDExtract

from cleaners.types import Refused
from cleaners.urls.credentials import without_login


def absolute(base: str, value: str) -> str | None:
    """A reference resolved against the page's address; None unless it is a well-formed http or https address.

    A name and password in it are left out.
    """
    try:
        url = urljoin(base, value.strip())
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return without_login(url) if parts.scheme in ("http", "https") and has_host else None


def check(url: str) -> None:
    """Let a page's address pass.

    Raises:
        Refused: stage ``decode``, ``bad_url``, when it cannot be taken apart.
    """
    try:
        parts = urlsplit(url)
        is_sound = bool(parts.scheme) and parts.port != 0
    except ValueError as error:
        raise Refused("decode", "bad_url", f"the page's address cannot be read: {error}") from error
    if not is_sound:
        raise Refused("decode", "bad_url", "the page's address is not absolute")


def own(tree: HtmlElement, url: str) -> str:
    """The address of a page: where it was fetched, or for a file what its canonical link or ``og:url`` says."""
    if urlsplit(url).scheme in ("http", "https"):
        return without_login(url)
    said = [*canonical_links(tree)]
    said += [meta.get("content") for meta in tree.iter("meta") if (meta.get("property") or "").lower() == "og:url"]
    return next((found for value in said if value and (found := absolute("", value))), url)


def canonical(tree: HtmlElement, base: str) -> str | None:
    """The canonical link, believed when it stays on the site and is not the home page of a deeper one."""
    urls = (absolute(base, href) for href in canonical_links(tree))
    return next((url for url in urls if url and is_plausible(url, base)), None)


def canonical_links(tree: HtmlElement) -> Iterator[str]:
    """References of the page's canonical links as they stand, page order."""
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            yield link.get("href") or ""


def is_plausible(canonical: str, base: str) -> bool:
    """True when a canonical link may name the same article as the page's address."""
    there, here = urlsplit(canonical), urlsplit(base)
    is_home = there.path.strip("/") == "" and not there.query
    if is_home and (here.path.strip("/") or here.query):
        return False
    return there.hostname == here.hostname or site(canonical) == site(base)


registrable = TLDExtract(suffix_list_urls=(), cache_dir=None)
"""Reads the public suffix list that ships with the package; never the network."""


def site(url: str) -> str:
    """Registrable domain of an address; the host itself where it is an address of the network or has no dot.

    Unknown suffixes count as one label, as the public suffix list's own default rule has it. Empty for what is no address.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return _site(host)


@lru_cache(maxsize=10_000)
def _site(host: str) -> str:
    """Asked several times for each address, of few hosts."""
    found = registrable(host)
    if found.suffix and found.domain:
        return f"{found.domain}.{found.suffix}"
    return host if found.ipv4 or found.ipv6 else ".".join(host.split(".")[-2:])


FRONT = ("", "index.html", "index.htm", "index.php", "home")
"""Paths of front pages."""


def is_front_page(url: str) -> bool:
    """True for the front page of a host."""
    parts = urlsplit(url)
    return parts.path.strip("/") in FRONT and not parts.query
