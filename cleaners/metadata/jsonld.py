"""JSON-LD: the article node of a page and typed access to its properties (schema.org Article and its subtypes)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

from lxml.html import HtmlElement

from cleaners.text.normalise import normalise
from cleaners.urls.credentials import strip_credentials_in_text

Node = dict[str, object]

ARTICLE_TYPES = frozenset(
    [
        "article",
        "newsarticle",
        "reportagenewsarticle",
        "opinionnewsarticle",
        "analysisnewsarticle",
        "backgroundnewsarticle",
        "reviewnewsarticle",
        "askpublicnewsarticle",
        "satiricalarticle",
        "techarticle",
        "scholarlyarticle",
        "blogposting",
        "liveblogposting",
        "socialmediaposting",
        "report",
        "advertisercontentarticle",
        "medicalscholarlyarticle",
        "review",
        "criticreview",
    ]
)
"""schema.org Article, its subtypes, and the review types that news sites use instead; lower case."""

LIVE_BLOG = "liveblogposting"
"""schema.org LiveBlogPosting."""

DECLARED = ARTICLE_TYPES | {"og:article"}
"""Types by which a page declares that it is an article: schema.org's, and OpenGraph's as in ``Metadata.types``."""

LISTING_TYPES = frozenset({"collectionpage", "searchresultspage", "itemlist", "og:website"})
"""Types by which a page declares that it lists other pages."""

NODE_LIMIT = 2_000
"""Most nodes read from one page's JSON-LD; article pages have tens."""
DEPTH_LIMIT = 8
"""Most levels of nesting that are read; ``@graph`` pages have four."""

TRAILING_COMMA = re.compile(r",(\s*[}\]])")
WRAPPERS = (("/*<![CDATA[*/", "/*]]>*/"), ("//<![CDATA[", "//]]>"), ("<![CDATA[", "]]>"), ("<!--", "-->"))
"""Opening and closing text that old templates put around a script's content."""
TAGS = re.compile(r"<[^<>]{1,500}>")


def nodes(tree: HtmlElement) -> list[Node]:
    """Every JSON-LD object of a page that has a type, outer ones first."""
    page_nodes: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            for node in _walk(_loaded(script.text), 0):
                page_nodes.append(node)
                if len(page_nodes) >= NODE_LIMIT:
                    return page_nodes
    return page_nodes


def _loaded(text: str) -> object:
    text = text.strip().removesuffix(";")
    for opening, closing in WRAPPERS:
        text = text.removeprefix(opening).removesuffix(closing).strip()
    for attempt in (text, TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _walk(value: object, depth: int) -> Iterator[Node]:
    if depth > DEPTH_LIMIT:
        return
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        for child in value.values():
            if isinstance(child, (dict, list)):
                yield from _walk(child, depth + 1)
    elif isinstance(value, list):
        for child in value:
            yield from _walk(child, depth + 1)


def types(node: Node) -> frozenset[str]:
    """Lower-cased type names of a node, without the vocabulary's URL."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return frozenset(str(name).rsplit("/", 1)[-1].lower() for name in names if isinstance(name, str))


def article(page_nodes: list[Node]) -> Node:
    """The node of the page's article: the first Article with a headline, else the first one, else an empty one."""
    articles = [node for node in page_nodes if types(node) & ARTICLE_TYPES]
    return next((n for n in articles if n.get("headline")), articles[0] if articles else {})


def web_page(page_nodes: list[Node]) -> Node:
    """The node of the page itself, which has the dates where the article has no node; else an empty one."""
    return next((node for node in page_nodes if "webpage" in types(node)), {})


def text(value: object, depth: int = 0) -> str | None:
    """A property's value as plain text: entities resolved, markup removed; None when it has no text."""
    if depth > DEPTH_LIMIT:
        return None
    if isinstance(value, list):
        return next((item_text for item in value if (item_text := text(item, depth + 1))), None)
    if isinstance(value, dict):
        return text(value.get("name") or value.get("@value") or value.get("headline"), depth + 1)
    if not isinstance(value, str):
        return None
    return strip_credentials_in_text(normalise(TAGS.sub(" ", unescape(value)))) or None


def body(page_nodes: list[Node]) -> str | None:
    """The longest ``articleBody`` of the page's Articles as plain text: markup removed, one line per paragraph."""
    entries = {id(entry) for entry in updates(page_nodes)}
    bodies = [node.get("articleBody") for node in page_nodes if types(node) & ARTICLE_TYPES and id(node) not in entries]
    return lines(max((value for value in bodies if isinstance(value, str)), key=len, default="")) or None


def lines(value: str) -> str:
    """A text with markup as plain text, one line per paragraph."""
    plain_lines = (normalise(line) for line in TAGS.sub("\n", unescape(value)).splitlines())
    return "\n".join(line for line in plain_lines if line)


def updates(page_nodes: list[Node]) -> Iterator[Node]:
    """The entries of the page's live blog that have a text or a heading, in the order of the list."""
    for node in page_nodes:
        listed = node.get("liveBlogUpdate")
        for entry in listed if isinstance(listed, list) else [listed]:
            if isinstance(entry, dict) and (entry.get("articleBody") or entry.get("headline")):
                yield entry


def names(value: object, depth: int = 0) -> list[str]:
    """Names in a property that holds text, an object with a name, or a list of those."""
    if depth > DEPTH_LIMIT:
        return []
    if isinstance(value, list):
        return [name for item in value for name in names(item, depth + 1)]
    name = text(value)
    return [name] if name else []


def items(value: object) -> list[Node]:
    """The objects of a property that holds one or a list of them."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


def url(value: object, depth: int = 0) -> str | None:
    """A URL in a property that holds text, an ImageObject, or a list of those."""
    if depth > DEPTH_LIMIT:
        return None
    if isinstance(value, list):
        return next((item_url for item in value if (item_url := url(item, depth + 1))), None)
    if isinstance(value, dict):
        return url(value.get("url") or value.get("contentUrl") or value.get("@id"), depth + 1)
    return value.strip() if isinstance(value, str) and value.strip() else None


def boolean(value: object) -> bool | None:
    """schema.org Boolean: JSON booleans and the words true and false in any case."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower().rsplit("/", 1)[-1])
    return None
