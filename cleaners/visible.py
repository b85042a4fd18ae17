"""What only the visible page says: headline, byline, dates, tags, source line, related links, read off the labelled blocks."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml.html import HtmlElement
from trafilatura.metadata import extract_metadata

from cleaners import dates
from cleaners.blocks import Block
from cleaners.labels.lexicon import CREDIT
from cleaners.labels.view import View, weight
from cleaners.metadata import BY, MOST_SECTION_WORDS, absolute, split_authors, with_fallbacks
from cleaners.normalise import key, normalise
from cleaners.titles import site_of, strip_site
from cleaners.types import Label, Link, Metadata, Page

logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def of_kind(kind: str, view: View, labels: Sequence[Label], region: range) -> Iterator[Block]:
    """Blocks of one kind in the region."""
    return (view.blocks[i] for i in region if labels[i].kind == kind)


def complete(metadata: Metadata, view: View, labels: Sequence[Label], region: range, tree: HtmlElement, page: Page) -> Metadata:
    """Fill what the head left empty from the visible page, then from trafilatura's own reading."""
    shown = view.blocks[view.title_index].text if view.title_index is not None else None
    if shown:
        metadata = replace(metadata, title=strip_site(shown, metadata.site_name, page.url))
    metadata = with_fallbacks(metadata, site_name=site_of(metadata.titles[-1], metadata.title, page.url) if metadata.titles else None)
    named = _named(view, labels, region, metadata)
    if named and all(GENERIC.search(name) or key(name) == key(metadata.site_name or "") for name in metadata.authors):
        metadata = replace(metadata, authors=())
    categories, tags = _rel_tags(view, labels, region)
    metadata = with_fallbacks(
        metadata,
        section=_crumb(view, labels, region, metadata.title) or next(iter(categories), None) or _kicker(view, labels),
        authors=named,
        published=_shown_date(view, labels, region, page),
        modified=_shown_modified(view, labels, region, page),
        tags=tags or tuple(dict.fromkeys(t for b in of_kind("tags", view, labels, region) for t in _tag_names(b))),
    )
    if metadata.title and metadata.published and (metadata.authors or metadata.types):
        return metadata
    found = extract_metadata(
        tree,
        page.url,
        {"original_date": True, "extensive_search": True, "min_date": dates.EARLIEST.date().isoformat(), "max_date": dates.latest(page.fetched_at).date().isoformat()},
    )
    return with_fallbacks(
        metadata,
        title=strip_site(found.title, metadata.site_name, page.url) if found.title else None,
        published=dates.iso(found.date, page.fetched_at),
        authors=tuple(name for name in split_authors(found.author or "", metadata.site_name) if len(name.split()) > 1),
    )


GENERIC = re.compile(r"\b(?:desk|staff|admin|editors?|webmaster|newsroom|team|redaktion|redacción|web|online)\b", re.IGNORECASE)
"""Words of an author that is no person; a visible byline is believed before it."""

MOST_AUTHORS = 8
"""Names taken from bylines."""

WHEN = re.compile(r"\s*(?:[|•·–—-]\s*)?(?:\b(?:on|at|published|updated|posted)\b|\b\w+day,|(?:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? )?\d).*$", re.IGNORECASE)
"""Where a byline goes on to date."""

WRITTEN = re.compile(r"author|byline|by-line|byl\b|writer|reporter|vcard|\bfn\b", re.IGNORECASE)
"""Class names of elements that name a writer."""


def _named(view: View, labels: Sequence[Label], region: range, metadata: Metadata) -> tuple[str, ...]:
    """Names in the bylines, and in date lines that carry one."""
    blocks = [view.blocks[i] for i in region if labels[i].kind in ("byline", "date")]
    return tuple(dict.fromkeys(name for block in blocks for name in _byline_names(block, metadata)))[:MOST_AUTHORS]


def _byline_names(block: Block, metadata: Metadata) -> list[str]:
    """Names in a byline block: of its author links, else of its text when it says that it is a byline."""
    element = block.home.element
    links = [" ".join(a.text_content().split()) for a in element.iter("a") if "author" in (a.get("rel") or "") or WRITTEN.search(a.get("href") or "")]
    linked = [name for text in links for name in split_authors(text, metadata.site_name)]
    if linked:
        return linked
    is_said = BY.match(block.text) or any(WRITTEN.search(s.element.get("class") or "") or WRITTEN.search(s.element.get("id") or "") for s in block.scope.chain())
    found = INLINE_AUTHOR.search(block.text)
    if found:
        return split_authors(found[1], metadata.site_name)
    return split_authors(WHEN.sub("", block.text), metadata.site_name) if is_said else []


INLINE_AUTHOR = re.compile(r"(?:作者|记者|文)\s*[：:]\s*([^\s|：:，,。]{2,12})")
"""The author inside a Chinese date line."""


def _rel_tags(view: View, labels: Sequence[Label], region: range) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Categories and tags of links marked ``rel=tag`` in the article's region (WordPress, microformats)."""
    categories: dict[str, None] = {}
    tags: dict[str, None] = {}
    for block in (view.blocks[i] for i in region if not labels[i].is_body and labels[i].kind not in ELSEWHERE):
        for anchor in block.home.element.iter("a"):
            if "tag" in (anchor.get("rel") or "").split():
                name = " ".join(anchor.text_content().split())
                found = categories if "category" in (anchor.get("rel") or "") or "/category/" in (anchor.get("href") or "") else tags
                found.setdefault(name)
    return tuple(categories), tuple(tags)


