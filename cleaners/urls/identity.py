"""The stable identity of an article: the same story under any of its addresses has one id."""

from __future__ import annotations

import re
from hashlib import blake2b
from urllib.parse import parse_qsl, urlencode, urlsplit

TRACKERS = re.compile(
    r"^(?:utm_\w+|at_\w+|pk_\w+|mc_[ce]id|fbclid|gclid|dclid|msclkid|yclid|igshid|ocid|cmpid|ns_\w+|ref|ref_src|referrer|smid|sref|"
    r"amp|print|outputtype|xtor|wt_mc|wt\.mc_id|s_cid|ito|icid|traffic_source|guccounter|_ga|spm)$",
    re.IGNORECASE,
)
"""Query parameters that name the way to a page or its variant, not the page (analytics products' own documentation)."""

VARIANT_HOST = re.compile(r"^(?:www|m|mobile|amp)\.(?=[^.]+\.)")
"""Hosts of a page's desktop, mobile and AMP variants; not where nothing but a suffix would be left (``amp.dev``)."""

VARIANT_PATH = re.compile(r"(?<=[^/])(?:/amp|[./]amp\.html|\.amp)$", re.IGNORECASE)
"""Endings of AMP variants (WordPress's and other plug-ins)."""

HEX_BYTES = 10
"""80 bits: a chance collision needs about 10^12 articles."""


def article_id(url: str, canonical_url: str | None) -> str:
    """20 hexadecimal digits, the same for http and https, mobile and AMP variants, with or without trackers and final slash."""
    return blake2b(page_identity(canonical_url or url).encode("utf-8", "replace"), digest_size=HEX_BYTES).hexdigest()


def page_identity(url: str) -> str:
    """The part of an address that names the page: host and path without variants and final slash, query without trackers."""
    parts = urlsplit(url)
    host = VARIANT_HOST.sub("", parts.hostname or "")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = urlencode(
        sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not TRACKERS.match(k))
    )
    path = VARIANT_PATH.sub("", parts.path.rstrip("/")) or "/"
    return f"{host}{port}{path}{'?' + query if query else ''}"
