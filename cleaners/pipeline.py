"""clean(): the whole story on one screen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from cleaners.blocks.segment import split
from cleaners.extraction.extractor import kept_text
from cleaners.html.decode import decode
from cleaners.html.parse import parse
from cleaners.labels import label
from cleaners.labels.labelled_page import Labelled
from cleaners.labels.page_view import View
from cleaners.metadata import declared
from cleaners.metadata.evidence import weigh
from cleaners.options import DEFAULT, Options
from cleaners.pagetype import classify
from cleaners.record.version import CLEANER, SCHEMA_VERSION
from cleaners.text.language import language
from cleaners.types import Article, Evidence, Html, Metadata, Page, Refused, Rejection, Removal
from cleaners.urls import resolve
from cleaners.urls.identity import article_id
from cleaners.visible import fields, images


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """Everything cleaning learnt of a page, for a person or a program that wants to look inside."""

    page: Page
    """Its ``url`` is the page's own address where a file gave none."""
    html: Html
    tree: HtmlElement
    labelled: Labelled
    metadata: Metadata
    """Head and visible page together."""

    @property
    def text(self) -> str:
        """The article's text: the body blocks, one a line, or what JSON-LD declares where the page does not show it."""
        return declared_text(self.labelled, self.metadata) or "\n".join(block.text for block in self.labelled.body)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Where each metadata value came from, and which sources say otherwise."""
        return weigh(self.metadata, declared.said(self.tree, self.page))


def clean(page: Page, options: Options = DEFAULT) -> Article | Rejection:
    """Turn one fetched page into an article, or say which stage refused it and why.

    Pure: no network, no clock, no state between pages.
    """
    try:
        return article(examine(page, options), options)
    except Refused as refused:
        return refused.rejection(page)


def examine(page: Page, options: Options = DEFAULT) -> Examination:
    """Decode, parse, split and label one page.

    Raises:
        Refused: from decoding or parsing.
    """
    page, html, tree, view = _viewed(page, options)
    labelled = Labelled.of(view, label(view, options.focus))
    known = fields.complete(view.metadata, labelled, tree, page)
    known = replace(known, images=images.images(known.images, labelled, page.url))
    return Examination(page=page, html=html, tree=tree, labelled=labelled, metadata=known)


def viewed(page: Page, options: Options = DEFAULT) -> View:
    """One page as the labeller sees it, before anything is labelled.

    Raises:
        Refused: from decoding or parsing.
    """
    return _viewed(page, options)[-1]


def _viewed(page: Page, options: Options) -> tuple[Page, Html, HtmlElement, View]:
    resolve.check(page.url)
    html = decode(page, options)
    tree = parse(html, options)
    page = replace(page, url=resolve.own(tree, page.url))
    blocks = split(tree)
    view = View(blocks, kept_text(tree, blocks, page.url), declared.read(tree, page), page.url)
    return page, html, tree, view


def article(seen: Examination, options: Options = DEFAULT) -> Article:
    """Write the record of an examined page.

    Raises:
        Refused: when the page is no article.
    """
    page, known, labelled = seen.page, seen.metadata, seen.labelled
    text = seen.text
    page_type = classify.judge(labelled, known, page.url, text, options)
    standfirst = " ".join(block.text for block in labelled.of_kind("standfirst"))
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
        credit=fields.credit(labelled),
        related=fields.related(labelled, page.url),
        removed=removals(labelled),
        free_access=known.free_access,
        page_type=page_type.kind,
        page_type_score=page_type.score,
        page_count=1,
        fetched_at=page.fetched,
        source=page.source,
        cleaner=CLEANER,
        schema_version=SCHEMA_VERSION,
        evidence=seen.evidence if options.with_evidence else None,
    )


def declared_text(labelled: Labelled, known: Metadata) -> str | None:
    """The JSON-LD articleBody where the visible page does not hold it; None where it does, or where there is none.

    Sites that build the page by script leave the text there only. The declared text must be a whole article, much longer
    than what is shown, and not behind a paywall that the reader is to meet.
    """
    said = (known.article_body or "") if known.free_access is not False else ""
    shown = sum(len(block.text) for block in labelled.body)
    return said if len(said) >= LEAST_DECLARED and shown < SHOWN * len(said) else None


LEAST_DECLARED = 400
"""Characters of an articleBody that is a text, not a teaser."""
SHOWN = 0.5
"""Share of the declared text of which the page shows less when it does not show the article."""


def removals(labelled: Labelled) -> tuple[Removal, ...]:
    """The removal ledger: each non-body block of the region, page order."""
    return tuple(
        Removal(kind=label.kind, text=block.text, path=block.path, rule=label.rule, score=label.score)
        for block, label in labelled.near()
        if not label.is_body
    )
