"""The features of the page-type model.

They describe the order of a page's text and links, and the type that it declares.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from cleaners.blocks.measures import PARAGRAPH
from cleaners.labels.labelled_page import LabelledPage
from cleaners.metadata.jsonld import DECLARED, LISTING_TYPES, LIVE_BLOG
from cleaners.pagetype.prose import is_headed, is_headline, runs
from cleaners.types import Metadata
from cleaners.urls.resolve import is_front_page

NAMES = (
    "declared",
    "declared_listing",
    "front_page",
    "headlines",
    "boxed_headlines",
    "near_headlines",
    "run",
    "prose",
    "blurbs",
    "run_share",
    "text",
    "blocks_of_text",
    "text_share",
    "link_share",
    "text_link_share",
    "longest",
    "paragraphs",
    "levels",
    "name_length",
    "name_words",
    "digits",
    "published",
    "modified",
    "authors",
    "described",
    "headed",
    "title_distance",
    "title_weight",
    "title_h1",
    "blocks",
    "live_blog",
    "video",
    "article_body",
    "last_text",
    "spread",
)
"""Names of the columns, in order."""


def page_features(labelled: LabelledPage, metadata: Metadata, url: str) -> NDArray[np.float32]:
    """The features of a page: an array of shape (1, len(NAMES))."""
    view = labelled.view
    blocks, title = view.blocks, view.title_index
    headlines = [b for b in blocks if is_headline(b)]
    free = [b for b in headlines if view.link_box(b) not in {"related", "most_read"}]
    run, prose, blurbs = runs(view, free)
    body = labelled.body
    size = sum(b.weight for b in body)
    total = max(1, sum(b.weight for b in blocks))
    path = urlsplit(url).path.strip("/")
    name = path.rsplit("/", 1)[-1]
    values = (
        bool(metadata.types & DECLARED),
        bool(metadata.types & LISTING_TYPES),
        is_front_page(url),
        len(headlines),
        len(headlines) - len(free),
        sum(b.index in labelled.region for b in headlines),
        run,
        prose,
        blurbs,
        run / max(1, prose),
        size,
        len(body),
        size / total,
        sum(b.weight * b.link_share for b in blocks) / total,
        sum(b.weight * b.link_share for b in body) / max(1, size),
        max((b.weight for b in body), default=0),
        sum(b.weight >= PARAGRAPH for b in body),
        path.count("/"),
        len(name),
        name.count("-") + name.count("_"),
        sum(map(str.isdigit, path)),
        bool(metadata.published),
        bool(metadata.modified),
        len(metadata.authors),
        bool(metadata.description),
        is_headed(view),
        -1 if title is None else view.first_evidence - title,
        0 if title is None else blocks[title].weight,
        title is not None and "h1" in blocks[title].scope.flags,
        len(blocks),
        LIVE_BLOG in metadata.types,
        "videoobject" in metadata.types,
        len(metadata.article_body or ""),
        body[-1].index / len(blocks) if body else 0,
        (body[-1].index - body[0].index + 1) / len(body) if body else 0,
    )
    return np.array([values], dtype=np.float32)
