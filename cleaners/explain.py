"""The result of cleaning a page and the reasons for it, as data. The caller decides how to show it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

from lxml.html import HtmlElement

from cleaners.blocks.paths import ElementPaths
from cleaners.blocks.scope import Scope
from cleaners.blocks.segment import Block
from cleaners.confidence import ConfidenceReason, TextView, confidence_reasons
from cleaners.context import DEFAULT, CleanContext
from cleaners.labels import label_by_rules
from cleaners.labels.boxes import LINES
from cleaners.labels.labelled_page import LabelledPage
from cleaners.labels.model import FeatureWeight, authority, weigh_features
from cleaners.labels.rules.rule import Authority
from cleaners.labels.story import Story
from cleaners.metadata.evidence import conflicts
from cleaners.pipeline import CleanedPage, Examination, examine, finish
from cleaners.rejection import rejection
from cleaners.text.normalise import normalise
from cleaners.types import Article, BlockKind, Evidence, Label, Page, PageRejected, Rejection, Removal

MOST_WEIGHED = 6
"""Features that are given for a block."""

PICTURES = ("img", "amp-img", "video", "audio", "iframe", "object")
"""Elements in whose place a box is shown."""

STRUCTURE = frozenset((
    "header", "nav", "main", "article", "section", "aside", "footer", "form", "figure", "table", "ul", "ol", "dl",
    "blockquote", "details", "dialog",
))  # fmt: skip
"""Elements that a reader sees as a unit (HTML Standard, 4.3 Sections and 4.4 Grouping content)."""

MAX_MARKUP = 120
"""Characters of the name of an element: utility classes make long lists."""

MOST_REASONS = 6
"""Reasons that are given for the confidence in a text."""

FIELDS: Mapping[BlockKind, str] = {
    BlockKind.TITLE: "title",
    BlockKind.STANDFIRST: "description",
    BlockKind.BYLINE: "authors",
    BlockKind.DATE: "published",
    BlockKind.CAPTION: "images",
    BlockKind.CREDIT: "credit",
    BlockKind.BREADCRUMB: "section",
    BlockKind.TAGS: "tags",
    BlockKind.FACT_BOX: "boxes",
}
"""The field of the record that blocks of a kind fill. The links of related stories are in ``related``, too; but they
are not of the article, so they count as left out."""


class BlockState(StrEnum):
    """What became of a block."""

    TEXT = "text"
    """It is in the text."""
    FIELD = "field"
    """A field of the record has what it says."""
    LEFT_OUT = "left_out"
    """It is no part of the article."""


class Frame(StrEnum):
    """What an element is to the labeller."""

    NONE = ""
    STORY = "story"
    """It holds most of the story (:mod:`cleaners.labels.story`)."""
    BOX = "box"
    """It is set apart from the story's column, and is decided as one (:mod:`cleaners.labels.boxes`)."""


class Element(NamedTuple):
    """An element around blocks."""

    tag: str
    frame: Frame


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
    tag: str
    """Tag of the block-level element that holds the block."""
    link_share: float
    """Share of the characters that are in links, 0 to 1."""
    within: tuple[int, ...] = ()
    """The elements around the block, outermost first: indexes of ``Explanation.elements``."""
    pictures: tuple[str, ...] = ()
    """Descriptions of the pictures and players between the block before and this one; empty text for one without."""
    weighed: tuple[FeatureWeight, ...] = ()
    """The features with the most weight in the model's decision, where they were requested and the model was used."""
    markup: str = ""
    """Its element as a selector would name it: tag and classes, such as ``p.note``."""
    field: str = ""
    """The field of the record that has what the block says; empty where none has."""

    @property
    def state(self) -> BlockState:
        """What became of it."""
        return BlockState.TEXT if self.label.is_body else BlockState.FIELD if self.field else BlockState.LEFT_OUT


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDecision:
    """Which story of the page is the article (:mod:`cleaners.labels.story`)."""

    headline: str
    """The heading that has the words of a declared title; empty where none has."""
    path: str
    """XPath of the element that holds most of the story; empty where there is none."""
    outside: tuple[tuple[str, int], ...]
    """Why blocks are outside of the story, in words, and how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Every decision about one page."""

    url: str
    rejection: Rejection | None = None
    """Why the page is no article; None where it is one."""
    article: Article | None = None
    """The record; None where the page is no article."""
    encoding: str | None = None
    """Python codec that decoded the page; None where it was not decoded."""
    encoding_evidence: str | None = None
    """How the encoding was found, as in :class:`cleaners.types.Html`."""
    evidence: tuple[Evidence, ...] = ()
    """Where each metadata value came from."""
    conflicts: tuple[str, ...] = ()
    """Fields for which sources differ."""
    story: StoryDecision | None = None
    """Which story is the article; None where the page was not segmented."""
    confidence: tuple[ConfidenceReason, ...] = ()
    """What moved the confidence in the text most, where the features were requested."""
    elements: tuple[Element, ...] = ()
    """The elements that hold blocks, of those in :data:`STRUCTURE` or with a frame."""
    blocks: tuple[BlockDecision, ...] = ()
    """All blocks, in page order."""


