"""The authors in the visible bylines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cleaners.blocks.scope import Scope
from cleaners.blocks.segment import Block
from cleaners.labels.labelled_page import LabelledPage
from cleaners.metadata.declared import fill_missing
from cleaners.metadata.names import BY, JOB, split_authors
from cleaners.metadata.outlet import DESK, Outlet
from cleaners.text.normalise import match_key, normalise
from cleaners.types import BlockKind, Metadata
from cleaners.visible.furniture import Furniture

LINES = (BlockKind.BYLINE, BlockKind.DATE)
"""Kinds of lines that may name the authors."""

MOSTLY_LINK = 0.9
"""Share of link text from which a line of a biography is a link to the author's page."""

MAX_BYLINE_CHARS = 150
"""Characters from which a text that begins with 'By' is prose, as of the lines that show a date."""

MAX_AUTHORS = 8
"""Most names taken from bylines."""

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? "
WHEN = re.compile(
    rf"\s{{0,9}}(?:[|•·–—-]\s{{0,9}})?(?:\b(?:on|at|published|updated|posted)\b|\b\w+day,|(?:\b{MONTH})?\d).*",
    re.IGNORECASE | re.DOTALL,
)
"""The date part of a byline, up to its end."""

OTHER_LABEL = re.compile(
    r"(?:(?:in|on|at|categor(?:y|ies)|section|kategorie|rubrik|ressort|rubrique|categor[ií]a|sección|tags?|tagged|topics?|"
    r"date|datum|updated?|posted|published|comments?|views?|分类|栏目|标签|日期|时间)\s?[:：]|"
    r"(?:posted|filed|published) (?:in|under|on)\b)",
    re.IGNORECASE,
)
"""Start of a line beside a byline that names something else: ``In: Town``."""

OTHER_PART = re.compile(r"[\s|•·]{1,4}(?:In|IN|in)(?:\s?:\s?|\s)(?=[^\Wa-z\d_]).{0,60}$")
"""The place or the section at the end of a byline: ``By Mara Dell in Town``."""

AUTHOR_WORDS = re.compile(r"author|byline|by-line|byl\b|writer|reporter|vcard|\bfn\b", re.IGNORECASE)
"""Words of classes, ids and paths that name a writer."""

MAKER = re.compile(r"(?:proudly )?(?:powered|built|made|published|generated) (?:by|with|using)\b", re.IGNORECASE)
"""Start of the line that names a site's software."""

WHOLE_NAME = re.compile(r"[^\Wa-z\d_]\S{0,40}(?: \S{1,40}){1,3}$|[\u4e00-\u9fff]{2,4}$")
"""A name of two to four words, or a Chinese one."""

INLINE_AUTHOR = re.compile(r"(?:作者|记者|文)\s*[：:]\s*([^\s|：:，,。]{2,12})")
"""The author inside a Chinese date line."""


def prefer_shown_authors(metadata: Metadata, labelled: LabelledPage, own: Furniture) -> Metadata:
    """The metadata with the shown authors where the head declares none, or only a desk or the outlet itself."""
    outlet = Outlet.of(metadata.site_name, labelled.view.url)
    shown = tuple(name for name in shown_authors(labelled, own) if name not in outlet)
    if shown and all(DESK.search(name) or name in outlet for name in metadata.authors):
        metadata = replace(metadata, authors=())
    metadata = replace(metadata, authors=_joint_authors(metadata.authors, labelled, own) or metadata.authors)
    return fill_missing(metadata, authors=shown)


def _joint_authors(declared: tuple[str, ...], labelled: LabelledPage, own: Furniture) -> tuple[str, ...]:
    """The names of a byline above the text that has all declared authors and others, which are whole names."""
    keys = {match_key(name) for name in declared}
    first = labelled.body[0].index if labelled.body else 0
    lines = [block for block, label in own if label.kind is BlockKind.BYLINE and block.index < first]
    for block in lines if keys else ():
        has_job = any(JOB.search(part.strip()) for part in block.text.split(","))  # an outlet may follow
        if BY.match(block.text) and not has_job and not MAKER.match(block.text):
            names = split_authors(_without_rest(block.text))
            others = [name for name in names if match_key(name) not in keys]
            if len(names) == len(keys) + len(others) and others and all(WHOLE_NAME.match(name) for name in others):
                return tuple(names)[:MAX_AUTHORS]
    return ()


def shown_authors(labelled: LabelledPage, own: Furniture) -> tuple[str, ...]:
    """Names in bylines and in date lines with a byline: the article's own first, and above the body before below it.

    Below the body are biographies, teasers of other articles, and the credits of pictures. The heading of a biography
    is read where there is no byline.
    """
    first = labelled.body[0].index if labelled.body else 0
    mine = [block for block, label in own if label.kind in LINES or (block.index < first and _is_linked(block))]
    every = list(labelled.of_kind(*LINES))
    biography = [b for b in labelled.of_kind(BlockKind.AUTHOR_BIO) if _is_signed(b)][:1]  # others are of other people
    places = (*(part for blocks in (mine, every) for part in _above_and_below(blocks, first)), biography)
    return next((names for blocks in places if (names := _names(blocks))), ())


def _is_linked(block: Block) -> bool:
    """True for a byline by its words and its link, whatever its place says: it may stand below a picture."""
    return BY.match(block.text) is not None and block.weight < MAX_BYLINE_CHARS and bool(_author_links(block))


def _is_signed(block: Block) -> bool:
    """True for a heading of a biography that begins with 'By', and for a link in it to all articles of the author."""
    return BY.match(block.text) is not None or (block.link_share > MOSTLY_LINK and bool(_author_links(block)))


def _above_and_below(blocks: Sequence[Block], first: int) -> tuple[list[Block], list[Block]]:
    return [b for b in blocks if b.index < first], [b for b in blocks if b.index >= first]


def _names(blocks: Iterable[Block]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    linked: dict[Scope, list[str]] = {}  # many blocks may be in one element: its links are read once
    for block in blocks:
        if MAKER.match(block.text):
            continue
        if block.block_scope not in linked:
            linked[block.block_scope] = [name for text in _author_links(block) for name in split_authors(text)]
            names.update(dict.fromkeys(linked[block.block_scope]))
        if not linked[block.block_scope]:
            names.update(dict.fromkeys(block_authors(block)))
        if len(names) >= MAX_AUTHORS:
            break
    return tuple(names)[:MAX_AUTHORS]


def block_authors(block: Block) -> list[str]:
    """Names in the text of a block whose words or classes mark it as a byline."""
    inline = INLINE_AUTHOR.search(block.text)
    if inline:
        return split_authors(inline[1])
    if OTHER_LABEL.match(block.text) or not (BY.match(block.text) or _is_classed(block)):
        return []
    return split_authors(_without_rest(block.text))


def _without_rest(text: str) -> str:
    """A byline without the date and the section or place after the names."""
    return OTHER_PART.sub("", WHEN.sub("", text))


def _author_links(block: Block) -> list[str]:
    return [
        normalise(anchor.text_content())
        for anchor in block.block_scope.element.iter("a")
        if "author" in (anchor.get("rel") or "") or AUTHOR_WORDS.search(anchor.get("href") or "")
    ]


def _is_classed(block: Block) -> bool:
    """True when a class or id around the block names a writer."""
    elements = (scope.element for scope in block.scope.chain())
    return any(AUTHOR_WORDS.search(f"{element.get('class') or ''} {element.get('id') or ''}") for element in elements)
