"""The cleaning pipeline: every step from a page to its article or rejection."""

from __future__ import annotations

import logging
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from lxml.html import HtmlElement

from cleaners.blocks.segment import BLOCK_TAGS, check_number, segment
from cleaners.confidence import TextView, text_confidence
from cleaners.context import DEFAULT, CleanContext
from cleaners.extraction.extractor import extract_body
from cleaners.html.decode import decode
from cleaners.html.links import find_feeds, find_first_page, find_next_page, outlinks
from cleaners.html.parse import parse
from cleaners.html.scripted import WITHOUT_TEXT, find_sign
from cleaners.labels import label_blocks
from cleaners.labels.labelled_page import LabelledPage
from cleaners.labels.observed import observe
from cleaners.labels.page_view import PageView
from cleaners.labels.removals import removal_ledger
from cleaners.metadata import declared
from cleaners.metadata.evidence import collect_evidence
from cleaners.metadata.jsonld import DECLARED
from cleaners.metadata.rights import of_page
from cleaners.options import Options
from cleaners.pagetype import challenge, classify
from cleaners.pagetype.challenge import MAX_TEXT
from cleaners.pagetype.classify import PageType
from cleaners.record.version import CLEANER, SCHEMA_VERSION
from cleaners.rejection import rejection
from cleaners.site.memory.repeated import take_out_repeated
from cleaners.site.rules import SiteRules
from cleaners.site.rules.places import RuleMatches, inline_removals
from cleaners.text.language import identify_language
from cleaners.text.markdown_lines import join_lines
from cleaners.types import (
    Article,
    ArticleType,
    BlockKind,
    Entry,
    Evidence,
    Html,
    Metadata,
    ObservedPage,
    Page,
    PageRejected,
    PageResult,
    Reason,
    Rejection,
    RemovalLedger,
    RemovedBlock,
    Stage,
)
from cleaners.urls import canonical
from cleaners.urls.identity import article_id
from cleaners.urls.resolve import bare_host, registrable_domain, resolve_url
from cleaners.visible import boxes, fields, images, site_fields
from cleaners.visible import entries as live_blog

for _name in ("trafilatura", "htmldate"):  # they log what a page lacks as errors; a rejection or an empty field says it
    logging.getLogger(_name).setLevel(logging.CRITICAL)

MIN_DECLARED_CHARS = 400
"""Characters from which an articleBody is a whole text, not a teaser."""
SHOWN_SHARE = 0.5
"""Share of the declared text below which the page does not show the article.

This limit and the one above were chosen on the development pages that are built by script.
"""


FEED_FIELDS = ("published", "authors", "section", "tags")
"""Fields that a feed or sitemap may know better than the visible page."""


MIN_ARTICLE_PROBABILITY = 0.7
"""Article probability below which the links of a page are extracted, too. Of the pages of 22 sites that were classified
as articles, 31 of 45 listings were below it, and 4 of 378 articles."""