def explain(page: Page, context: CleanContext = DEFAULT, *, with_features: bool = False) -> Explanation:
    """Clean a page and return every decision.

    Args:
        page: the page.
        context: as for :func:`cleaners.clean`.
        with_features: True where the features that weighed most are wanted; takes several times as long.
    """
    try:
        examined = examine(page, context)
    except PageRejected as error:
        return Explanation(url=page.url, rejection=rejection(error, page))
    return explain_examined(examined, context, with_features=with_features)


def explain_examined(
    examined: Examination, context: CleanContext = DEFAULT, *, with_features: bool = False
) -> Explanation:
    """Every decision about an examined page; the arguments are those of :func:`explain`."""
    rejected = cleaned = None
    try:
        cleaned = finish(examined, context)
    except PageRejected as error:
        rejected = rejection(error, examined.page)
    view = examined.labelled.view
    weighed = weigh_features(label_by_rules(view, context.rules), view, MOST_WEIGHED) if with_features else {}
    evidence, article = examined.evidence, cleaned.article if cleaned else None
    elements, within = _structure(examined.labelled)
    return Explanation(
        url=examined.page.url,
        rejection=rejected,
        article=article,
        encoding=examined.html.encoding,
        encoding_evidence=examined.html.evidence,
        evidence=evidence,
        conflicts=conflicts(evidence),
        story=_story(view.story),
        confidence=_confidence(examined, article) if article and with_features else (),
        elements=elements,
        blocks=tuple(_decisions(examined, cleaned, within, weighed)),
    )


def _confidence(examined: Examination, article: Article) -> tuple[ConfidenceReason, ...]:
    view = TextView(
        labelled=examined.labelled,
        metadata=examined.metadata,
        text=examined.text,
        page_type_score=article.page_type_score,
    )
    return confidence_reasons(view, MOST_REASONS)


def _story(story: Story) -> StoryDecision:
    return StoryDecision(
        headline=story.headline.text if story.headline else "",
        path=ElementPaths().path(story.container.element) if story.container else "",
        outside=tuple(Counter(map(str, story.outside.values())).items()),
    )


def _decisions(
    examined: Examination,
    cleaned: CleanedPage | None,
    within: Sequence[tuple[int, ...]],
    weighed: Mapping[int, tuple[FeatureWeight, ...]],
) -> Iterator[BlockDecision]:
    labelled, paths = examined.labelled, ElementPaths()
    removed: Mapping[int, Removal] = cleaned.removed.by_block() if cleaned else {}
    filled = {field for field in FIELDS.values() if cleaned and getattr(cleaned.article, field)}
    pictures = _pictures(examined.tree, labelled.view.blocks)
    for block, label in zip(labelled.view.blocks, labelled.labels, strict=True):
        entry = removed.get(block.index)
        shown = label if entry is None else Label(kind=entry.kind, rule=entry.rule, score=entry.score)
        is_near, field = block.index in labelled.region, FIELDS.get(shown.kind, "")
        yield BlockDecision(
            text=block.text,
            path=paths.path(block.block_scope.element),
            label=shown,
            authority=authority(shown),
            is_near=is_near,
            tag=block.block_scope.tag,
            link_share=block.link_share,
            within=within[block.index],
            pictures=tuple(pictures.get(block.index, ())),
            weighed=weighed.get(block.index, ()),
            markup=".".join((block.block_scope.tag, *block.block_scope.class_names.split()))[:MAX_MARKUP],
            field=field if is_near and field in filled else "",
        )


def _structure(labelled: LabelledPage) -> tuple[tuple[Element, ...], list[tuple[int, ...]]]:
    """The elements that structure a page, and for each block the indexes of those around it."""
    frames = _frames(labelled)
    numbers: dict[Scope, int] = {}
    within = []
    for block in labelled.view.blocks:
        chain = [scope for scope in block.block_scope.chain() if scope.tag in STRUCTURE or scope in frames]
        within.append(tuple(numbers.setdefault(scope, len(numbers)) for scope in reversed(chain)))
    return tuple(Element(scope.tag, frames.get(scope, Frame.NONE)) for scope in numbers), within


def _frames(labelled: LabelledPage) -> dict[Scope, Frame]:
    """The boxes with several blocks in the article's region, and the element of the story."""
    view = labelled.view
    sizes = Counter(box for index in labelled.region if (box := view.boxes[index]) is not None)
    frames = {box: Frame.BOX for box, size in sizes.items() if size > 1 and box.tag not in LINES}
    return {**frames, view.story.container: Frame.STORY} if view.story.container else frames


def _pictures(tree: HtmlElement, blocks: Sequence[Block]) -> dict[int, list[str]]:
    """The descriptions of the pictures before each block, by its index; of a page without blocks none."""
    order = {element: number for number, element in enumerate(tree.iter())}
    places = list(accumulate((order.get(block.scope.element, 0) for block in blocks), max))
    descriptions = defaultdict[int, list[str]](list)
    for element in tree.iter(*PICTURES):
        index = bisect_left(places, order[element])
        if index < len(places):
            descriptions[index].append(normalise(element.get("alt") or element.get("title") or ""))
    return descriptions
