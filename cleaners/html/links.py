"""The links of a page with their anchor text, its feeds, and the next page of an article that has several."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml.html import HtmlElement

from cleaners.text.normalise import match_key, normalise
from cleaners.types import Outlink
from cleaners.urls.identity import page_identity
from cleaners.urls.resolve import is_front_page, resolve_url

MAX_LINKS = 5_000
"""Most links read from one page; the largest front page of the development corpora has 1,900."""

FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")

MAX_FEEDS = 20
"""Most feeds read from one page; newsrooms declare up to a dozen, one per section."""

PAGE_PATH = re.compile(
    r"^(?P<stem>.*?)(?:/(?:page|seite|pagina|p)?[-/]?(?P<slash>[0-9]{1,2})/?|"
    r"[-_,](?P<dash>[0-9]{1,2})(?P<ending>\.\w{2,5}))$"
)

SMALL_NUMBER = re.compile(r"[0-9]{1,2}")
"""Page numbers of an article are small; longer numbers are identifiers."""

MAX_NUMBER_CHARS = 40
"""Characters of the text of a link to a page by its number."""

PAGE_KEYS = ("page", "p", "pg", "seite", "pagina", "start_page", "pagenum", "paged")
"""Query parameters that hold an article's page number."""


def outlinks(tree: HtmlElement, url: str) -> tuple[Outlink, ...]:
    """The page's links in page order, each URL once, with its longest anchor text."""
    base = base_url(tree, url)
    text_by_url: dict[str, str] = {}
    for anchor in tree.iter("a"):
        href = anchor.get("href")
        if not href or "nofollow" in (anchor.get("rel") or "").split():
            continue
        target = resolve_url(base, href.split("#", 1)[0]) if not href.startswith("#") else None
        if target is None:
            continue
        if len(anchor):
            text = normalise(anchor.text_content()) or normalise(
                " ".join(image.get("alt") or "" for image in anchor.iter("img"))
            )
        else:
            text = normalise(anchor.text or "")
        if target not in text_by_url or len(text) > len(text_by_url[target]):
            text_by_url[target] = text
        if len(text_by_url) >= MAX_LINKS:
            break
    return tuple(Outlink(url=target, text=text) for target, text in text_by_url.items())


def find_feeds(tree: HtmlElement, url: str) -> tuple[str, ...]:
    """URLs of the feeds that the page declares, except comment feeds (RSS Advisory Board, autodiscovery)."""
    base = base_url(tree, url)
    feeds = [
        resolve_url(base, link.get("href") or "")
        for link in tree.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split()
        and (link.get("type") or "").lower().strip() in FEED_TYPES
        and "comment" not in f"{link.get('title')} {link.get('href')}".lower()
    ]
    return tuple(dict.fromkeys(feed for feed in feeds if feed))[:MAX_FEEDS]


def base_url(tree: HtmlElement, url: str) -> str:
    """The URL against which the page's references are resolved (HTML Standard, 4.2.3)."""
    for element in tree.iter("base"):
        return resolve_url(url, element.get("href") or "") or url
    return url


def page_number(url: str) -> tuple[str, int]:
    """The part of a URL that all pages of one article share, and the page number; 1 when the URL has none."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    is_post = parts.path in ("", "/", "/index.php")  # WordPress without permalinks: ?p=28 is a post
    for name in PAGE_KEYS:
        if name == "p" and is_post:
            continue
        if SMALL_NUMBER.fullmatch(query.get(name, "")):
            number = int(query.pop(name))
            return f"{parts.netloc}{parts.path.rstrip('/')}?{sorted(query.items())}", number
    stem = f"{parts.netloc}{parts.path.rstrip('/')}?{sorted(query.items())}"
    match = PAGE_PATH.match(parts.path)
    if match and (match["slash"] or match["dash"]):
        return f"{parts.netloc}{match['stem'] + (match['ending'] or '')}?{sorted(query.items())}", int(
            match["slash"] or match["dash"]
        )
    return stem, 1


WORD = re.compile(r"\w+")


def find_first_page(tree: HtmlElement, url: str, title: str | None) -> str | None:
    """URL of an article's first page, where the page's own URL has a page number and it links to that URL as page 1.

    So an article at ``/news/7/`` is not taken for a further page of ``/news/``.
    """
    key, number = _page_of(url)
    if number <= 1:
        return None
    named = match_key(title or "")
    for link in outlinks(tree, url):
        is_shown = _is_first_number(link.text) or (named and match_key(link.text) == named)
        if is_shown and (_page_of(link.url) == (key, 1) or _first_page_stem(page_identity(link.url)) == key):
            return None if is_front_page(link.url) else link.url
    return None


def _is_first_number(text: str) -> bool:
    """True for the text of a link to a first page: its number, also after a word (``Page 1``), or an arrow."""
    words = WORD.findall(text[:MAX_NUMBER_CHARS])
    return words[-1:] == ["1"] and len(words) <= 2 if words else bool(text.strip())


def _first_page_stem(address: str) -> str:
    """The common part of an article's page URLs, from the first of them without its scheme; it may end in a number."""
    parts = urlsplit(f"//{address}")
    return f"{parts.netloc}{parts.path.rstrip('/')}?{sorted(parse_qsl(parts.query))}"


def is_first_of(url: str, following: str) -> bool:
    """True where ``url`` is the first page of an article, and ``following`` is its second page."""
    return page_number(unquote(following)) == (_first_page_stem(unquote(url).partition("://")[2]), 2)


def _page_of(url: str) -> tuple[str, int]:
    """The result of :func:`page_number` for the identity of a URL: the same for all its spellings."""
    return page_number(unquote(f"http://{page_identity(url)}"))


def find_next_page(tree: HtmlElement, url: str) -> str | None:
    """URL of the next page of the same article: a link that differs only in a page number one higher.

    ``rel=next`` alone is not trusted: blogs mark the next article with it.
    """
    here, number = page_number(unquote(url))
    whole = _first_page_stem(unquote(url).partition("://")[2])  # its own number may be that of an article: /archives/28
    following = {(here, number + 1), (whole, 2)}
    digits, core = {str(number + 1), "2"}, _core(here)
    for element in (*tree.iter("link"), *tree.iter("a")):
        href = element.get("href")
        if not href or not any(num in href for num in digits) or (core not in href and href.startswith(("/", "http"))):
            continue
        if element.tag == "link" and "next" not in (element.get("rel") or "").split():
            continue
        target = resolve_url(url, href.split("#", 1)[0])
        if target and page_number(unquote(target)) in following:
            return target
    return None


def _core(stem: str) -> str:
    """The text that the full URL of every other page of the article contains: the path without its extension.

    Empty where the path is escaped.
    """
    path = "/" + stem.rpartition("?")[0].partition("/")[2]
    folder, _, name = path.rpartition("/")
    core = f"{folder}/{name.partition('.')[0]}"
    return core if core.isascii() and "%" not in core else ""
