"""The features of the confidence model: what cleaning knows of a text, as numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, log1p

import numpy as np
from numpy.typing import NDArray

from cleaners.blocks.measures import LINE, PARAGRAPH, is_prose
from cleaners.blocks.segment import Block
from cleaners.labels.labelled_page import LabelledPage
from cleaners.labels.model import authority
from cleaners.labels.rules import registry
from cleaners.labels.rules.rule import Authority
from cleaners.metadata.jsonld import DECLARED, LIVE_BLOG
from cleaners.pagetype.prose import is_headed
from cleaners.site.rules import SITE_RULE_PREFIX
from cleaners.text.normalise import match_key
from cleaners.types import BlockKind, Label, Metadata

LEAST = 0.01
"""Smallest probability whose logarithm is taken: a single block is not to hide all others."""

SURE = (0.1, 0.9)
"""Probabilities of a block between which the model is in doubt."""

MAX_DECLARED_CHARS = 100_000
"""Characters of a declared text that are compared. The longest of 4,503 development pages has 39,780."""

TOLERANCE = 0.04
"""Share of wrong characters with which a text is still ready: F1 of .98 where all of them are missing or too many."""
LARGE = 0.02
"""Share of a text from which a block alone can make it not ready."""
MIN_DEVIATION = 0.005

UNSPACED = range(0x2E80, 0xFB00)
"""Ideographs and kana."""

COUNTED = (
    BlockKind.CAPTION,
    BlockKind.STANDFIRST,
    BlockKind.RELATED,
    BlockKind.PROMO,
    BlockKind.AUTHOR_BIO,
    BlockKind.FACT_BOX,
    BlockKind.COMMENTS,
    BlockKind.PULL_QUOTE,
    BlockKind.PAYWALL,
    BlockKind.OTHER,
)
"""Kinds whose share of the text's neighbourhood is a feature."""

