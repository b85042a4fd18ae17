"""The stable identity of an article: it has the same id under each of its URLs."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import parse_qsl, urlencode, urlsplit

from cleaners.urls.resolve import is_site

TRACKERS = re.compile(
    r"^(?:utm_\w+|at_\w+|pk_\w+|mc_[ce]id|fbclid|gclid|dclid|msclkid|yclid|igshid|ocid|cmpid|ns_\w+|ref|ref_src|"
    r"referrer|smid|sref|"
    r"amp|print|outputtype|xtor|wt_mc|wt\.mc_id|s_cid|ito|icid|traffic_source|guccounter|_ga|spm)$",
    re.IGNORECASE,
)
"""Query parameters that identify a referrer or a variant, not the page (analytics products' own documentation)."""

VARIANT_HOST = re.compile(r"^(?:www|m|mobile|amp)\.(?=[^.]+\.)")
"""Host prefixes of a page's desktop, mobile and AMP variants; not where they are the name of the site itself
(``amp.dev``, ``m.github.io``)."""

VARIANT_PATH = re.compile(r"(?<=[^/])(?:/amp|[./]amp\.html|\.amp)$", re.IGNORECASE)
"""Path endings of AMP variants (those of WordPress and other plug-ins)."""

HEX_BYTES = 10
"""80 bits: a chance collision needs about 10^12 articles."""


def article_id(url: str) -> str:
    """The id of the article at a URL: 20 hexadecimal digits.

    It is the same for http and https, for mobile and AMP variants, with or without trackers and final slash. The
    canonical URL that the page declares is not used: any page may declare any other.
    """
    return blake2b(page_identity(url).encode("utf-8", "replace"), digest_size=HEX_BYTES).hexdigest()


def without_trackers(url: str) -> str:
    """A URL without fragment and trackers; the rest of its query is unchanged (``?article12`` has no value)."""
    parts = urlsplit(url)
    query = "&".join(pair for pair in parts.query.split("&") if not TRACKERS.match(pair.partition("=")[0]))
    return parts._replace(query=query, fragment="").geturl()


MAX_CACHED_CHARS = 2_000
"""Characters of the longest URL that is cached; pages also link to pictures of a megabyte as ``data:`` URLs."""


def page_identity(url: str) -> str:
    """The part of a URL that identifies the page.

    Host and path without variants and final slash, query without trackers.
    """
    return _cached_identity(url) if len(url) <= MAX_CACHED_CHARS else _identity(url)


def _identity(url: str) -> str:
    parts = urlsplit(url)
    host = _plain_host(parts.hostname or "")
    port = f":{number}" if (number := parts.port) not in (None, 80, 443) else ""
    path = VARIANT_PATH.sub("", parts.path.rstrip("/")) or "/"
    query = _query(parts.query) if parts.query else ""
    return f"{host}{port}{path}{'?' + query if query else ''}"


def _plain_host(host: str) -> str:
    """The host without the prefix of a variant."""
    match = VARIANT_HOST.match(host)
    return host[match.end() :] if match and not is_site(host) else host


def is_plain_form(url: str) -> bool:
    """True for a URL that differs from the page's other plain ones by scheme, ``www.`` and one final slash at most.

    So a page has eight plain forms; all others are variants (mobile, AMP, another order of its parameters).
    """
    parts = urlsplit(url)
    path = parts.path.removesuffix("/") or "/"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.removeprefix('www.')}{path}{query}" == page_identity(url)


_cached_identity = lru_cache(maxsize=4096)(_identity)
"""A crawl asks some fifteen times for each page: the cache holds the pages in flight."""


def plainness(url: str) -> tuple[bool, bool]:
    """The order in which the URLs of a page are fetched: plain ones first, of these those over https."""
    return not is_plain_form(url), urlsplit(url).scheme != "https"


def _query(query: str) -> str:
    """The parameters without trackers, sorted."""
    return urlencode(sorted((k, v) for k, v in parse_qsl(query, keep_blank_values=True) if not TRACKERS.match(k)))