ELSEWHERE = ("related", "most_read", "promo", "comments", "navigation", "newsletter", "ad")
"""Kinds of blocks whose dates and tags are other pages'."""


def _kicker(view: View, labels: Sequence[Label]) -> str | None:
    """The short label right above the headline: the section's name on pages that declare none."""
    title = view.title_index
    for block in view.blocks[max(0, (title or 0) - 1) : title or 0]:
        is_label = labels[block.index].rule in ("unclaimed", "link", "class:navigation", "class:tags", "class:breadcrumb")
        if is_label and len(block.text.split()) <= MOST_SECTION_WORDS and block.text.replace(" ", "").isalpha() and not HOME.fullmatch(block.text):
            return block.text
    return None


def _crumb(view: View, labels: Sequence[Label], region: range, title: str | None) -> str | None:
    """The last short entry of the breadcrumb shown near the headline."""
    for block in of_kind("breadcrumb", view, labels, region):
        crumbs = [crumb.strip() for crumb in CRUMB.split(block.text) if crumb.strip()]
        crumbs = [c for c in crumbs if key(c) != key(title or "") and len(c.split()) <= MOST_SECTION_WORDS and not HOME.fullmatch(c)]
        if crumbs:
            return crumbs[-1]
    return None


HOME = re.compile(r"home(?: ?page)?|startseite|inicio|accueil|главная|首页|الرئيسية|您的位置|you are here", re.IGNORECASE)
"""Entries of a breadcrumb that are no section."""

CRUMB = re.compile(r"\s*(?:[>›»/|→·:：]|&gt;|>>)+\s*")
"""What stands between the entries of a breadcrumb."""


def _shown_date(view: View, labels: Sequence[Label], region: range, page: Page) -> str | None:
    for block in (view.blocks[i] for i in region if not labels[i].is_body and labels[i].kind not in ELSEWHERE):
        if MODIFIED.match(block.text) and not PUBLISHED.match(block.text):
            continue
        for element in block.home.element.iter("time", "abbr"):
            value = element.get("datetime") or (element.get("title") if element.tag == "abbr" else None)
            if date := dates.iso(value, page.fetched_at):
                return date
    return None


MODIFIED = re.compile(r"(?:.{0,40}\b)?(?:last )?(?:updated|modified|actualizado|aktualisiert|mis à jour|обновлено)(?: on| at)?[:\s]*", re.IGNORECASE)
"""Start of a date line that does not date the publication."""


PUBLISHED = re.compile(r"(?:first )?(?:published|posted|publicado|veröffentlicht|publié)", re.IGNORECASE)


def _shown_modified(view: View, labels: Sequence[Label], region: range, page: Page) -> str | None:
    for block in (b for kind in ("date", "byline") for b in of_kind(kind, view, labels, region)):
        found = MODIFIED.match(block.text)
        if found and (date := dates.iso(block.text[found.end() :], page.fetched_at)):
            return date
    return None


def _tag_names(block: Block) -> list[str]:
    anchors = [" ".join(a.text_content().split()) for a in block.home.element.iter("a")]
    return [name.strip("# ,") for name in anchors if name.strip("# ,")]


def credit(view: View, labels: Sequence[Label], region: range) -> str | None:
    """The source line's content, e.g. ``Al Jazeera and agencies``."""
    for block in of_kind("credit", view, labels, region):
        following = view.blocks[block.index + 1] if block.index + 1 < len(view.blocks) else block
        is_split = block.text.endswith((":", "：")) and labels[following.index].kind == "credit"
        found = CREDIT.fullmatch(f"{block.text} {following.text}" if is_split else block.text)
        if found:
            return found["credit"].strip(" .|:")
    for index in region:
        found = None if labels[index].is_body else SOURCE_INLINE.search(view.blocks[index].text)
        if found:
            return found[1]
    return None


SOURCE_INLINE = re.compile(r"(?:来源|來源|稿源)\s*[：:]\s*([^\s|：:]{2,20})")
"""The source inside a Chinese date line."""


LEAST_TITLE = 19
"""Weight of the shortest title of a related story; shorter links are topics and controls."""


def related(view: View, labels: Sequence[Label], region: range, base: str) -> tuple[Link, ...]:
    """Links of the related blocks, page order, each address once."""
    found: dict[str, Link] = {}
    for block in of_kind("related", view, labels, region):
        for title, href in _anchors(block):
            url = absolute(base, href)
            if url and weight(title) >= LEAST_TITLE and not href.startswith("#"):
                found.setdefault(url, Link(title=title, url=url))
    return tuple(found.values())


def _anchors(block: Block) -> Iterator[tuple[str, str]]:
    """Title and reference of each link that the block holds or stands in."""
    around = next((scope.element for scope in block.scope.chain() if scope.tag == "a"), None)
    if around is not None:
        yield block.text, around.get("href") or ""
        return
    for anchor in block.home.element.iter("a"):
        title = normalise(anchor.text_content())
        if title and key(title) in block.key:
            yield title, anchor.get("href") or ""
