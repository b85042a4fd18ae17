"""The rules for one block at a time: each is ``(block, view) -> Label | None``; the first label is used.

Scores rank how reliable the rules are; they were set by hand from development pages: words that are the whole line 0.8
to 0.95, words of classes 0.8, patterns in prose 0.7, labels inferred only from the position 0.5 to 0.7.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cleaners.blocks.measures import ends_sentence, is_prose, paragraph_shape
from cleaners.blocks.scope import HEADINGS
from cleaners.blocks.segment import CELLS, Block
from cleaners.extraction.alignment import KEPT_SHARE
from cleaners.labels import lexicon
from cleaners.labels.page_view import LINK_BOXES, PageView
from cleaners.labels.rules import registry
from cleaners.labels.rules.prompts import MAX_PROMPT_CHARS
from cleaners.labels.story import Outside
from cleaners.types import BlockKind, Label

SHORT = 150
"""Characters of the longest block that one-line patterns are matched against; paragraphs are longer."""

WHOLE_LINE = (
    (BlockKind.AD, lexicon.AD, 0.9),
    (BlockKind.CREDIT, lexicon.CREDIT, 0.9),
    (BlockKind.CAPTION, lexicon.PHOTO_CREDIT, 0.9),
    (BlockKind.LEGAL, lexicon.LEGAL, 0.8),
    (BlockKind.SHARE, lexicon.SHARE, 0.8),
    (BlockKind.NAVIGATION, lexicon.SKIP, 0.8),
    (BlockKind.COMMENTS, lexicon.COMMENTS_HEADING, 0.8),
    (BlockKind.CREDIT, lexicon.CONTRIBUTED, 0.8),
    (BlockKind.TAGS, lexicon.FILED_UNDER, 0.8),
    (BlockKind.BYLINE, lexicon.SIGNED, 0.8),
)
"""Kinds that are recognised by a pattern, which the whole block must match."""

ANY_WHOLE_LINE = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern, _ in WHOLE_LINE), lexicon.FLAGS)
"""All these patterns as one, which is tried first: most blocks match none."""

MAX_NOTICE_CHARS = 400
"""Most characters of a notice that a whole-block pattern matches."""

BOXES = (
    "comments",
    "newsletter",
    "consent",
    "ad",
    "pull_quote",
    "most_read",
    "related",
    "author_bio",
    "fact_box",
    "promo",
)
"""Kinds of a whole box: they apply to everything in it, whatever the names of its parts."""

PARTS = ("caption", "credit", "breadcrumb", "tags", "byline", "date", "paywall", "share", "navigation", "hidden")
"""Kinds of a single part; used when there is no box around it."""

NAMED = BOXES + PARTS

PROSE_MARKS = frozenset({"hidden", "paywall", "byline", "date", "navigation", "share", "tags", "promo"})
"""Kinds whose words templates also use on wrappers of prose: they alone do not remove a kept paragraph."""

HEADING_MARKS = frozenset({"navigation", "paywall"})
"""Kinds that ids and wrappers of subheads name (``id="toc-3"``): they alone do not remove a kept subhead."""

FIGURES = frozenset(("figcaption", "figure"))
"""Elements whose text is that of a picture."""

FURNITURE = frozenset(("nav", "footer", "button"))
"""Elements whose text is the page's furniture."""

MEDIA = ("img", "picture", "amp-img", "video", "audio", "iframe", "object", "embed", "svg", "canvas", "noscript")
"""Elements of a figure whose text is a caption."""

MAX_CAPTION_CHARS = 400
"""Most characters of a caption outside of a figure."""

MOSTLY_LINK = 0.9
"""Share of link text from which a kept line is only a link."""

LINK = 0.6
"""The same for lines that trafilatura did not keep: there may be a label before the link."""

MAX_STANDFIRST_CHARS = 600
"""Most characters of running text in a box with the headline that are a standfirst; more are the body, or its start."""

MAX_DATE_LINE_CHARS = 40
"""Most characters of a date line inside the body: the time of a live blog entry or a post."""


def no_words(block: Block, view: PageView) -> Label | None:
    """Horizontal rules and ornaments such as '* * *'."""
    return None if block.key else registry.NO_WORDS.label()


def headline(block: Block, view: PageView) -> Label | None:
    """The page's title, wherever it is repeated before the body ends."""
    if block.key in view.title_keys and (block.index <= view.first_evidence or not is_prose(block)):
        return registry.HEADLINE.label()
    if block.index < view.first_evidence and "h1" in view.flags(block):
        return registry.H1.label()
    return None


def outside_story(block: Block, view: PageView) -> Label | None:
    """Blocks of another story or of readers' comments, and prose above the headline."""
    why = view.story.outside.get(block.index)
    return None if why is None or why is Outside.FAR else registry.OUTSIDE[why].label()


