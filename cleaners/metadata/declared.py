"""Metadata that a page declares in its head: JSON-LD first, then OpenGraph and meta tags.

Metadata that is only on the visible page (headline, byline, date line, tags) is added by :mod:`cleaners.visible.fields`
after the blocks are labelled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from lxml.html import HtmlElement

from cleaners.metadata import dates, jsonld
from cleaners.metadata.evidence import Candidate
from cleaners.metadata.jsonld import Node
from cleaners.metadata.names import split_authors
from cleaners.metadata.outlet import Outlet
from cleaners.metadata.titles import strip_site
from cleaners.site import SiteKnowledge
from cleaners.text.normalise import match_key, normalise, text_weight
from cleaners.types import Entry, Image, Metadata, Page
from cleaners.urls import canonical
from cleaners.urls.credentials import strip_credentials_in_text
from cleaners.urls.resolve import resolve_url

TITLE_NAMES = (
    "og:title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "sailthru.title",
    "title",
    "headline",
)
DESCRIPTION_NAMES = (
    "og:description",
    "description",
    "twitter:description",
    "dc.description",
    "dcterms.description",
    "sailthru.description",
)
AUTHOR_NAMES = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "citation_author",
    "article:author_name",
)
PUBLISHED_NAMES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "cxenseparse:recs:publishtime",
    "article.published",
    "article:published",
    "datecreated",
    "originalpublicationdate",
    "citation_publication_date",
    "ptime",
)
VAGUE_NAMES = ("dc.date", "dcterms.date", "date")
"""Names of a date of unknown meaning: as often the last change as the publication."""
PUBLISHED_ENDS = (
    "publishedtime",
    "publisheddate",
    "publishedat",
    "publishtime",
    "publishdate",
    "publicationdate",
    "pubdate",
    "issuedate",
    "published",
)
"""Endings of other names for the date of publication: vendors add their own name as a prefix."""
LAST = "last"
"""Part of names such as ``lastPublishedDate``, which is the date of the last change."""
MODIFIED_NAMES = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
    "lastmod",
    "article:modified",
)
SITE_NAMES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher")
SECTION_NAMES = (
    "article:section",
    "articlesection",
    "section",
    "og:section",
    "parsely-section",
    "cxenseparse:recs:category",
)
TAG_NAMES = ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags")
IMAGE_NAMES = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
"""Meta names and properties by field, most trusted first (OpenGraph, Dublin Core, Twitter cards, Parse.ly,
Sailthru)."""

MICRODATA = frozenset(("datepublished", "datemodified", "articlesection", "keywords", "headline"))
"""schema.org properties that are read from microdata attributes of the visible page."""

READER_ITEM_TYPE = re.compile(r"(?:Comment|Answer)/?\s*$", re.IGNORECASE)
"""End of the ``itemtype`` of an item written by a reader (schema.org Comment, Answer)."""

PAID_TIERS = {"locked": False, "metered": False, "free": True}
"""Values of ``article:content_tier`` (Facebook's paywall declaration)."""

ISO_639_1 = re.compile(r"^[a-z]{2}(?=$|[-_])")

MAX_TEXT_NODES = 8

MAX_TEXT_NODE_CHARS = 300
"""Most text nodes of a property's value, and characters of each; more is content, not a value."""

LINKED_DATA = (
    ("title", "headline"),
    ("description", "description"),
    ("authors", "author"),
    ("published", "datePublished"),
    ("modified", "dateModified"),
    ("language", "inLanguage"),
    ("site_name", "publisher"),
    ("section", "articleSection"),
)
"""Fields of the record and the schema.org properties that hold them."""

META_NAMES = (
    ("title", TITLE_NAMES),
    ("description", DESCRIPTION_NAMES),
    ("authors", AUTHOR_NAMES),
    ("published", PUBLISHED_NAMES + VAGUE_NAMES),
    ("modified", MODIFIED_NAMES),
    ("site_name", SITE_NAMES),
    ("section", SECTION_NAMES),
    ("language", ("og:locale", "content-language")),
    ("canonical_url", ("og:url",)),
)
"""Fields of the record and the meta names that hold them."""

MAX_UPDATES = 1_000
"""Most entries of a live blog that are read from JSON-LD. Of 4,503 development pages the longest list has 26."""

MAX_SECTION_WORDS, MAX_SECTION_CHARS = 3, 45
"""Most words of a section's name, and its most characters, since Chinese headlines have no spaces; longer entries of a
breadcrumb are headlines."""

FOLDER = re.compile(
    r"(?:posts?|articles?|artikel|beitr[aä]ge?|art[ií]culos?|entr(?:y|ies|adas?)|stor(?:y|ies)|pages?|items?|nodes?|"
    r"content|contents|default|uncategori[sz]ed|allgemein|sin categoría|non classé|senza categoria|未分类)",
    re.IGNORECASE,
)
"""Names of the folder of all articles, and of a section for those without one, in place of a section's name."""

MAX_TITLES, MAX_TITLE_CHARS = 16, 12_500
"""Most titles that are read, and characters of each: each block of the page is compared with them.

Of 4,503 development pages none has more than 8 titles; the longest has 6,212 characters, the next one 319.
"""

MAX_DATES = 200
"""Most values that are read as one date, of which the first valid one counts. Those in words take 0.2 ms each. Of the
pages one has 93, the others 41 at most."""

TAG_ENDS = re.compile(r"[,;،、]")


class Meta:
    """The meta tags of a page: every value of every name and property, in page order."""

    def __init__(self, tree: HtmlElement, *, has_microdata: bool = True) -> None:
        self._values: dict[str, list[str]] = {}
        others = _of_other_items(tree) if has_microdata else frozenset()
        for element in tree.iter("meta"):
            content = strip_credentials_in_text(normalise(element.get("content") or ""))
            if not content:
                continue
            for attribute in ("property", "name") if element in others else ("property", "name", "itemprop"):
                name = (element.get(attribute) or "").strip().lower()
                if name:
                    self._values.setdefault(name, []).append(content)
        for element in tree.xpath("//*[@itemprop]") if has_microdata else ():
            name = (element.get("itemprop") or "").strip().lower()
            if element.tag != "meta" and name in MICRODATA and element not in others:
                content = normalise(element.get("content") or element.get("datetime") or _short_text(element))
                if content:
                    self._values.setdefault(name, []).append(content)

    def first(self, names: tuple[str, ...]) -> str | None:
        """The first value of the first name that has one."""
        return next(iter(self.all(names)), None)

    def all(self, names: tuple[str, ...]) -> list[str]:
        """Every value of the first name that has any."""
        return next((self._values[name] for name in names if name in self._values), [])

    def named(self, names: tuple[str, ...]) -> list[tuple[str, str]]:
        """Every value of every name, as (name, value)."""
        return [(name, value) for name in names for value in self._values.get(name, [])]

    def ending(self, ends: tuple[str, ...]) -> list[str]:
        """Every value of every name that ends with one of ``ends``, in page order; names with ``LAST`` excluded."""
        keys = ((match_key(name).replace("_", ""), values) for name, values in self._values.items())
        return [value for key, values in keys if key.endswith(ends) and LAST not in key for value in values]

    def values(self, names: tuple[str, ...]) -> list[str]:
        """Every value of every name."""
        return [value for name in names for value in self._values.get(name, [])]


def _of_other_items(tree: HtmlElement) -> frozenset[HtmlElement]:
    """The elements whose microdata does not describe the page's article.

    Those are elements of readers' comments. For each property, where some of its elements are in an item with the
    page's headline (or else outside every item), also its elements in all other items.
    """
    headed = {item for heading in tree.iter("h1") for item in heading.iterancestors() if "itemscope" in item.attrib}
    holders: dict[str, list[tuple[HtmlElement, HtmlElement | None]]] = {}
    for element in tree.xpath("//*[@itemprop]"):
        name = element.get("itemprop").strip().lower()
        if name in MICRODATA:
            item = next((outer for outer in element.iterancestors() if "itemscope" in outer.attrib), None)
            holders.setdefault(name, []).append((element, item))
    others = set()
    for pairs in holders.values():
        of_readers = {
            e for e, item in pairs if item is not None and READER_ITEM_TYPE.search(item.get("itemtype") or "")
        }
        remaining = [(element, item) for element, item in pairs if element not in of_readers]
        own = [e for e, item in remaining if item in headed] or [e for e, item in remaining if item is None]
        others |= of_readers | ({element for element, _ in remaining} - set(own) if own else set())
    return frozenset(others)


def may_hold(body: bytes, name: bytes) -> bool:
    """False when a page's bytes do not contain a name. Always True with null bytes, as in UTF-16 and UTF-32."""
    return name in body.lower() or b"\0" in body


def _short_text(element: HtmlElement) -> str:
    """The first text nodes of an element: a property's value is short, and a wrapper's content is not read."""
    return " ".join(text[:MAX_TEXT_NODE_CHARS] for text in islice(element.itertext(), MAX_TEXT_NODES))


def read_declared(tree: HtmlElement, page: Page, site: SiteKnowledge) -> Metadata:
    """Read the metadata that the page's head, JSON-LD and microdata declare."""
    nodes = jsonld.nodes(tree)
    node, whole = jsonld.article(nodes), jsonld.web_page(nodes)
    meta = Meta(tree, has_microdata=may_hold(page.body, b"itemprop"))
    site_name = meta.first(SITE_NAMES) or jsonld.text(node.get("publisher")) or site.name
    head_title = normalise(tree.findtext(".//title") or "")
    stated_titles = (jsonld.text(node.get("headline")), *meta.values(TITLE_NAMES), head_title)
    different = dict.fromkeys(title for title in stated_titles if title and len(title) <= MAX_TITLE_CHARS)
    titles = tuple(islice(different, MAX_TITLES))
    stated = _dates(
        [
            node.get("datePublished"),
            node.get("dateCreated"),
            *meta.values(PUBLISHED_NAMES),
            *meta.ending(PUBLISHED_ENDS),
        ],
        page,
    )
    vague = _dates(meta.values(VAGUE_NAMES), page)
    return Metadata(
        title=strip_site(titles[0], site_name, page.url) if titles else None,
        titles=titles,
        description=jsonld.text(node.get("description")) or meta.first(DESCRIPTION_NAMES),
        authors=_authors(node, meta, Outlet.of(site_name, page.url)),
        published=_in_local_time([*stated, *vague, *_dates([whole.get("datePublished")], page)]),
        is_vaguely_dated=not stated and bool(vague),
        modified=_date([node.get("dateModified"), *meta.values(MODIFIED_NAMES), whole.get("dateModified")], page),
        language=_language(tree, node, meta),
        site_name=site_name,
        section=_section(node, meta) or _breadcrumb(nodes, frozenset(map(match_key, titles))),
        tags=_tags(node, meta),
        images=_images(node, meta, page.url),
        canonical_url=canonical.find_canonical_url(tree, page.url),
        free_access=_free_access(node, nodes, meta),
        article_body=jsonld.body(nodes),
        types=frozenset(t for n in nodes for t in jsonld.types(n)) | _og_type(meta),
        updates=tuple(_update(entry, page) for entry in islice(jsonld.updates(nodes), MAX_UPDATES)),
    )


def _update(node: jsonld.Node, page: Page) -> Entry:
    text = node.get("articleBody")
    link = jsonld.url(node.get("url")) or jsonld.url(node.get("mainEntityOfPage"))
    return Entry(
        title=jsonld.text(node.get("headline")),
        published=_date([node.get("datePublished")], page),
        text=jsonld.lines(text) if isinstance(text, str) else "",
        url=resolve_url(page.url, link) if link else None,
    )


def candidates(tree: HtmlElement, page: Page) -> Iterator[Candidate]:
    """Every value of every field in the page's machine-readable sources, most trusted first."""
    node, meta = jsonld.article(jsonld.nodes(tree)), Meta(tree)
    head_title = normalise(tree.findtext(".//title") or "")
    for field, name in LINKED_DATA:
        for value in jsonld.names(node.get(name)):
            yield from _candidates(field, "json-ld", value, page)
    for field, names in META_NAMES:
        for name, value in meta.named(names):
            yield from _candidates(field, f"meta {name}", value, page)
    if head_title:
        yield from _candidates("title", "title element", head_title, page)
    if tree.get("lang"):
        yield from _candidates("language", "html lang", tree.get("lang", ""), page)
    for href in filter(None, canonical.canonical_links(tree)):
        if url := resolve_url(page.url, href):
            yield "canonical_url", "link canonical", url


def _candidates(field: str, origin: str, value: str, page: Page) -> Iterator[Candidate]:
    """A value in the form of the record; nothing where it is not valid."""
    if field in {"published", "modified"}:
        date = dates.parse_date(value, page.fetched_at)
        if date:
            yield field, origin, date
    elif field == "authors":
        yield from ((field, origin, name) for name in split_authors(value))
    elif field == "language":
        match = ISO_639_1.match(value.strip().lower())
        if match:
            yield field, origin, match[0]
    else:
        yield field, origin, strip_site(value, None, page.url) if field == "title" else value


def _og_type(meta: Meta) -> frozenset[str]:
    return frozenset(f"og:{value.lower()}" for value in meta.all(("og:type",)))


def _authors(node: Node, meta: Meta, outlet: Outlet) -> tuple[str, ...]:
    """The declared authors, without the outlet's own name unless JSON-LD declares it as a Person.

    Persons who contributed come after the author: some software writes all authors but the first so.
    """
    stated = node.get("author") if jsonld.names(node.get("author")) else node.get("creator")
    persons = set(_persons(stated))
    contributors = _persons(node.get("contributor"))
    names = [*jsonld.names(stated), *contributors] if persons else jsonld.names(stated) or meta.all(AUTHOR_NAMES)
    persons.update(contributors)
    authors = ((name, value in persons) for value in names for name in split_authors(value))
    return tuple(dict.fromkeys(name for name, is_person in authors if is_person or name not in outlet))


def _persons(stated: object) -> list[str]:
    return jsonld.names([item for item in jsonld.items(stated) if "person" in jsonld.types(item)])


def _date(values: Sequence[object], page: Page) -> str | None:
    return next(iter(_dates(values, page)), None)


def _dates(values: Sequence[object], page: Page) -> list[str]:
    return [date for value in values[:MAX_DATES] if (date := dates.parse_date(value, page.fetched_at))]


def _in_local_time(iso_dates: list[str]) -> str | None:
    """The first date. If it is in UTC, the first date of the same minute with another offset, if any."""
    first = iso_dates[0] if iso_dates else None
    moment = dates.moment_of(first)
    if moment is None or moment.utcoffset():
        return first
    same = (date for date in iso_dates if (other := dates.moment_of(date)) and _is_same_minute(moment, other))
    return next((date for date in same if not date.endswith("+00:00")), first)


def _is_same_minute(moment: datetime, other: datetime) -> bool:
    return abs(moment - other) < timedelta(minutes=1)


def _language(tree: HtmlElement, node: Node, meta: Meta) -> str | None:
    declared = (
        tree.get("lang"),
        tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
        jsonld.text(node.get("inLanguage")),
        meta.first(("og:locale", "language", "content-language")),
    )
    for value in declared:
        match = ISO_639_1.match((value or "").strip().lower())
        if match:
            return match[0]
    return None


def _section(node: Node, meta: Meta) -> str | None:
    """The declared section: of several the first that is not the name of a folder."""
    stated = (*jsonld.names(node.get("articleSection")), *meta.all(SECTION_NAMES))
    return next((name for name in stated if not FOLDER.fullmatch(name)), None)


def names_section(text: str) -> bool:
    """True for a text that may name a section: a few words, no part of a date and no folder of all articles."""
    is_short = 0 < len(text.split()) <= MAX_SECTION_WORDS and text_weight(text) <= MAX_SECTION_CHARS
    return is_short and text[0] != "_" and not dates.is_part_of_date(text) and not FOLDER.fullmatch(text)


def _breadcrumb(nodes: list[Node], titles: frozenset[str]) -> str | None:
    """The last entry of a BreadcrumbList that may be a section, except the first entry (home) and the page's title."""
    for node in nodes:
        if "breadcrumblist" in jsonld.types(node):
            items = node.get("itemListElement")
            labels = (
                [jsonld.text(i.get("name") or i.get("item")) for i in items if isinstance(i, dict)]
                if isinstance(items, list)
                else []
            )
            labels = [
                label for label in labels[1:] if label and names_section(label) and match_key(label) not in titles
            ]
            if labels:
                return labels[-1]
    return None


def _tags(node: Node, meta: Meta) -> tuple[str, ...]:
    keywords = node.get("keywords")
    values = jsonld.names(keywords) if keywords else meta.all(TAG_NAMES)
    split = [part.strip() for value in values for part in TAG_ENDS.split(value)] if len(values) == 1 else values
    return tuple(dict.fromkeys(tag for tag in split if tag and ":" not in tag[:12]))


def _images(node: Node, meta: Meta, base: str) -> tuple[Image, ...]:
    declared = [jsonld.url(node.get("image")), *meta.values(IMAGE_NAMES)]
    urls = (resolve_url(base, value) for value in declared if value)
    return next(((Image(url=url),) for url in urls if url), ())


def _free_access(node: Node, nodes: list[Node], meta: Meta) -> bool | None:
    parts = node.get("hasPart")
    declarations = [
        jsonld.boolean(n.get("isAccessibleForFree"))
        for n in (node, *(parts if isinstance(parts, list) else [parts]))
        if isinstance(n, dict)
    ]
    if False in declarations:
        return False
    if True in declarations:
        return True
    if not node and any(jsonld.boolean(n.get("isAccessibleForFree")) is False for n in nodes):
        return False
    return PAID_TIERS.get((meta.first(("article:content_tier",)) or "").lower())


def fill_missing(metadata: Metadata, **fields: object) -> Metadata:
    """The metadata, with each field of the arguments set where it is still empty."""
    missing = {name: value for name, value in fields.items() if value and not getattr(metadata, name)}
    return replace(metadata, **missing)  # type: ignore[arg-type]
