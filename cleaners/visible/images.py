"""The article's pictures with caption and credit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from cleaners.blocks.scope import Scope, common_scope
from cleaners.blocks.segment import Block
from cleaners.labels.labelled_page import LabelledPage
from cleaners.text.normalise import normalise
from cleaners.types import BlockKind, Image
from cleaners.urls.resolve import resolve_url

SOURCES = ("data-src", "data-original", "data-lazy-src", "src")
"""Attributes that hold a picture's URL. Those of lazy loading come first: the ``src`` is then a placeholder."""

CREDIT_TAIL = re.compile(
    r"\s{0,9}(?:[\[(](?P<bracketed>[^\[\]()]{2,80})[\])]\s*\.?|(?:^|(?<=[.!?…»”\"。]) ?)(?:photo(?:graph)?s?|picture|"
    r"image|credits?|foto|bild|crédit photo|crédito|фото|图片?来源|صورة)(?: credit| by|"
    r" courtesy of)? ?[:：/] ?(?P<named>.{2,80})|(?:^| )(?:©|\(c\)) ?(?P<marked>.{2,80}))$",
    re.IGNORECASE,
)
"""A credit at the end of a caption: in brackets, after 'Photo:', or after a copyright sign."""

PHOTOGRAPHER = re.compile(r"(?:(?<=[\s。，！？.!?])|^)(?P<name>[\u4e00-\u9fff]{2,4})\s*(?:摄|/摄|供图)[。.]?$")
"""A photographer at the end of a Chinese caption."""

CREDIT_HEAD = re.compile(
    r"^(?:photo(?:graph)?s?|picture|image|credits?|foto|bild|crédit|source)(?: credit| by| courtesy of)? ?[:：] ?|"
    r"^(?:©|\(c\)) ?",
    re.IGNORECASE,
)

MAX_LEAD_ELEMENTS = 2_000
"""Most elements that are searched for a picture between headline and text; there are tens."""

NEIGHBOURS = 6
"""Captions and credits on each side of a caption that may belong to the same picture."""

MAX_PICTURES = 2
"""Most pictures in a frame: the picture, and its copy for noscript or zoom."""

CREDIT_TAGS = ("small", "cite", "i", "em")
"""Elements that mark a credit when they end a caption."""

CREDIT_CLASS = re.compile(
    r"\b(?:\w*(?:credit|copyright|photographer|source|author|agency)\w*|cred|cr|by|photog)\b", re.IGNORECASE
)
"""Class names of credits inside a caption."""

MAX_CAPTION_ELEMENTS = 100
"""Most elements of a caption that are checked; captions have a handful."""

PHOTOGRAPHED = re.compile(r"\s{0,9}(?:/?摄|供图)$")
"""'Photo by' and 'picture provided by' in Chinese, after the name."""


def images(declared: Sequence[Image], labelled: LabelledPage, base: str) -> tuple[Image, ...]:
    """The declared lead picture, then pictures with a caption in the region, each URL once."""
    featured = () if declared else _featured(labelled, base)  # a declared one is the same picture in another size
    shown = [*featured, *_shown(labelled, base)]
    lead = [image for image in declared if not any(_is_same(image.url, other.url) for other in shown)]
    images_by_url: dict[str, Image] = {}
    for image in [*_led(declared, shown), *lead, *shown]:
        images_by_url.setdefault(image.url, image)
    return tuple(images_by_url.values())


def _featured(labelled: LabelledPage, base: str) -> Iterable[Image]:
    """The picture of a figure without caption between headline and text; :func:`_shown` finds those with a caption."""
    view = labelled.view
    if view.title_index is None or not labelled.body:
        return
    home = common_scope(view.blocks[view.title_index].block_scope, labelled.body[0].block_scope)
    top, bottom = view.blocks[view.title_index].block_scope.element, labelled.body[0].block_scope.element
    is_below = False
    for element in islice(home.element.iter(), MAX_LEAD_ELEMENTS):
        is_below = is_below or element is top
        if element is bottom:
            return
        if is_below and element.tag == "figure" and element.find(".//figcaption") is None:
            url = _picture_url(element, base)
            if url:
                yield Image(url=url)
            return


