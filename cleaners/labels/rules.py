"""The rules that look at one block at a time: each is ``(block, view) -> Label | None``; the first answer counts.

Scores are the rules' precision on hand-read blocks of the development pages, to one decimal: exact labels 0.9 and up, words
of classes 0.8, patterns in prose 0.7.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from cleaners.blocks import HEADINGS, SENTENCE_END, Block
from cleaners.labels import lexicon
from cleaners.labels.view import KEPT, LINK_BOXES, View, is_sentence, shape, weight
from cleaners.types import Label

Rule = Callable[[Block, View], Label | None]

SHORT = 150
"""Characters of the longest block that a one-line pattern is asked about; labels are shorter, paragraphs longer."""

PROMPT = 320
"""Characters of the longest prompt ('Sign up for …'): three sentences."""


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
    ("legal", lexicon.LEGAL, 0.8),
    ("share", lexicon.SHARE, 0.8),
    ("navigation", lexicon.SKIP, 0.8),
    ("comments", lexicon.COMMENTS_HEADING, 0.8),
    ("credit", lexicon.CONTRIBUTED, 0.8),
    ("tags", lexicon.FILED_UNDER, 0.8),
    ("byline", lexicon.SIGNED, 0.8),
)
"""Kinds told by a pattern that the whole block must fit."""


def whole_line(block: Block, view: View) -> Label | None:
    """Labels, notices and controls told by their words alone."""
    if len(block.text) > LONGEST_LINE:
        return None
    for kind, pattern, score in WHOLE_LINE:
        if pattern.fullmatch(block.text):
            return Label(kind=kind, rule=f"text:{kind}", score=score)
    return None


LONGEST_LINE = 400
"""Characters of the longest notice that a whole-block pattern describes."""

BOXES = ("comments", "newsletter", "consent", "ad", "pull_quote", "most_read", "related", "author_bio", "promo")
"""Kinds that name a whole box: they tell of everything inside it, whatever the parts are called."""

PARTS = ("caption", "credit", "breadcrumb", "tags", "byline", "date", "paywall", "share", "navigation", "hidden")
"""Kinds that name a single part; asked when no box is around."""

PROSE_MARKS = frozenset({"hidden", "paywall", "byline", "date", "navigation", "share", "tags", "promo"})
"""Words that templates also put on wrappers of prose: a kept paragraph is not taken out for them alone."""


def marked(block: Block, view: View) -> Label | None:
    """What the classes, ids and tags between the block and the container speak of."""
    marks = view.marks(block)
    for kind in (*BOXES, *PARTS):
        if kind not in marks:
            continue
        if kind in PROSE_MARKS and view.kept[block.index] >= KEPT and is_sentence(block):
            continue
        if "embed" in marks and kind in ("share", "byline"):
            continue
        if kind in LINK_BOXES:
            kind = view.link_box(block) or kind
        return Label(kind="other" if kind == "hidden" else kind, rule=f"class:{kind}", score=0.8)
    if view.is_hidden(block):
        return Label(kind="other", rule="hidden", score=0.8)
    return None


def standfirst(block: Block, view: View) -> Label | None:
    """The summary between headline and body, when it stands outside the container or is classed as one."""
    if block.index > view.first_usual or block.index < (view.title_index or 0) - 1:
        return None
    is_summary = "standfirst" in view.marks(block) or block.index in view.summaries
    return Label(kind="standfirst", rule="standfirst", score=0.8) if is_summary else None


def captioned(block: Block, view: View) -> Label | None:
    """Any text inside a figure or a table's caption."""
    if view.flags(block) & {"figcaption", "figure"} and "data" not in view.flags(block):
        return Label(kind="caption", rule="figure", score=0.9)
    if block.after_image and len(block.text) <= LONGEST_CAPTION and (lexicon.CAPTION_END.search(block.text) or _shares_frame(block, view)):
        return Label(kind="caption", rule="below_picture", score=0.7)
    return None


LONGEST_CAPTION = 400
"""Characters of the longest caption."""


def _shares_frame(block: Block, view: View) -> bool:
    """True when the block and a picture stand alone together in a box of their own (a cell, a div)."""
    if block.link_share > 0.3 or view.flags(block) & {"ul", "ol"}:
        return False
    frame = block.home if block.home.element.find(".//img") is not None else block.home.parent
    is_between = view.title_index is not None and view.title_index < block.index < view.first
    if frame is None or not (view.is_inside(block) or is_between) or view.holds_container(frame):
        return False
    if frame.element.find(".//img") is None or len(block.text) > SHORT * 2:
        return False
    inside = [b for b in view.blocks[max(0, block.index - 2) : block.index + 3] if b.scope.is_within(frame)]
    return len(inside) == 1


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
        if block.link_share > 0.3 or (is_label and not is_sentence(block)) or not SENTENCE_END.search(block.text):
            return Label(kind="related", rule="text:read_more", score=0.8)
    return None


def linked(block: Block, view: View) -> Label | None:
    """A line that is nothing but a link, unless trafilatura kept it as prose."""
    is_kept = view.kept[block.index] >= KEPT
    if block.link_share < (MOSTLY_LINK if is_kept else LINK) or (block.href or "").startswith("#"):
        return None
    if is_kept and weight(block.text) >= 60 and SENTENCE_END.search(block.text) and "data" not in view.flags(block):
        return None
    if is_kept and view.flags(block) & HEADINGS and view.is_inside(block):
        return None
    is_inside = view.is_inside(block) and view.first <= block.index
    return Label(kind="related" if is_inside else "navigation", rule="link", score=0.7)