NAMES = (
    "doubt_inside",
    "doubt_outside",
    "doubt_of_policy",
    "least_inside",
    "most_outside",
    "unsure_blocks",
    "log_likelihood",
    "wrong_lines",
    "changed_share",
    "restored_share",
    "log_likelihood_of_large",
    "largest_doubt",
    "tolerance",
    "size",
    "blocks",
    "paragraphs",
    "longest_share",
    "short_share",
    "link_share",
    "list_share",
    "subhead_share",
    "quote_share",
    "row_share",
    "kept_share",
    "kept_outside",
    "kept_overlap",
    "prose_outside",
    "largest_gap",
    "repeated_share",
    "in_container",
    "outside_story",
    "declared_overlap",
    "declared_size",
    "is_declared_text",
    "described_inside",
    "headed",
    "title_distance",
    "page_score",
    "declared",
    "published",
    "authors",
    "cut",
    "live_blog",
    "unspaced_share",
    "first_probability",
    "first_size",
    "last_probability",
    "last_size",
    "ends_sentence",
    *(f"{kind}_inside" for kind in COUNTED),
    *(f"{kind}_after" for kind in COUNTED[:6]),
)
"""Names of the columns, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextView:
    """A text, and the page that it is from."""

    labelled: LabelledPage
    metadata: Metadata
    text: str
    page_type_score: float
    """Probability that the page is an article, 0 to 1."""


def text_features(view: TextView) -> NDArray[np.float32]:
    """The features of a text: an array of shape (1, len(NAMES))."""
    labelled, metadata = view.labelled, view.metadata
    page, body = labelled.view, labelled.body
    size = max(1, sum(block.weight for block in body))
    values = (
        *_doubts(labelled, size),
        *_shape(body, size),
        *_neighbourhood(labelled, size),
        *_declared(view.text, metadata, shown="\n".join(block.text for block in body)),
        bool(metadata.description) and page.description_key[:LINE] in match_key(view.text[:MAX_DECLARED_CHARS]),
        is_headed(page),
        -1 if page.title_index is None else page.first_evidence - page.title_index,
        view.page_type_score,
        bool(metadata.types & DECLARED),
        bool(metadata.published),
        len(metadata.authors),
        metadata.free_access is False,
        LIVE_BLOG in metadata.types,
        sum(ord(letter) in UNSPACED for letter in view.text[:500]) / max(1, len(view.text[:500])),
        *_ends(labelled),
        *_kinds(labelled, size),
    )
    return np.array([values], dtype=np.float32)


def _doubts(labelled: LabelledPage, size: int) -> Iterable[float]:
    """What the block model says of its own decisions."""
    inside, outside, policy, likelihood, of_large, wrong, unsure = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0
    least, most, largest, mean, variance = 1.0, 0.0, 0.0, 0.0, 0.0
    changed = restored = 0
    for block, label in zip(labelled.view.blocks, labelled.labels, strict=True):
        p = label.probability
        if p is None or _is_by_site(label):
            continue
        if label.rule == registry.MODEL.name:
            changed += block.weight
            restored += block.weight if label.is_body else 0
        if label.is_body:
            inside += block.weight * (1 - p)
            least = min(least, p)
        elif authority(label) is Authority.POLICY:
            policy += block.weight * p
            continue
        else:
            outside += block.weight * p
            most = max(most, p)
        right = p if label.is_body else 1 - p
        share = block.weight / size
        mean += share * (1 - right)
        variance += share * share * right * (1 - right)
        largest = max(largest, share * (1 - right))
        likelihood += log(max(LEAST, right))
        of_large += log(max(LEAST, right)) if share >= LARGE else 0.0
        wrong += 1 - right
        unsure += SURE[0] < p < SURE[1]
    return (
        inside / size,
        outside / size,
        policy / size,
        least,
        most,
        unsure,
        likelihood,
        wrong,
        changed / size,
        restored / size,
        of_large,
        largest,
        (TOLERANCE - mean) / max(MIN_DEVIATION, variance**0.5),
    )


def _shape(body: Sequence[Block], size: int) -> Iterable[float]:
    """How the text is put together."""
    return (
        log1p(size),
        len(body),
        sum(block.weight >= PARAGRAPH for block in body),
        max((block.weight for block in body), default=0) / size,
        sum(block.weight for block in body if block.weight < LINE) / size,
        sum(block.weight * block.link_share for block in body) / size,
    )


def _neighbourhood(labelled: LabelledPage, size: int) -> Iterable[float]:
    """What trafilatura kept, what the story step chose, and what prose is not in the text."""
    page, body = labelled.view, labelled.body
    mine = {block.index for block in body}
    shares = page.kept_shares
    by_kind: Counter[BlockKind] = Counter()
    for block in body:
        by_kind[labelled.labels[block.index].kind] += block.weight
    others = [b for b in page.blocks if b.index not in mine and not _is_by_site(labelled.labels[b.index])]
    kept_inside = sum(shares[block.index] * block.weight for block in body)
    kept_outside = sum(shares[block.index] * block.weight for block in others)
    gaps = [later.index - block.index for block, later in pairwise(body)]
    return (
        by_kind[BlockKind.LIST_ITEM] / size,
        by_kind[BlockKind.SUBHEAD] / size,
        by_kind[BlockKind.QUOTE] / size,
        (by_kind[BlockKind.TABLE_ROW] + by_kind[BlockKind.EMBED]) / size,
        kept_inside / size,
        kept_outside / size,
        2 * kept_inside / (size + kept_inside + kept_outside),
        sum(block.weight for block in others if is_prose(block)) / size,
        max(gaps, default=0),
        sum(block.weight for block in body if page.repeats[block.key] > 1) / size,
        sum(block.weight for block in body if page.is_in_container(block)) / size,
        len(page.story.outside),
    )


def _declared(text: str, metadata: Metadata, *, shown: str) -> Iterable[float]:
    """The words in common with the declared text (Dice coefficient), -1 without one; the ratio of their sizes."""
    declared = (metadata.article_body or "")[:MAX_DECLARED_CHARS]
    if len(declared) < PARAGRAPH:
        return -1.0, -1.0, text != shown
    ours, theirs = Counter(text.split()), Counter(declared.split())
    return (
        2 * (ours & theirs).total() / max(1, ours.total() + theirs.total()),
        len(declared) / max(1, len(text)),
        text != shown,
    )


def _is_by_site(label: Label) -> bool:
    """True for what the site's rules take out: the user knows the site, so that is no reason for doubt."""
    return not label.is_body and label.rule.startswith(SITE_RULE_PREFIX)


def _ends(labelled: LabelledPage) -> Iterable[float]:
    """The first block, where a standfirst or a caption would be; the last one, where a bio or a prompt would be."""
    if not labelled.body:
        return 0.0, 0.0, 0.0, 0.0, False
    first, last = labelled.body[0], labelled.body[-1]
    probabilities = [labelled.labels[block.index].probability for block in (first, last)]
    before, after = (1.0 if p is None else p for p in probabilities)
    return before, first.weight, after, last.weight, is_prose(last)


def _kinds(labelled: LabelledPage, size: int) -> Iterable[float]:
    """The size of what was removed between the lines of the text, and of what was removed below it, by kind."""
    inside: Counter[BlockKind] = Counter()
    after: Counter[BlockKind] = Counter()
    last = labelled.body[-1].index if labelled.body else -1
    first = labelled.body[0].index if labelled.body else 0
    label: Label
    for block, label in labelled.near():
        if not label.is_body and block.index > first and not _is_by_site(label):
            (inside if block.index < last else after)[label.kind] += block.weight
    return (*(inside[kind] / size for kind in COUNTED), *(after[kind] / size for kind in COUNTED[:6]))
