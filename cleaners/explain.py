"""The result of cleaning a page and the reasons for it, as data. The caller decides how to show it."""

from __future__ import annotations

from dataclasses import dataclass

from cleaners.blocks.paths import ElementPaths
from cleaners.context import DEFAULT, CleanContext
from cleaners.labels.model import authority
from cleaners.labels.rules.rule import Authority
from cleaners.metadata.evidence import conflicts
from cleaners.pagetype import classify
from cleaners.pagetype.classify import PageType
from cleaners.pipeline import Examination, examine
from cleaners.rejection import rejection
from cleaners.types import Evidence, Label, Page, PageRejected, Rejection


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockDecision:
    """One block of the page and its label."""

    text: str
    path: str
    """XPath of the block's element."""
    label: Label
    authority: Authority
    """Whether the model could have overruled the rule."""
    is_near: bool
    """True in the article's region: its blocks that are not body are in the removal ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Every decision about one page."""

    url: str
    rejection: Rejection | None = None
    """Why the page is no article; None where it is one."""
    encoding: str | None = None
    """Python codec that decoded the page; None where it was not decoded."""
    encoding_evidence: str | None = None
    """How the encoding was found, as in :class:`cleaners.types.Html`."""
    page_type: PageType | None = None
    """Type and probability of the article; None on a rejection."""
    evidence: tuple[Evidence, ...] = ()
    """Where each metadata value came from."""
    conflicts: tuple[str, ...] = ()
    """Fields for which sources differ."""
    blocks: tuple[BlockDecision, ...] = ()
    """All blocks, in page order."""


def explain(page: Page, context: CleanContext = DEFAULT) -> Explanation:
    """Clean a page and return every decision."""
    try:
        examined = examine(page, context)
    except PageRejected as error:
        return Explanation(url=page.url, rejection=rejection(error, page))
    rejected = page_type = None
    url = examined.page.url
    try:
        page_type = classify.classify_page(
            examined.labelled, examined.metadata, url, examined.text, context.options, rules=examined.rules
        )
    except PageRejected as error:
        rejected = rejection(error, examined.page)
    evidence = examined.evidence
    return Explanation(
        url=url,
        rejection=rejected,
        encoding=examined.html.encoding,
        encoding_evidence=examined.html.evidence,
        page_type=page_type,
        evidence=evidence,
        conflicts=conflicts(evidence),
        blocks=_decisions(examined),
    )


def _decisions(examined: Examination) -> tuple[BlockDecision, ...]:
    labelled, paths = examined.labelled, ElementPaths()
    return tuple(
        BlockDecision(
            text=block.text,
            path=paths.path(block.block_scope.element),
            label=label,
            authority=authority(label),
            is_near=block.index in labelled.region,
        )
        for block, label in zip(labelled.view.blocks, labelled.labels, strict=True)
    )