class ViewedPage(NamedTuple):
    """A page before any of its blocks is labelled."""

    page: Page
    """Its ``url`` is the URL that the page declares when the page was not fetched over HTTP."""
    html: Html
    tree: HtmlElement
    places: tuple[RuleMatches, ...]
    """The elements that the site rules select: those of the taught rules, then those of the declared rules."""
    view: PageView


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """Everything that cleaning found out about a page, for inspection by a person or a program."""

    page: Page
    """Its ``url`` is the URL that the page declares when the page was not fetched over HTTP."""
    html: Html
    tree: HtmlElement
    labelled: LabelledPage
    metadata: Metadata
    """Metadata from the head and the visible page together."""
    entries: tuple[Entry, ...] = ()
    """The entries of a live blog."""
    places: tuple[RuleMatches, ...] = ()
    """The elements that the site rules select: those of the taught rules, then those of the declared rules."""

    @property
    def text(self) -> str:
        """The article's text: the body blocks, one per line, or the JSON-LD text where the page does not show it."""
        is_cut = any(
            places.body or places.remove for places in self.places
        )  # JSON-LD must not restore what rules remove
        json_ld_text = None if is_cut else declared_text(self.labelled, self.metadata)
        return json_ld_text or "\n".join(block.text for block in self.labelled.body)

    @property
    def rules(self) -> SiteRules | None:
        """The declared rules of the site, if any."""
        return next((places.rules for places in self.places if not places.rules.is_taught), None)

    @property
    def removed(self) -> RemovalLedger:
        """The removal ledger: each block of the article's region that is not body, in page order."""
        return removal_ledger(self.labelled, inline_removals(self.places, BLOCK_TAGS))

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Where each metadata value came from, and which sources differ."""
        return collect_evidence(self.metadata, declared.candidates(self.tree, self.page))


class CleanedPage(NamedTuple):
    """The article of an examined page, without the lines that its site repeats."""

    article: Article
    removed: RemovalLedger
    """The removals of the article, with the indexes of their blocks."""
    observed: ObservedPage | None
    """Observation of the page; None where it was not requested and the memory has no shared lines of the site."""


def clean(page: Page | bytes | str, context: CleanContext = DEFAULT, *, url: str | None = None) -> Article | Rejection:
    """Turn one fetched page into an article, or into a rejection with its stage and reason.

    Pure: it uses no network and no clock, and keeps no state between pages.

    Args:
        page: the page; or its markup, as bytes or as text, with ``url``.
        context: options, rules, and what is known of the site.
        url: where the markup is from, absolute.

    Raises:
        TypeError: for anything else, or markup without a URL.
    """
    page = to_page(page, url)
    try:
        return finish(examine(page, context), context).article
    except PageRejected as error:
        return rejection(error, page)


def to_page(page: Page | bytes | str, url: str | None) -> Page:
    """The page of some markup.

    Raises:
        TypeError: for what is no page, bytes or text, and for markup without a URL.
    """
    if isinstance(page, Page):
        return page
    if not isinstance(page, (bytes, str)):
        raise TypeError(f"clean() takes a Page, or the HTML of one as bytes or text; this is {type(page).__name__}")
    if url is None:
        raise TypeError("clean() needs the URL of the page as well: clean(html, url='https://…')")
    if isinstance(page, bytes):
        return Page(url=url, body=page)
    return Page(url=url, body=page.encode("utf-8", "replace"), content_type="text/html; charset=utf-8")


def process_page(page: Page, context: CleanContext = DEFAULT, *, with_links: bool = False) -> PageResult:
    """Clean a page and collect its links, from one parse. Pure, like :func:`clean`."""
    try:
        examined = examine(page, context)
    except PageRejected as error:
        return PageResult(result=rejection(error, page))
    result: Article | Rejection
    observed = None
    try:
        result, _, observed = finish(examined, context)
    except PageRejected as error:
        result = rejection(error, examined.page)
    scripted = find_sign(examined.tree, result.text if isinstance(result, Article) else None)
    is_article = isinstance(result, Article)
    tree, url, metadata = examined.tree, examined.page.url, examined.metadata
    is_declared = is_article and bool(metadata.types & DECLARED) and metadata.published is not None
    may_list = not isinstance(result, Article) or (result.page_type_score < MIN_ARTICLE_PROBABILITY and not is_declared)
    return PageResult(
        result=result,
        links=outlinks(tree, url) if with_links or may_list else (),
        feeds=find_feeds(tree, url) if with_links else (),
        first_page=find_first_page(tree, url, result.title) if isinstance(result, Article) else None,
        next_page=(_declared_link("next_page", examined) or find_next_page(tree, url)) if is_article else None,
        single_page=_declared_link("single_page", examined) if is_article else None,
        original=canonical.find_original(tree, url) if is_article else None,
        rights=of_page(tree) if is_article else (),
        undeclared=frozenset(name for name in FEED_FIELDS if not getattr(examined.labelled.view.metadata, name)),
        is_declared=is_declared,
        observed=observed,
        scripted=scripted,
    )


def finish(examined: Examination, context: CleanContext = DEFAULT) -> CleanedPage:
    """Make the record of an examined page, without the lines that its site repeats.

    Raises:
        PageRejected: when the page is no article.
    """
    removed = examined.removed
    article = write_article(examined, removed, context)
    shared_lines = context.site.shared_lines.get(bare_host(article.url))
    if shared_lines is None and not context.with_observation:
        return CleanedPage(_with_markdown(article, examined, {}, context), removed, None)
    observed = observe(examined.labelled, article.authors, article.url, article.fetched_at)
    if not _is_shown(article, examined):
        observed = replace(observed, text=())
    if not shared_lines:
        return CleanedPage(_with_markdown(article, examined, {}, context), removed, observed)
    text, repeated = take_out_repeated(article.text, observed, shared_lines)
    body = examined.labelled.body
    removed = removed.adding(RemovedBlock(body[line].index, removal) for line, removal in repeated.items())
    article = _with_markdown(article, examined, repeated, context)
    return CleanedPage(replace(article, text=text, removed=removed.as_written()), removed, observed)


def _is_shown(article: Article, examined: Examination) -> bool:
    """True where the text is that of the page's blocks, and not of its data."""
    return article.text == "\n".join(block.text for block in examined.labelled.body)


