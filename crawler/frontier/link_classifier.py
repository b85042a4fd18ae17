"""What a link probably leads to, by its URL and anchor text alone. It orders the queue; the page decides. No I/O."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from cleaners.urls.resolve import is_front_page, registrable_domain
from crawler.reasons import NotFetched
from crawler.types import Role

FILES = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|zip|gz|rar|7z|exe|dmg|apk|jpe?g|png|gif|webp|svg|ico|mp[34]|m4a|ogg|wav|avi|mov|webm|"
    r"css|js|json|xml|rss|atom|ics|epub|torrent)$",
    re.IGNORECASE,
)
"""File name extensions of URLs that are not pages."""

FUNCTIONS = frozenset((
    "login", "signin", "sign-in", "signup", "sign-up", "register", "logout", "account", "my-account", "subscribe",
    "search", "feed", "rss", "atom", "cart", "checkout", "share", "print", "email", "profile", "wp-login.php",
    "comments", "xmlrpc.php",
))  # fmt: skip
"""Last path segments of functions of a site (login, search, cart), whose pages have no text."""

FUNCTION_FOLDERS = frozenset(["wp-admin", "wp-content", "wp-includes", "wp-json", "cdn-cgi"])
"""First path segments of functions of a site."""

FUNCTION_QUERY = re.compile(
    r"(?:^|&)(?:(?:replytocom|add-to-cart|attachment_id|rest_route|share|feed|redirect_to)=|s=(?!/)|"
    r"action=(?:edit|history|raw|login|lostpassword))",
    re.IGNORECASE,
)
"""Queries of functions: replies, carts, searches, feeds, editors (WordPress, WooCommerce, MediaWiki)."""

FRONTS = ("", "/", "/index.php")
"""Paths of front pages, at which the queries in ``FUNCTION_QUERY`` are functions of the site."""

NO_TEXT_QUERY = re.compile(r"(?:^|&)(?:replytocom|add-to-cart|redirect_to)=", re.IGNORECASE)
"""Queries of functions at any path."""

ABOUT = frozenset((
    "about", "about-us", "contact", "contact-us", "contacts", "privacy", "privacy-policy", "terms", "terms-of-use",
    "terms-and-conditions", "imprint", "impressum", "datenschutz", "agb", "legal", "cookies", "cookie-policy",
    "subscription", "subscriptions", "newsletter", "newsletters", "advertise", "advertising", "careers", "help", "faq",
    "faqs", "support", "feedback", "sitemap", "accessibility", "donate", "aviso-legal", "contacto", "mentions-legales",
    "ueber-uns", "kontakt", "abo", "shop", "app", "apps",
))  # fmt: skip
"""Last path segments of pages about the site. A feed or sitemap may list an article with such a name."""

LISTS = frozenset((
    "tag", "tags", "topic", "topics", "category", "categories", "author", "authors", "section", "sections", "archive",
    "archives", "page", "tagged", "theme", "themes", "people", "staff", "series", "collection", "collections", "latest",
    "all", "index", "schlagwort", "thema", "themen", "tema", "temas", "kategorie", "autor", "autores", "etiqueta",
    "rubrik", "rubrique",
))  # fmt: skip
"""Path segments of pages that usually list articles."""

DATED = re.compile(
    r"/(?:19|20)\d{2}[/-]?(?:0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*(?:[/-]?\d{1,2})?(?:/|"
    r"-|$)",
    re.IGNORECASE,
)
"""A date in a path: 2026/10, 2026-10-05, 20261005, 2026/oct/05."""

ARCHIVED = re.compile(r"/archives?/\d+(?:\.\w+)?/?$")
"""The path of an article in WordPress's numeric permalinks, in Movable Type and others; a page of an archive has a
similar path, but its anchor text is no headline."""

NUMBERED = re.compile(r"\d{5,}")
"""The number of an article; years and page numbers have fewer digits."""

PAGES = re.compile(r"\.(?:s?html?|php|aspx?|jsp|cms|ece|story)$", re.IGNORECASE)
"""File name extensions of single documents."""

LISTED = "listed in a sitemap"
"""Replaces the anchor text of URLs in a sitemap, which have none. It has the length of a headline."""

MIN_ARTICLE_POINTS = 3
"""Fewest points of a link to an article. Each sign in :func:`points` adds one or two. The value was chosen on the
links of both demo sites and of the development front pages: 2 let sections through, and 4 lost undated articles with
short slugs."""

MAX_SECTION_SEGMENTS = 3
"""Segments of the deepest section: /news/world/africa."""

SLUG_WORD = re.compile(r"[^\W\d_]+")

MANY = 4
"""Fewest words of a headline or its slug; names of sections have up to three."""

FEW = 2

LONG = 30
"""Fewest Latin characters of an anchor text that is a headline: for few long words, and for scripts without spaces,
whose characters count as ``WIDE`` Latin ones."""

WIDE = 3
"""Latin characters that one Chinese, Japanese or Korean character stands for: English translations of Chinese headlines
are about three times as long."""

CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def classify_link(url: str, text: str, start: str) -> Role | NotFetched | None:
    """What a link probably leads to, by its URL and anchor text.

    Args:
        url: absolute URL.
        text: anchor text.
        start: URL of the source, whose registrable domain bounds the crawl.

    Returns:
        ``Role.ARTICLE`` or ``Role.SECTION``; ``Role.PAGE`` where it may be either; the reason where it is certainly no
        page with a text; None for other sites.
    """
    parts = _parts(url)
    if parts is None or registrable_domain(url) != registrable_domain(start):
        return None
    if unfetched := no_page(parts):
        return unfetched
    segments = _segments(parts.path)
    is_dated = bool(DATED.search(parts.path))
    if segments and segments[-1].partition(".")[0] in ABOUT and not is_dated:
        return NotFetched.SERVICE
    is_article = points(parts.path, parts.query, text) >= MIN_ARTICLE_POINTS
    if not is_dated and is_list_name(parts.path) and not ARCHIVED.search(parts.path):
        return Role.PAGE if is_article else Role.SECTION
    if is_article:
        return Role.ARTICLE
    return Role.SECTION if len(segments) <= MAX_SECTION_SEGMENTS and not parts.query else Role.PAGE


def classify_listed(url: str, start: str) -> Role | NotFetched:
    """What a URL in a sitemap probably leads to: any page that it lists is fetched."""
    verdict = classify_link(url, LISTED, start)
    if verdict is None:
        return NotFetched.OTHER_SITE
    if verdict in (Role.ARTICLE, NotFetched.FILE):
        return verdict
    if is_front_page(url):
        return NotFetched.FRONT_PAGE
    parts = _parts(url)
    return (parts and no_page(parts)) or Role.PAGE


def no_page(parts: SplitResult) -> NotFetched | None:
    """Why a URL is certainly no page with a text: a file, or a function of the site; None where it may be one."""
    if FILES.search(parts.path):
        return NotFetched.FILE
    segments = _segments(parts.path)
    is_named = bool(segments) and segments[-1] in FUNCTIONS and not DATED.search(parts.path)
    is_function = is_named or (bool(segments) and segments[0] in FUNCTION_FOLDERS)
    is_asked = FUNCTION_QUERY.search(parts.query) if parts.path in FRONTS else NO_TEXT_QUERY.search(parts.query)
    return NotFetched.SERVICE if is_function or is_asked else None


def skip_reason(url: str) -> NotFetched | None:
    """Why a URL in a feed is not fetched; None where it is."""
    parts = _parts(url)
    return no_page(parts) if parts is not None else NotFetched.OTHER_SITE


def is_list_name(path: str) -> bool:
    """True for a path that is named like one of a page that lists articles: ``/tag/…``, ``/archive``, ``/page/2``."""
    segments = _segments(path)
    return bool(segments) and (not LISTS.isdisjoint(segments[:-1]) or segments[-1].partition(".")[0] in LISTS)


def _parts(url: str) -> SplitResult | None:
    """The parts of an http or https URL; None for any other."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") else None


def _segments(path: str) -> list[str]:
    return [segment.lower() for segment in path.split("/") if segment]


def points(path: str, query: str, text: str) -> int:
    """How much a URL and its anchor text look like those of an article."""
    slug = path.rstrip("/").rsplit("/", 1)[-1]
    words = len(SLUG_WORD.findall(PAGES.sub("", slug)))
    return (
        2 * (words >= MANY)
        + (FEW <= words < MANY)
        + 2 * bool(DATED.search(path))
        + bool(NUMBERED.search(slug) or NUMBERED.search(query))
        + bool(PAGES.search(slug))
        + (path.strip("/").count("/") >= 1)
        + 2 * (len(text.split()) >= MANY or width(text) >= LONG)
    )


def width(text: str) -> int:
    """The length of a text in Latin characters."""
    return len(text) + (WIDE - 1) * len(CJK.findall(text)) if not text.isascii() else len(text)
