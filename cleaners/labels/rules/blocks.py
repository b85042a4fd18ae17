"""The rules that look at one block at a time: each is ``(block, view) -> Label | None``; the first answer counts.

Scores say how far a rule is to be trusted beside the others, read off development pages by hand: words that are the whole line
0.8 to 0.95, words of classes 0.8, patterns in prose 0.7, what is only inferred from its place 0.5 to 0.7.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from cleaners.blocks.measures import ends_sentence, is_sentence, shape
from cleaners.blocks.scope import HEADINGS
from cleaners.blocks.segment import Block
from cleaners.extraction.alignment import KEPT
from cleaners.labels import lexicon
from cleaners.labels.page_view import LINK_BOXES, View
from cleaners.labels.rules.body import kept, recovered, rest
from cleaners.labels.rules.prompts import PROMPT, prompt
from cleaners.types import Label

Rule = Callable[[Block, View], Label | None]

SHORT = 150
"""Characters of the longest block that a one-line pattern is asked about; labels are shorter, paragraphs longer."""


def no_words(block: Block, view: View) -> Label | None:
    """Rules and ornaments such as '* * *'."""
    return None if block.key else Label(kind="other", rule="no_words", score=0.9)


def headline(block: Block, view: View) -> Label | None:
    """The page's title, wherever it is repeated before the body ends."""
    if block.key in view.title_keys and (block.index <= view.first or not is_sentence(block)):
        return Label(kind="title", rule="headline", score=0.95)
    if "h1" in view.flags(block) and block.index < view.first:
        return Label(kind="title", rule="h1", score=0.8)
    return None


WHOLE_LINE = (
    ("ad", lexicon.AD, 0.9),
    ("credit", lexicon.CREDIT, 0.9),
    ("caption", lexicon.PHOTO_CREDIT, 0.9),
    ("legal", lexicon.LEGAL, 0.8),
    ("share", lexicon.SHARE, 0.8),
    ("navigation", lexicon.SKIP, 0.8),
    ("comments", lexicon.COMMENTS_HEADING, 0.8),
    ("credit", lexicon.CONTRIBUTED, 0.8),
    ("tags", lexicon.FILED_UNDER, 0.8),
    ("byline", lexicon.SIGNED, 0.8),
)
"""Kinds told by a pattern that the whole block must fit."""

ANY_WHOLE_LINE = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern, _ in WHOLE_LINE), lexicon.FLAGS)
"""All of them at once: most blocks fit none."""


def whole_line(block: Block, view: View) -> Label | None:
    """Labels, notices and controls told by their words alone."""
    return told(block.text) if len(block.text) <= LONGEST_LINE else None


@lru_cache(maxsize=4096)
def told(text: str) -> Label | None:
    """The label that a whole text tells. Pure, so the cache only saves time: a site's notices stand on each of its pages."""
    if not ANY_WHOLE_LINE.fullmatch(text):
        return None
    for kind, pattern, score in WHOLE_LINE:
        if pattern.fullmatch(text) and not (kind == "legal" and lexicon.REPORTED.search(text.lower())):
            return Label(kind=kind, rule=f"text:{kind}", score=score)
    return None


LONGEST_LINE = 400
"""Characters of the longest notice that a whole-block pattern describes."""

BOXES = ("comments", "newsletter", "consent", "ad", "pull_quote", "most_read", "related", "author_bio", "promo")
"""Kinds that name a whole box: they tell of everything inside it, whatever the parts are called."""

PARTS = ("caption", "credit", "breadcrumb", "tags", "byline", "date", "paywall", "share", "navigation", "hidden")
"""Kinds that name a single part; asked when no box is around."""

NAMED = BOXES + PARTS

PROSE_MARKS = frozenset({"hidden", "paywall", "byline", "date", "navigation", "share", "tags", "promo"})
"""Words that templates also put on wrappers of prose: a kept paragraph is not taken out for them alone."""


HEADING_MARKS = frozenset({"navigation", "paywall"})
"""Words that ids and wrappers of subheads carry (``id="toc-3"``)."""


def _is_headed(block: Block) -> bool:
    return bool(block.scope.flags & HEADINGS)


def marked(block: Block, view: View) -> Label | None:
    """What the classes, ids and tags between the block and the container speak of."""
    marks = view.marks(block)
    for kind in NAMED if marks else ():
        if kind not in marks:
            continue
        is_kept = view.kept[block.index] >= KEPT or (kind == "paywall" and view.is_inside(block))
        if is_kept and ((kind in PROSE_MARKS and is_sentence(block)) or (kind in HEADING_MARKS and _is_headed(block))):
            continue
        if "embed" in marks and kind in ("share", "byline"):
            continue
        named = view.link_box(block) or kind if kind in LINK_BOXES else kind
        return Label(kind="other" if named == "hidden" else named, rule=f"class:{named}", score=0.8)
    if view.is_hidden(block):
        return Label(kind="other", rule="hidden", score=0.8)
    return None


def standfirst(block: Block, view: View) -> Label | None:
    """The summary between headline and body, when it stands outside the container or is classed as one."""
    if block.index > view.first_usual or block.index < (view.title_index or 0) - 1:
        return None
    if "standfirst" in view.marks(block):
        return Label(kind="standfirst", rule="class:standfirst", score=0.8)
    if block.index not in view.summaries:
        return None
    return Label(
        kind="standfirst", rule="in_headline_box" if view.is_in_headline_box(block) else "standfirst", score=0.6
    )