def _with_markdown(article: Article, examined: Examination, repeated: Container[int], context: CleanContext) -> Article:
    """The article with Markdown, where it is asked for.

    Args:
        article: with the whole text.
        examined: its page.
        repeated: blocks of the text, by their place in it, that are taken out.
        context: says whether it is asked for.
    """
    if not context.options.with_markdown:
        return article
    from cleaners.markdown import block_lines, text_lines  # noqa: PLC0415  only where it is asked for

    labelled = examined.labelled
    if _is_shown(article, examined):
        lines = [
            line
            for place, block in enumerate(labelled.body)
            if place not in repeated
            for line in block_lines(block, labelled.labels[block.index].kind, article.url)
        ]
    else:
        lines = text_lines(article.text)
    return replace(article, markdown=join_lines(lines))


def examine(page: Page, context: CleanContext = DEFAULT) -> Examination:
    """Decode, parse, segment and label one page.

    Raises:
        PageRejected: from decoding or parsing.
    """
    page, html, tree, places, view = view_page(page, context)
    labelled = LabelledPage.of(view, label_blocks(view, context.options, context.rules, places))
    metadata = fields.complete_metadata(view.metadata, labelled, tree, page)
    metadata = replace(metadata, images=images.images(metadata.images, labelled, page.url))
    entries = live_blog.entries(labelled, page)
    metadata = replace(metadata, modified=live_blog.newest(entries) or metadata.modified)
    for rule_places in places:
        metadata = site_fields.with_site_rules(metadata, tree, rule_places, page)
    return Examination(
        page=page, html=html, tree=tree, labelled=labelled, metadata=metadata, entries=entries, places=places
    )


def view_page(page: Page, context: CleanContext = DEFAULT) -> ViewedPage:
    """Decode, parse and segment one page.

    Raises:
        PageRejected: from decoding or parsing.
    """
    canonical.check_url(page.url)
    html = decode(page, context.options)
    tree = parse(html, context.options)
    page = replace(page, url=canonical.page_url(tree, page.url))
    rules = context.site.rules.of(page.url)
    if any(site_rules.replace for site_rules in rules):
        html = replace(html, data=_replaced(html.data, rules))
        tree = parse(html, context.options)
    places = tuple(RuleMatches.of(tree, site_rules) for site_rules in rules)
    blocks = segment(tree, inline_removals(places, BLOCK_TAGS))
    check_number(blocks, len(html.data))
    if sum(block.weight for block in blocks) < MAX_TEXT:
        challenge.refuse(html.data)
    alignment = extract_body(tree, blocks, page.url)
    view = PageView(blocks, alignment, declared.read_declared(tree, page, context.site), page.url)
    return ViewedPage(page, html, tree, places, view)


def _replaced(data: bytes, rules: Sequence[SiteRules]) -> bytes:
    for old, new in (pair for site_rules in rules for pair in site_rules.replace):
        data = data.replace(old.encode(), new.encode())
    return data