def whole_line(block: Block, view: PageView) -> Label | None:
    """Labels, notices and controls that are recognised by their words alone."""
    label = whole_line_label(block.text) if len(block.text) <= MAX_NOTICE_CHARS else None
    return None if label and label.kind is BlockKind.COMMENTS and _is_cell(block, view) else label


def _is_cell(block: Block, view: PageView) -> bool:
    """True for a cell beside others, such as the head of a column 'Comments'."""
    cell = next((scope for scope in block.scope.chain() if scope.tag in CELLS), None)
    return cell is not None and cell.parent is not None and len(cell.parent.element) > 1


@lru_cache(maxsize=4096)
def whole_line_label(text: str) -> Label | None:
    """The label of a text that matches a pattern as a whole.

    Pure, so the cache only saves time: a site's notices are on each of its pages.
    """
    if not ANY_WHOLE_LINE.fullmatch(text):
        return None
    for kind, pattern, score in WHOLE_LINE:
        if pattern.fullmatch(text) and not (kind is BlockKind.LEGAL and lexicon.REPORTED.search(text.lower())):
            return registry.WHOLE_LINE[kind].label(score=score)
    return None


def _is_headed(block: Block) -> bool:
    return bool(block.scope.flags & HEADINGS)


def marked(block: Block, view: PageView) -> Label | None:
    """The kind that the classes, ids and tags between the block and the container name."""
    marks = view.marks(block)
    for kind in NAMED if marks else ():
        if kind not in marks or (kind == "date" and _is_undated(block)):
            continue
        is_kept = view.kept_shares[block.index] >= KEPT_SHARE or (kind == "paywall" and view.is_in_container(block))
        if is_kept and ((kind in PROSE_MARKS and is_prose(block)) or (kind in HEADING_MARKS and _is_headed(block))):
            continue
        if "embed" in marks and kind in ("share", "byline"):
            continue
        named = view.link_box(block) or kind if kind in LINK_BOXES else kind
        return registry.CLASS[named].label()
    if view.is_hidden(block):
        is_folded = view.is_in_container(block) and is_prose(block)
        return registry.FOLDED.label() if is_folded else registry.HIDDEN.label()
    return None


def _is_undated(block: Block) -> bool:
    """True for text that holds no date, whatever its class says: ``time`` is also the name of a magazine."""
    return block.weight > MAX_DATE_LINE_CHARS and not any(letter.isdigit() for letter in block.text)


def standfirst(block: Block, view: PageView) -> Label | None:
    """The summary between headline and body, when its class or its position marks it as one."""
    if block.index > view.first_typical or block.index < (view.title_index or 0) - 1:
        return None
    if "standfirst" in view.marks(block):
        return registry.STANDFIRST_CLASS.label()
    if block.index not in view.standfirst_indexes:
        return None
    if not view.is_in_headline_box(block):
        return registry.STANDFIRST.label()
    return None if view.headline_box_chars > MAX_STANDFIRST_CHARS else registry.IN_HEADLINE_BOX.label()


def captioned(block: Block, view: PageView) -> Label | None:
    """Text of a picture's figure, and text below a picture that has the form or position of a caption.

    A quote and an embedded post are no captions: block editors put a figure around each.
    """
    flags = view.flags(block)
    if (
        not flags.isdisjoint(FIGURES)
        and "data" not in flags
        and ("figcaption" in flags or not ("blockquote" in flags or _is_without_media(block, view)))
    ):
        return registry.FIGURE.label()
    if not block.after_image or len(block.text) > MAX_CAPTION_CHARS:
        return None
    if lexicon.PICTURED.match(block.text) or _is_credited(block, view):
        return registry.PICTURED.label()
    if lexicon.CAPTION_END.search(block.text):
        return registry.CAPTION_END.label()
    if "caption" in view.marks(block):
        return registry.CAPTION_CLASS.label()
    return registry.BELOW_PICTURE.label() if _shares_frame(block, view) else None


def _is_without_media(block: Block, view: PageView) -> bool:
    """True for a block in a figure that holds no picture, film or other medium."""
    figure = next((scope for scope in block.scope.chain() if scope.tag == "figure"), None)
    return figure is not None and not view.has_inside(figure, *MEDIA)


def _is_credited(block: Block, view: PageView) -> bool:
    """True when the line that names the picture's photographer follows in the same box."""
    following = view.blocks[block.index + 1] if block.index + 1 < len(view.blocks) else None
    if following is None or not lexicon.PHOTO_CREDIT.fullmatch(following.text):
        return False
    return block.block_scope.parent is not None and following.scope.is_within(block.block_scope.parent)


