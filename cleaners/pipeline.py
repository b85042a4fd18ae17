"""clean(): the whole story on one screen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from lxml.html import HtmlElement

from cleaners import images, metadata, pagetype, visible
from cleaners.blocks import Block, split
from cleaners.body import kept_text
from cleaners.decode import decode
from cleaners.identity import article_id
from cleaners.labels import label
from cleaners.labels.view import Kept, View
from cleaners.language import language
from cleaners.options import DEFAULT, Options
from cleaners.parse import parse
from cleaners.types import Article, Html, Label, Metadata, Page, Refused, Rejection, Removal
from cleaners.version import CLEANER, SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """Everything cleaning learnt of a page, for a person or a program that wants to look inside."""

    page: Page
    """Its ``url`` is the page's own address where a file gave none."""
    html: Html
    tree: HtmlElement
    view: View
    labels: tuple[Label, ...]
    """One a block of ``view.blocks``."""
    region: range
    """Indexes of the blocks in and near the article."""
    metadata: Metadata
    """Head and visible page together."""


def clean(page: Page, options: Options = DEFAULT) -> Article | Rejection:
    """Turn one fetched page into an article, or say which stage refused it and why.

    Pure: no network, no clock, no state between pages.
    """
    try:
        return article(examine(page, options), options)
    except Refused as refused:
        return rejection(page, refused)


def rejection(page: Page, refused: Refused) -> Rejection:
    """A refusal as data."""
    return Rejection(url=page.url, stage=refused.stage, reason=refused.reason, detail=refused.detail, fetched_at=_iso(page.fetched_at))


def examine(page: Page, options: Options = DEFAULT) -> Examination:
    """Decode, parse, split and label one page.

    Raises:
        Refused: from decoding or parsing.
    """
    html = decode(page, options)
    tree = parse(html, options)
    page = replace(page, url=metadata.address(tree, page.url))
    blocks = split(tree)
    declared = metadata.read(tree, page)
    view = View(blocks, kept_text(tree, blocks, page.url), declared, page.url)
    labels = label(view)
    region = article_region(view, labels)
    return Examination(
        page=page, html=html, tree=tree, view=view, labels=labels, region=region, metadata=_completed(declared, view, labels, region, tree, page)
    )


def _completed(declared: Metadata, view: View, labels: tuple[Label, ...], region: range, tree: HtmlElement, page: Page) -> Metadata:
    found = visible.complete(declared, view, labels, region, tree, page)
    return replace(found, images=images.images(found.images, view.blocks, labels, region, page.url))


def article(seen: Examination, options: Options = DEFAULT) -> Article:
    """Write the record of an examined page.

    Raises:
        Refused: when the page is no article.
    """
    page, view, labels, known = seen.page, seen.view, seen.labels, seen.metadata
    pagetype.refuse_other(view, labels, known, page.url, options)
    text = "\n".join(block.text for block in view.blocks if labels[block.index].is_body)
    standfirst = " ".join(block.text for block in visible.of_kind("standfirst", view, labels, seen.region))
    return Article(
        id=article_id(page.url, known.canonical_url),
        url=page.url,
        canonical_url=known.canonical_url,
        title=known.title,
        description=standfirst or known.description,
        text=text,
        authors=known.authors,
        published=known.published,
        modified=known.modified,
        language=language(text, known.language),
        site_name=known.site_name,
        section=known.section,
        tags=known.tags,
        images=known.images,
        credit=visible.credit(view, labels, seen.region),
        related=visible.related(view, labels, seen.region, page.url),
        removed=tuple(removals(view.blocks, labels, seen.region)),
        free_access=known.free_access,
        page_count=1,
        fetched_at=_iso(page.fetched_at),
        source=page.source,
        cleaner=CLEANER,
        schema_version=SCHEMA_VERSION,
    )


FURNITURE = ("class:navigation", "tag:furniture")
"""Rules whose blocks, two in a row, begin the page's footer or its menus; one alone is a pager."""

BEFORE = 3
"""Blocks before the headline that still count as near: breadcrumb, kicker, label."""

NEAR = 40
"""Blocks after the container that still count as near, up to the first navigation: related boxes, promos and bios stand there."""


def article_region(view: View, labels: tuple[Label, ...]) -> range:
    """Blocks from the headline, or the first body block, to a little after the last block of the container."""
    body = [index for index, found in enumerate(labels) if found.is_body]
    if not body:
        return range(0)
    title = view.title_index
    start = max(0, (min(body[0], title) if title is not None else body[0]) - BEFORE)
    stop = inner = max(body[-1], view.span[1]) + 1
    while stop < min(len(labels), inner + NEAR) and not all(found.rule in FURNITURE for found in labels[stop : stop + 2]):
        stop += 1
    return range(start, stop)


def removals(blocks: tuple[Block, ...], labels: tuple[Label, ...], region: range) -> list[Removal]:
    """The removal ledger: each non-body block of the region, page order."""
    return [
        Removal(kind=labels[i].kind, text=blocks[i].text, path=blocks[i].path, rule=labels[i].rule, score=labels[i].score)
        for i in region
        if not labels[i].is_body
    ]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
