"""Which links lead to articles, to sections, or to neither. Decides by URL and anchor text alone, without I/O."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cleaners.html.links import page_number
from cleaners.urls.resolve import registrable_domain
from crawler.types import Role

FILES = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|zip|gz|rar|7z|exe|dmg|apk|jpe?g|png|gif|webp|svg|ico|mp[34]|m4a|ogg|wav|avi|mov|webm|"
    r"css|js|json|xml|rss|atom|ics|epub|torrent)$",
    re.IGNORECASE,
)
"""File name extensions of URLs that are not pages."""

NEITHER = frozenset(
    [
        "about",
        "about-us",
        "contact",
        "contact-us",
        "contacts",
        "privacy",
        "privacy-policy",
        "terms",
        "terms-of-use",
        "terms-and-conditions",
        "imprint",
        "impressum",
        "datenschutz",
        "agb",
        "legal",
        "cookies",
        "cookie-policy",
        "login",
        "signin",
        "sign-in",
        "signup",
        "sign-up",
        "register",
        "logout",
        "account",
        "my-account",
        "subscribe",
        "subscription",
        "subscriptions",
        "newsletter",
        "newsletters",
        "search",
        "advertise",
        "advertising",
        "careers",
        "jobs-at",
        "help",
        "faq",
        "faqs",
        "support",
        "feedback",
        "sitemap",
        "accessibility",
        "feed",
        "rss",
        "cart",
        "checkout",
        "donate",
        "share",
        "print",
        "email",
        "profile",
        "user",
        "users",
        "wp-admin",
        "wp-login.php",
        "wp-content",
        "wp-json",
        "cdn-cgi",
        "cgi-bin",
        "comments",
        "aviso-legal",
        "contacto",
        "mentions-legales",
        "ueber-uns",
        "kontakt",
        "abo",
        "shop",
        "app",
        "apps",
    ]
)
"""Path segments of pages that are neither articles nor lists of them."""

LISTS = frozenset(
    [
        "tag",
        "tags",
        "topic",
        "topics",
        "category",
        "categories",
        "author",
        "authors",
        "section",
        "sections",
        "archive",
        "archives",
        "page",
        "tagged",
        "theme",
        "themes",
        "people",
        "staff",
        "series",
        "collection",
        "collections",
        "latest",
        "all",
        "index",
        "schlagwort",
        "thema",
        "themen",
        "tema",
        "temas",
        "kategorie",
        "autor",
        "autores",
        "etiqueta",
        "rubrik",
        "rubrique",
    ]
)
"""Path segments whose pages list articles."""

DATED = re.compile(
    r"/(?:19|20)\d{2}[/-]?(?:0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*(?:[/-]?\d{1,2})?(?:/|"
    r"-|$)",
    re.IGNORECASE,
)
"""A date in a path: 2026/10, 2026-10-05, 20261005, 2026/oct/05."""

NUMBERED = re.compile(r"\d{5,}")
"""The number of an article; years and page numbers have fewer digits."""

PAGES = re.compile(r"\.(?:s?html?|php|aspx?|jsp|cms|ece|story)$", re.IGNORECASE)
"""File name extensions of single documents."""

NEEDED = 3
"""Points from which a link is an article. Each sign in :func:`points` adds one or two. The value was chosen on the
links of both demo sites and of the development front pages: 2 let sections through, and 4 lost undated articles with
short slugs."""

MAX_PAGES = 20
"""Pages of the longest article (``COPYDESK_ARTICLE_MAX_PAGES``); a higher number is the number of an article."""

MAX_SECTION_SEGMENTS = 3
"""Segments of the deepest section: /news/world/africa."""

SLUG_WORD = re.compile(r"[^\W\d_]+")

MANY = 4
"""Words from which a text is a headline or its slug; names of sections have up to three."""

FEW = 2

LONG = 30
"""Characters from which an anchor text is a headline: for scripts without spaces, and for few long words."""


def classify_link(url: str, text: str, start: str) -> Role | None:
    """What a link leads to, by its URL and anchor text.

    Args:
        url: absolute URL.
        text: anchor text.
        start: URL of the source, whose registrable domain bounds the crawl.

    Returns:
        ``Role.ARTICLE`` or ``Role.SECTION``; None for what is neither.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if (
        parts.scheme not in ("http", "https")
        or registrable_domain(url) != registrable_domain(start)
        or FILES.search(parts.path)
    ):
        return None
    segments = _segments(parts.path)
    is_dated = bool(DATED.search(parts.path))
    if not is_dated and (NEITHER.intersection(segments) or any(s.startswith(("wp-", "@")) for s in segments)):
        return None
    if not segments:
        is_section = not parts.query or points(parts.path, parts.query, text) < NEEDED
        return Role.SECTION if is_section else Role.ARTICLE
    if not is_dated and (LISTS.intersection(segments[:-1]) or segments[-1] in LISTS):
        return Role.SECTION
    if is_continuation(url):
        return None
    if points(parts.path, parts.query, text) >= NEEDED:
        return Role.ARTICLE
    return Role.SECTION if len(segments) <= MAX_SECTION_SEGMENTS and not parts.query else None


def is_page(url: str) -> bool:
    """True for a URL that may be a page of any kind: not a file, and not an account or policy page."""
    path = urlsplit(url).path
    return not FILES.search(path) and (bool(DATED.search(path)) or not NEITHER.intersection(_segments(path)))


def _segments(path: str) -> list[str]:
    return [segment.lower() for segment in path.split("/") if segment]


def is_continuation(url: str) -> bool:
    """True for the second and later pages of an article, as ``/2026/10/a-long-story/2/``: the first leads there."""
    stem, number = page_number(url)
    path, _, query = stem.partition("/")[2].partition("?")
    return 1 < number <= MAX_PAGES and points(f"/{path}", query.strip("[]"), "") >= NEEDED


def points(path: str, query: str, text: str) -> int:
    """How much a URL and its anchor text look like those of an article."""
    slug = path.rstrip("/").rsplit("/", 1)[-1]
    words = len(SLUG_WORD.findall(slug))
    return (
        2 * (words >= MANY)
        + (FEW <= words < MANY)
        + 2 * bool(DATED.search(path))
        + bool(NUMBERED.search(slug) or NUMBERED.search(query))
        + bool(PAGES.search(slug))
        + (path.strip("/").count("/") >= 1)
        + 2 * (len(text.split()) >= MANY or len(text) >= LONG)
    )