def _shares_frame(block: Block, view: PageView) -> bool:
    """True when the block is alone with a picture in one box (a cell, a div)."""
    is_between = view.title_index is not None and view.title_index < block.index < view.first_evidence
    if block.link_share > 0.3 or view.flags(block) & {"ul", "ol"} or not (view.is_in_container(block) or is_between):
        return False
    if view.has_inside(block.block_scope, "img"):
        return view.kept_shares[block.index] < KEPT_SHARE or paragraph_shape(block) != view.typical_shape
    frame = block.block_scope.parent
    if frame is None or view.holds_container(frame) or len(block.text) > SHORT * 2:
        return False
    if not view.has_inside(frame, "img"):
        return False
    return not any(
        b is not block and b.scope.is_within(frame) for b in view.blocks[max(0, block.index - 2) : block.index + 3]
    )


def box_heading(block: Block, view: PageView) -> Label | None:
    """The heading of a related or most-read box, recognised by its words."""
    if len(block.text) > SHORT:
        return None
    if lexicon.LIST_MARK.fullmatch(block.text):
        return registry.LIST_MARK.label(BlockKind(view.link_box(block) or BlockKind.RELATED))
    if not lexicon.RELATED_HEADING.match(block.text):
        return None
    if view.marks(block) & {"comments", "newsletter", "caption"} or "data" in view.flags(block):
        return None
    return registry.RELATED_HEADING.label(link_box_kind(block.text))


def link_box_kind(heading: str) -> BlockKind:
    """The kind of a link box, by the words of its heading."""
    return BlockKind.MOST_READ if lexicon.MOST_READ.match(heading) else BlockKind.RELATED


def read_more(block: Block, view: PageView) -> Label | None:
    """A line that links to another article."""
    match = lexicon.READ_MORE.match(block.text) if len(block.text) <= MAX_PROMPT_CHARS else None
    if match and not view.is_hidden(block):
        is_label = ":" in block.text[: match.end() + 12] or "：" in block.text[: match.end() + 4]
        if block.link_share > 0.3 or (is_label and not is_prose(block)) or not ends_sentence(block.text):
            return registry.READ_MORE.label()
    return None


def link_line(block: Block, view: PageView) -> Label | None:
    """A line of the story that is one link to another page of the site, but for marks and a label before it.

    A sentence of some length is a paragraph that somebody linked, and a heading or a row of a table is judged as such.
    """
    if block.link_share < LINK_LINE or not view.is_in_container(block) or not view.leads_on(block.href):
        return None
    if "data" in view.flags(block) or (block.weight >= LINKED_SENTENCE and ends_sentence(block.text)):
        return None
    label = LINE_LABEL.match(block.text)
    return registry.LINK_LINE.label() if block.link_share >= MOSTLY_LINK or label else None


LINK_LINE = 0.5
"""Least share of the link in a line that has a label before it; the label ends with a colon or a mark."""
LINE_LABEL = re.compile(r"^[^\w]*[^\n:：|»>→›]{1,30}[:：|»>→›]")
LINKED_SENTENCE = 120
"""Characters from which a linked sentence is a paragraph."""


def linked(block: Block, view: PageView) -> Label | None:
    """A line that is only a link, unless trafilatura kept it as prose or as a subhead."""
    is_kept = view.kept_shares[block.index] >= KEPT_SHARE
    if block.link_share < (MOSTLY_LINK if is_kept else LINK) or (block.href or "").startswith("#"):
        return None
    if is_kept and block.weight >= 60 and ends_sentence(block.text) and "data" not in view.flags(block):
        return None
    if is_kept and view.flags(block) & HEADINGS and view.is_in_container(block):
        return None
    is_inside = view.is_in_container(block) and view.first_evidence <= block.index
    return registry.LINK.label(BlockKind.RELATED if is_inside else BlockKind.NAVIGATION)


def bylined(block: Block, view: PageView) -> Label | None:
    """Lines that are only a name, a date or a breadcrumb, mostly above the body."""
    if len(block.text) > SHORT:
        return None
    if block.key in view.author_keys:
        return registry.AUTHOR.label()
    if lexicon.DATE.fullmatch(block.text) and (
        block.index <= view.first_typical or len(block.text) <= MAX_DATE_LINE_CHARS
    ):
        return registry.DATE.label()
    if block.index > view.first_typical:
        return None
    if (
        block.link_share > 0.3
        and block.index < (view.title_index or view.first_evidence)
        and lexicon.TRAIL.match(block.text)
    ):
        return registry.TRAIL.label()
    if lexicon.BYLINE.fullmatch(block.text):
        return registry.BYLINE.label()
    return None


def furniture(block: Block, view: PageView) -> Label | None:
    """Text in navigation, footers, forms, buttons and asides."""
    flags = view.flags(block)
    if not flags.isdisjoint(FURNITURE) and not (view.kept_shares[block.index] >= KEPT_SHARE and is_prose(block)):
        return registry.FURNITURE.label()
    if "aside" in flags:
        leads_away = BlockKind.RELATED if view.is_in_container(block) else BlockKind.NAVIGATION
        return registry.ASIDE.label(leads_away if block.link_share > 0.3 else BlockKind.OTHER)
    return None