MOSTLY_LINK = 0.9
"""Share of link text from which a kept line is nothing but a link."""
LINK = 0.6
"""The same for lines that trafilatura did not keep: a label stands before the link."""


def prompt(block: Block, view: View) -> Label | None:
    """Prose that asks the reader to sign up, pay, follow or write in, and the author line of an embedded post."""
    if "embed" in view.marks(block) and lexicon.POSTED_BY.match(block.text):
        return Label(kind="byline", rule="text:posted_by", score=0.8)
    if len(block.text) > PROMPT:
        return None
    for kind, pattern, opening in (
        ("paywall", lexicon.PAYWALL, False),
        ("newsletter", lexicon.NEWSLETTER, True),
        ("promo", lexicon.SUPPORT, True),
        ("share", lexicon.FOLLOW, False),
        ("consent", lexicon.CONSENT, False),
    ):
        found = pattern.search(block.text)
        if found and not block.text.startswith(QUOTES) and (not opening or is_imperative(block.text, found.start()) or addresses_reader(block)):
            return Label(kind=kind, rule=f"prose:{kind}", score=0.7)
    if lexicon.WRITE_IN.search(block.text) and (addresses_reader(block) or block.index >= view.last):
        return Label(kind="promo", rule="prose:write_in", score=0.7)
    return None


QUOTES = ('"', "“", "„", "«", "‘", "'", "「")
"""What a quotation begins with: somebody in the story speaks, not the site."""

SENTENCE_START = re.compile(r"(?:^|[.!?:;–—…|] ?)\W{0,3}(?:(?:please|so|and|then|to) )?$", re.IGNORECASE)
"""What stands before an imperative."""


def is_imperative(text: str, start: int) -> bool:
    """True when the words at ``start`` begin a sentence: 'Sign up for …', not 'Residents who sign up for …'."""
    return bool(SENTENCE_START.search(text[:start]))


READER = re.compile(r"\b(?:you|your|our|us|sie|ihr|ihre|votre|notre|nuestr[oa]s?|suscr\w+|вы|ваш\w*|нас)\b", re.IGNORECASE)


def addresses_reader(block: Block) -> bool:
    """True when a text speaks to its reader and carries a link, or is set in bold."""
    return bool(READER.search(block.text)) and (block.link_share > 0 or block.bold_share > 0.5)


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


def kept(block: Block, view: View) -> Label | None:
    """What trafilatura kept inside the container is body."""
    if view.title_index is not None and block.index < view.title_index:
        return None
    if view.kept[block.index] >= KEPT and (view.is_inside(block) or _is_lead(block, view)):
        return Label(kind=body_kind(block, view), rule="kept", score=round(0.5 + 0.5 * view.kept[block.index], 2))
    return None


def _is_lead(block: Block, view: View) -> bool:
    """True for prose between the headline and the container: a lead paragraph in a place of its own."""
    start, _ = view.span
    title = view.title_index
    return title is not None and title < block.index < start and is_sentence(block)


def recovered(block: Block, view: View) -> Label | None:
    """What trafilatura lost: prose, list items, rows and subheads among the body's blocks, and leads before them."""
    if block.link_share > 0.5 and not (block.href or "").startswith("#"):
        return None
    if _is_lead(block, view):
        return Label(kind="paragraph", rule="recovered:lead", score=0.6)
    if not view.is_inside(block) or (view.title_index is not None and block.index < view.title_index):
        return None
    flags = view.flags(block)
    is_between = view.first <= block.index <= view.last
    is_usual = shape(block) == view.usual_signature
    if is_sentence(block) and (is_between or is_usual or block.index < view.first):
        return Label(kind=body_kind(block, view), rule="recovered:prose", score=0.7)
    if is_between and (is_usual or is_subhead(block) or "data" in flags or flags & {"ul", "ol", "blockquote"}):
        return Label(kind=body_kind(block, view), rule="recovered:between", score=0.6)
    if block.index < view.first and (flags & {"ul", "ol"} and len(block.text) >= LEAST_POINT or is_subhead(block)):
        return Label(kind=body_kind(block, view), rule="recovered:key_points", score=0.5)
    if is_usual and SENTENCE_END.search(block.text):
        return Label(kind=body_kind(block, view), rule="recovered:usual", score=0.6)
    return None


LEAST_POINT = 20
"""Characters of the shortest summary point; shorter items before the body are controls."""


def rest(block: Block, view: View) -> Label | None:
    """Whatever no rule knows is not the article."""
    return Label(kind="other", rule="unclaimed", score=0.5)


SUBHEAD = 120
"""Characters of the longest subhead seen on the development pages' h2 to h4."""


def body_kind(block: Block, view: View) -> str:
    """Which kind of body block this is, by where it stands."""
    flags = view.flags(block)
    if "embed" in view.marks(block):
        return "embed"
    if "data" in flags:
        return "table_row"
    if "blockquote" in flags:
        return "quote"
    if flags & {"ul", "ol", "dl"}:
        return "list_item"
    return "subhead" if is_subhead(block) else "paragraph"


def is_subhead(block: Block) -> bool:
    """True for headings, and for short bold lines that end like one."""
    is_bold_line = block.bold_share > 0.9 and len(block.text) <= SUBHEAD and not block.text.endswith((".", "!", "。", ","))
    return is_bold_line or bool(block.scope.flags & HEADINGS)


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