def captioned(block: Block, view: View) -> Label | None:
    """Any text inside a figure or a table's caption."""
    if view.flags(block) & {"figcaption", "figure"} and "data" not in view.flags(block):
        return Label(kind="caption", rule="figure", score=0.9)
    if len(block.text) > LONGEST_CAPTION:
        return None
    if block.after_image and (lexicon.PICTURED.match(block.text) or _is_credited(block, view)):
        return Label(kind="caption", rule="text:pictured", score=0.8)
    if block.after_image and lexicon.CAPTION_END.search(block.text):
        return Label(kind="caption", rule="text:caption", score=0.7)
    if block.after_image and "caption" in view.marks(block):
        return Label(kind="caption", rule="class:caption", score=0.8)
    if block.after_image and _shares_frame(block, view):
        return Label(kind="caption", rule="below_picture", score=0.6)
    return None


LONGEST_CAPTION = 400
"""Characters of the longest caption."""


def _is_credited(block: Block, view: View) -> bool:
    """True when the line that names the picture's photographer follows in the same box."""
    following = view.blocks[block.index + 1] if block.index + 1 < len(view.blocks) else None
    if following is None or not lexicon.PHOTO_CREDIT.fullmatch(following.text):
        return False
    return block.home.parent is not None and following.scope.is_within(block.home.parent)


def _shares_frame(block: Block, view: View) -> bool:
    """True when the block and a picture stand alone together in a box of their own (a cell, a div)."""
    is_between = view.title_index is not None and view.title_index < block.index < view.first
    if block.link_share > 0.3 or view.flags(block) & {"ul", "ol"} or not (view.is_inside(block) or is_between):
        return False
    if block.home.element.find(".//img") is not None:
        return view.kept[block.index] < KEPT or shape(block) != view.usual_signature
    frame = block.home.parent
    if frame is None or view.holds_container(frame) or len(block.text) > SHORT * 2:
        return False
    if frame.element.find(".//img") is None:
        return False
    return not any(
        b is not block and b.scope.is_within(frame) for b in view.blocks[max(0, block.index - 2) : block.index + 3]
    )


def box_heading(block: Block, view: View) -> Label | None:
    """The heading of a related or most-read box, told by its words."""
    if len(block.text) > SHORT:
        return None
    if lexicon.LIST_MARK.fullmatch(block.text):
        return Label(kind=view.link_box(block) or "related", rule="text:list_mark", score=0.9)
    if not lexicon.RELATED_HEADING.match(block.text):
        return None
    if view.marks(block) & {"comments", "newsletter", "caption"} or "data" in view.flags(block):
        return None
    kind = "most_read" if lexicon.MOST_READ.match(block.text) else "related"
    return Label(kind=kind, rule="text:related_heading", score=0.8)


def read_more(block: Block, view: View) -> Label | None:
    """A line that leads to another article."""
    found = lexicon.READ_MORE.match(block.text)
    if found and len(block.text) <= PROMPT and not view.is_hidden(block):
        is_label = ":" in block.text[: found.end() + 12] or "：" in block.text[: found.end() + 4]
        if block.link_share > 0.3 or (is_label and not is_sentence(block)) or not ends_sentence(block.text):
            return Label(kind="related", rule="text:read_more", score=0.8)
    return None


def linked(block: Block, view: View) -> Label | None:
    """A line that is nothing but a link, unless trafilatura kept it as prose."""
    is_kept = view.kept[block.index] >= KEPT
    if block.link_share < (MOSTLY_LINK if is_kept else LINK) or (block.href or "").startswith("#"):
        return None
    if is_kept and block.weight >= 60 and ends_sentence(block.text) and "data" not in view.flags(block):
        return None
    if is_kept and view.flags(block) & HEADINGS and view.is_inside(block):
        return None
    is_inside = view.is_inside(block) and view.first <= block.index
    return Label(kind="related" if is_inside else "navigation", rule="link", score=0.7)


MOSTLY_LINK = 0.9
"""Share of link text from which a kept line is nothing but a link."""
LINK = 0.6
"""The same for lines that trafilatura did not keep: a label stands before the link."""


def bylined(block: Block, view: View) -> Label | None:
    """Lines that only name or date, near the head."""
    if len(block.text) > SHORT:
        return None
    if block.key in view.author_keys:
        return Label(kind="byline", rule="text:author", score=0.9)
    if lexicon.DATE.fullmatch(block.text) and (block.index <= view.first_usual or len(block.text) <= LONGEST_DATE):
        return Label(kind="date", rule="text:date", score=0.8)
    if block.index > view.first_usual:
        return None
    if block.link_share > 0.3 and block.index < (view.title_index or view.first) and lexicon.TRAIL.match(block.text):
        return Label(kind="breadcrumb", rule="text:trail", score=0.7)
    if lexicon.BYLINE.fullmatch(block.text):
        return Label(kind="byline", rule="text:byline", score=0.8)
    return None


LONGEST_DATE = 40
"""Characters of a date line inside the body: an entry's or a post's time."""


def furniture(block: Block, view: View) -> Label | None:
    """Text in navigation, footers, forms, buttons and asides."""
    flags = view.flags(block)
    if flags & {"nav", "footer", "button"} and not (view.kept[block.index] >= KEPT and is_sentence(block)):
        return Label(kind="navigation", rule="tag:furniture", score=0.8)
    if "aside" in flags:
        leads_away = "related" if view.is_inside(block) else "navigation"
        return Label(kind=leads_away if block.link_share > 0.3 else "other", rule="tag:aside", score=0.7)
    return None


RULES: tuple[Rule, ...] = (
    no_words,
    headline,
    captioned,
    standfirst,
    box_heading,
    whole_line,
    read_more,
    marked,
    prompt,
    bylined,
    furniture,
    linked,
    kept,
    recovered,
    rest,
)

FAR_RULES: tuple[Rule, ...] = (linked, rest)
"""What is asked of links and short lines far from the article: menus and footers, two thirds of a page's blocks."""
