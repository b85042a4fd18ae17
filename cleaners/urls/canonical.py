"""A page's own URL, and the canonical URL that it declares."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from cleaners.types import PageRejected, Reason, Stage
from cleaners.urls.resolve import registrable_domain, resolve_url, standard_url


def check_url(url: str) -> None:
    """Accept a page's URL.

    Raises:
        PageRejected: stage ``decode``, ``bad_url``, when it cannot be parsed or is not absolute.
    """
    try:
        scheme = urlsplit(url).scheme
    except ValueError as error:
        raise PageRejected(Stage.DECODE, Reason.BAD_URL, f"the page's URL cannot be parsed: {error}") from error
    if not scheme:
        raise PageRejected(Stage.DECODE, Reason.BAD_URL, "the page's URL is not absolute")
    if scheme in ("http", "https") and standard_url(url) is None:
        raise PageRejected(Stage.DECODE, Reason.BAD_URL, "the page's URL has no valid host or port")


def page_url(tree: HtmlElement, url: str) -> str:
    """The URL of a page: as fetched, or for a file its canonical link or ``og:url``."""
    if (standard := standard_url(url)) is not None:
        return standard
    candidates = [*canonical_links(tree)]
    candidates += [
        meta.get("content") or "" for meta in tree.iter("meta") if (meta.get("property") or "").lower() == "og:url"
    ]
    return next((resolved for value in candidates if value and (resolved := resolve_url("", value))), url)


def find_canonical_url(tree: HtmlElement, base: str) -> str | None:
    """The canonical link, where it is on the same site and does not point from an inner page to the front page."""
    urls = (resolve_url(base, href) for href in canonical_links(tree))
    return next((url for url in urls if url and is_plausible(url, base)), None)


def find_original(tree: HtmlElement, base: str) -> str | None:
    """The page of another site that a page names as its canonical one; None where it names none."""
    urls = (resolve_url(base, href) for href in canonical_links(tree))
    own = registrable_domain(base)
    return next((url for url in urls if url and registrable_domain(url) != own), None)


def canonical_links(tree: HtmlElement) -> Iterator[str]:
    """References of the page's canonical links, unchanged, in page order."""
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            yield link.get("href") or ""


def is_plausible(canonical: str, base: str) -> bool:
    """True when a canonical link may name the same article as the page's URL."""
    target, own = urlsplit(canonical), urlsplit(base)
    is_front = target.path.strip("/") == "" and not target.query
    if is_front and (own.path.strip("/") or own.query):
        return False
    return target.hostname == own.hostname or registrable_domain(canonical) == registrable_domain(base)