def write_article(examined: Examination, removed: RemovalLedger, context: CleanContext = DEFAULT) -> Article:
    """Make the record of an examined page.

    Raises:
        PageRejected: when the page is no article.
    """
    page, metadata, labelled, options = examined.page, examined.metadata, examined.labelled, context.options
    text = examined.text
    page_type = _page_type(examined, text, options)
    view = TextView(labelled=labelled, metadata=metadata, text=text, page_type_score=page_type.score)
    standfirst = " ".join(block.text for block in labelled.of_kind(BlockKind.STANDFIRST))
    return Article(
        id=article_id(page.url),
        url=page.url,
        canonical_url=metadata.canonical_url,
        title=metadata.title,
        description=standfirst or metadata.description,
        text=text,
        authors=metadata.authors,
        published=metadata.published,
        modified=metadata.modified,
        language=identify_language(text, metadata.language),
        site_name=metadata.site_name,
        section=metadata.section,
        tags=metadata.tags,
        images=metadata.images,
        credit=fields.credit(labelled),
        related=fields.related(labelled, page.url),
        removed=removed.as_written(),
        free_access=metadata.free_access,
        page_type=ArticleType.LIVE_BLOG if examined.entries else page_type.kind,
        page_type_score=page_type.score,
        text_confidence=_checked_confidence(view, options),
        page_count=1,
        fetched_at=page.fetched,
        source=page.source,
        cleaner=CLEANER,
        schema_version=SCHEMA_VERSION,
        boxes=boxes.boxes(labelled) or None,
        entries=examined.entries or None,
        site_rules=", ".join(f"{places.rules.name} ({places.rules.origin})" for places in reversed(examined.places))
        or None,
        evidence=examined.evidence if options.with_evidence else None,
    )


def _page_type(examined: Examination, text: str, options: Options) -> PageType:
    """The type of the page.

    Raises:
        PageRejected: when it is no article; ``scripted`` where it has no text, and scripts build it.
    """
    labelled, metadata, url = examined.labelled, examined.metadata, examined.page.url
    try:
        return classify.classify_page(labelled, metadata, url, text, options, rules=examined.rules)
    except PageRejected as error:
        sign = find_sign(examined.tree, None) if error.reason == Reason.NO_TEXT else None
        if sign not in WITHOUT_TEXT:
            raise
        detail = f"{error.detail}; scripts build the page ({sign.replace('_', ' ')})"
        raise PageRejected(Stage.BODY, Reason.SCRIPTED, detail) from None


def _checked_confidence(text: TextView, options: Options) -> float:
    """The confidence in a text.

    Raises:
        PageRejected: stage ``body``, ``unsure``, below ``options.min_confidence``.
    """
    confidence = text_confidence(text)
    if confidence < options.min_confidence:
        detail = (
            f"{confidence:.0%} sure that the text is whole and clean; at least {options.min_confidence:.0%} is wanted"
        )
        raise PageRejected(Stage.BODY, Reason.UNSURE, detail)
    return confidence


def declared_text(labelled: LabelledPage, metadata: Metadata) -> str | None:
    """The text in JSON-LD where the visible page does not show it; None where it does, or where there is none.

    On pages that are built by script the text is only there: the articleBody, or the entries of a live blog. The
    declared text must be a whole article, much longer than the visible text, and not behind a paywall.
    """
    if metadata.free_access is False:
        return None
    listed = (part for entry in metadata.updates for part in (entry.title, entry.text) if part)
    text = metadata.article_body or "\n".join(listed)
    shown = sum(len(block.text) for block in labelled.body)
    return text if len(text) >= MIN_DECLARED_CHARS and shown < SHOWN_SHARE * len(text) else None


def _declared_link(key: str, examined: Examination) -> str | None:
    """The URL to which a key of the site's rules leads; None where it leads nowhere, or to the page itself."""
    links = (places.link(key, examined.tree) for places in reversed(examined.places))
    reference = next((link for link in links if link), None)
    url = resolve_url(examined.page.url, reference) if reference else None
    here = examined.page.url
    is_onward = url is not None and url.partition("#")[0] != here.partition("#")[0]
    return url if url and is_onward and registrable_domain(url) == registrable_domain(here) else None
