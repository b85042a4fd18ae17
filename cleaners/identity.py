"""The stable identity of an article: the same story under any of its addresses has one id."""

from __future__ import annotations

import re
from hashlib import blake2b
from urllib.parse import parse_qsl, urlencode, urlsplit

TRACKERS = re.compile(
    r"^(?:utm_\w+|at_\w+|pk_\w+|mc_[ce]id|fbclid|gclid|dclid|msclkid|yclid|igshid|ocid|cmpid|ns_\w+|ref|ref_src|referrer|smid|sref|"
    r"amp|outputtype|xtor|wt_mc|wt\.mc_id|s_cid|ito|icid|traffic_source|guccounter|_ga|spm)$",
    re.IGNORECASE,
)
"""Query parameters that name the way to a page, not the page (analytics products' own documentation)."""

HEX_BYTES = 10
"""80 bits: a chance collision needs about 10^12 articles."""


def article_id(url: str, canonical_url: str | None) -> str:
    """20 hexadecimal digits, the same for http and https, with or without ``www.``, trackers, fragment or final slash."""
    return blake2b(identity(canonical_url or url).encode("utf-8", "replace"), digest_size=HEX_BYTES).hexdigest()


def identity(url: str) -> str:
    """The part of an address that names the page: host without ``www.``, path without final slash, query without trackers."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = urlencode(
        sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not TRACKERS.match(k))
    )
    return f"{host}{port}{parts.path.rstrip('/') or '/'}{'?' + query if query else ''}"
