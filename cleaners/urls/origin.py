"""The origin of a URL (RFC 6454), normalised so that equal origins are equal values."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int]
"""Scheme, host and port of a URL."""


def origin(url: str) -> Origin:
    """The origin of a URL; port 0 where the URL has no port and its scheme no default port.

    Raises:
        ValueError: for a host or port that is not valid.
    """
    parts = urlsplit(url)
    port = DEFAULT_PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
    return parts.scheme, normalise_host(parts.hostname or ""), port


def serialised(place: Origin) -> str:
    """An origin in the form of the ``Origin`` header (RFC 6454, 6.2)."""
    scheme, host, port = place
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" + ("" if port == DEFAULT_PORTS.get(scheme) else f":{port}")


def normalise_host(host: str) -> str:
    """A host in lower case, NFKC-normalised, in Punycode, without final dot and IPv6 zone.

    Raises:
        ValueError: for a name that is not valid in DNS.
    """
    plain = unicodedata.normalize("NFKC", host).replace("\u3002", ".").lower().removesuffix(".")
    if ":" in plain:
        plain = plain.partition("%")[0]
    if plain.isascii():
        return plain
    try:
        return plain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError("the host is no name that DNS could hold") from error