def _led(declared: Sequence[Image], shown: Iterable[Image]) -> list[Image]:
    """The first visible picture that is the same as a declared one; empty when there is none."""
    return [image for image in shown if any(_is_same(image.url, other.url) for other in declared)][:1]


def _is_same(a: str, b: str) -> bool:
    """True for two URLs of one picture: they differ only in the query, which holds the size."""
    first, second = urlsplit(a), urlsplit(b)
    return (first.hostname, first.path) == (second.hostname, second.path)


def _shown(labelled: LabelledPage, base: str) -> Iterable[Image]:
    done: set[int] = set()
    picture_counts: dict[Scope, int] = {}
    texts = list(labelled.of_kind(BlockKind.CAPTION, BlockKind.CREDIT))
    for position, block in enumerate(texts):
        if labelled.labels[block.index].kind is not BlockKind.CAPTION:
            continue
        frame = _frame(block.scope, picture_counts)
        if frame is None or id(frame) in done:
            continue
        done.add(id(frame))
        url = _picture_url(frame.element, base)
        if url:
            near = texts[max(0, position - NEIGHBOURS) : position + NEIGHBOURS]
            yield Image(url=url, **_caption([other for other in near if other.scope.is_within(frame)], labelled))


def _frame(scope: Scope, picture_counts: dict[Scope, int]) -> Scope | None:
    """The innermost ancestor with a picture: a figure, or the box of picture and caption in old templates.

    None when it has more than ``MAX_PICTURES``. ``picture_counts`` caches the number of pictures in each scope, counted
    up to just above that limit: thousands of captions may be in one scope.
    """
    for outer in scope.chain():
        if outer not in picture_counts:
            picture_counts[outer] = sum(1 for _ in islice(outer.element.iter("img"), MAX_PICTURES + 1))
        if picture_counts[outer]:
            return outer if picture_counts[outer] <= MAX_PICTURES else None
    return None


def _picture_url(element: HtmlElement, base: str) -> str | None:
    for picture in element.iter("img"):
        for name in SOURCES:
            value = picture.get(name) or ""
            if value and not value.startswith("data:"):
                return resolve_url(base, value)
    return None


def _caption(blocks: Sequence[Block], labelled: LabelledPage) -> dict[str, str | None]:
    """Caption and credit, from the texts of a picture."""
    captions, credit = [], None
    for block in blocks:
        text, inner = block.text, _inner_credit(block)
        if labelled.labels[block.index].kind is BlockKind.CREDIT or inner == text:
            credit = credit or _bare(text)
            continue
        if inner and text.endswith(inner):
            text, credit = text[: -len(inner)].rstrip(" |–—-/"), credit or _bare(inner)
        elif match := CREDIT_TAIL.search(text) or PHOTOGRAPHER.search(text):
            credit = credit or _bare(next(group for group in match.groups() if group))
            text = text[: match.start()].rstrip()
        if text:
            captions.append(text)
    return {"caption": " ".join(dict.fromkeys(captions)) or None, "credit": credit or None}


def _inner_credit(block: Block) -> str | None:
    """Text of an element classed as credit inside the caption's element."""
    for element in islice(block.block_scope.element.iter(), MAX_CAPTION_ELEMENTS):
        names = (element.get("class") or "") + " " + (element.get("itemprop") or "")
        if CREDIT_CLASS.search(names) or (
            element.tag in CREDIT_TAGS and element.getnext() is None and not (element.tail or "").strip()
        ):
            return normalise(" ".join(element.itertext())) or None
    return None


def _bare(credit: str) -> str:
    return PHOTOGRAPHED.sub("", CREDIT_HEAD.sub("", credit.strip(" []()|")).strip(" []()|"))
