"""Tree to blocks: the runs of text that a reader sees as one unit, in page order, each with its context.

A block ends where a block-level element begins or ends, at ``<br><br>``, and at a single ``<br>`` after a finished
sentence, a bold line, a line that is a link, or a list of short lines. A row of a data table is one block; a cell of a
layout table is like any block-level element.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import NamedTuple

from lxml.html import HtmlElement

from cleaners.blocks.scope import HEADINGS, Scope, common_scope
from cleaners.text.normalise import match_key, normalise, text_weight
from cleaners.types import PageRejected, Reason, Stage
from cleaners.urls.credentials import strip_credentials_in_text

BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "noindex",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "amp-img",
        "img",
        "video",
        "audio",
        "iframe",
        "object",
    ]
)
"""Elements whose start and end end a block (HTML Standard, 15.3 Flow content), and media, which separate texts."""

SKIPPED_TAGS = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "svg",
        "math",
        "iframe",
        "object",
        "select",
        "textarea",
        "canvas",
        "audio",
        "video",
        "map",
        "input",
        "option",
        "datalist",
    ]
)
"""Elements whose text is never shown as part of the page."""

CELLS = frozenset(("td", "th"))
PICTURES = frozenset(("img", "picture", "amp-img"))
END_MARKS = ".!?…:;。！？：；।۔؟"
CLOSING = "\"'”’»“›)]」』"
"""Quotation marks and brackets that may follow the end of a sentence."""
SENTENCE_END = re.compile(rf"[{END_MARKS}][{re.escape(CLOSING)}]*\s*$")
SHORT_LINE = 45
"""Most characters of a line that is one by itself: an entry of a list, a value of a table. Text that was wrapped by
hand has longer lines."""
FEW_BLOCKS = 2_000
"""Number of blocks that a page of any size may have."""

BYTES_PER_BLOCK = 60
"""Minimum bytes of markup per block beyond ``FEW_BLOCKS``. Later stages take 75 µs for one, so for 1 MB at most 2 s.

Of 4,503 development pages the densest has 86, of those with more than 500 blocks 115, and of those with more than
1,000 blocks 165; no page has more than 2,617 blocks.
"""

INDENT = re.compile("^(?:\\s*\u3000|\\s*\u00a0{2})")


class Block(NamedTuple):
    """A run of text with its context.

    A tuple, because a page has hundreds of blocks: a tuple is made in a fifth of the time of a dataclass.
    """

    index: int  # type: ignore[assignment]  # replaces tuple.index, which is not used
    """Position among the page's blocks, from 0."""
    text: str
    """Normalised text, never empty."""
    key: str
    """``match_key`` of the text."""
    weight: int
    """``text_weight`` of the text."""
    scope: Scope
    """Innermost element that holds all of the text."""
    block_scope: Scope
    """Innermost block-level element that holds all of the text."""
    link_share: float
    """Share of the characters that are in links, 0 to 1."""
    bold_share: float
    """Share of the characters that are bold, 0 to 1."""
    href: str | None
    """Target of the first link."""
    after_image: bool
    """True when there is a picture between this block and the one before."""


class _Run:
    """The text that is collected until the block ends."""

    __slots__ = (
        "anchor",
        "bold",
        "breaks",
        "href",
        "is_short",
        "last",
        "line",
        "line_link",
        "link",
        "parts",
        "scope",
        "size",
    )

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.parts: list[str] = []
        self.last = ""
        self.scope: Scope | None = None
        self.href: str | None = None
        self.size = self.link = self.bold = self.breaks = 0
        self.line = self.line_link = 0
        self.anchor: Scope | None = None
        """The link of the last text, if any."""
        self.is_short = True

    def end_line(self) -> None:
        """Note a ``<br>``."""
        self.breaks += 1
        self.is_short &= self.line <= SHORT_LINE
        self.parts.append(" ")

    def add(self, text: str, scope: Scope) -> None:
        self.parts.append(text)
        self.last = text
        size = len(text) - text.count(" ")
        if self.breaks:
            self.breaks = self.line = self.line_link = 0
        self.line += size
        self.scope = scope if self.scope is None else common_scope(self.scope, scope)
        self.size += size
        if "link" in scope.flags:
            self.link += size
            self.line_link += size
            self.anchor = _anchor(scope)
            if self.href is None and self.anchor is not None:
                self.href = str(self.anchor.element.get("href") or "")
        else:
            self.anchor = None
        if "bold" in scope.flags:
            self.bold += size


def _anchor(scope: Scope) -> Scope | None:
    outer: Scope | None = scope
    while outer is not None and outer.tag != "a":
        outer = outer.parent
    return outer


class _Splitter:
    """Walks a tree once and collects its blocks."""

    def __init__(self, skipped: Container[HtmlElement]) -> None:
        self.skipped = skipped
        self.blocks: list[Block] = []
        self.run = _Run()
        self.after_image = False

    def split(self, root: HtmlElement) -> tuple[Block, ...]:
        self.walk(root, None)
        self.flush()
        return tuple(self.blocks)

    def walk(self, element: HtmlElement, parent: Scope | None) -> None:
        """Walk an element and its content. Pages nest at most ``parse.DEPTH_LIMIT`` levels."""
        tag = str(element.tag)  # the parser drops comments and processing instructions
        run = self.run
        is_edge = tag in BLOCK_TAGS
        if is_edge:
            if tag in CELLS and parent is not None and "data" in parent.flags:
                is_edge = False
                if run.size:
                    run.parts.append(" | ")
            elif run.scope is not None:
                self.flush()
        elif tag == "br" and run.scope is not None:
            run.end_line()
        if tag in PICTURES:
            self.after_image = True
        if tag not in SKIPPED_TAGS and ((text := element.text) or len(element)):  # no text below: no scope needed
            scope = Scope(element, tag, parent, len(self.blocks))
            if text and (run.scope is not None or not text.isspace()):
                self.text(text, scope)
            walk, skipped = self.walk, self.skipped
            for child in element:
                if not skipped or child not in skipped:
                    walk(child, scope)
                tail = child.tail
                if tail and (run.scope is not None or not tail.isspace()):
                    self.text(tail, scope)
            scope.stop = len(self.blocks) + (run.scope is not None)
        if is_edge and run.scope is not None:
            self.flush()

    def text(self, text: str, scope: Scope) -> None:
        """Add text to the run."""
        run = self.run
        if text.isspace():
            run.parts.append(text)
            return
        if run.breaks and self.is_paragraph_break(text, scope):
            self.flush()
        run.add(text, scope)

    def is_paragraph_break(self, text: str, scope: Scope) -> bool:
        """True when the ``<br>`` before this text ends a paragraph, or an entry of a list, rather than a line."""
        run = self.run
        if run.scope is None or "data" in run.scope.flags:
            return False
        if run.breaks > 1 or INDENT.match(text) or SENTENCE_END.search(run.last) or run.bold >= run.size:
            return True
        if scope.flags & HEADINGS or (run.anchor is not None and scope.is_within(run.anchor)):
            return False  # a headline on two lines
        if text.lstrip()[0].islower():
            return False  # a sentence that was wrapped by hand
        return run.is_short or run.line_link >= run.line or ("link" in scope.flags and run.line <= SHORT_LINE)

    def flush(self) -> None:
        """Close the block that is being collected, if any."""
        run = self.run
        if run.scope is not None:
            text = strip_credentials_in_text(normalise("".join(run.parts)).strip(" |"))
            if text:
                home = run.scope
                while home.tag not in BLOCK_TAGS and home.parent is not None:
                    home = home.parent
                self.blocks.append(
                    Block(  # by position, which takes half the time
                        len(self.blocks),
                        text,
                        match_key(text),
                        text_weight(text),
                        run.scope,
                        home,
                        run.link / run.size if run.link else 0.0,
                        run.bold / run.size if run.bold else 0.0,
                        run.href,
                        self.after_image,
                    )
                )
                self.after_image = False
            run.clear()


def segment(tree: HtmlElement, skipped: Container[HtmlElement] = ()) -> tuple[Block, ...]:
    """The blocks of a page's ``body``, in page order, without the text of the elements that are skipped."""
    body = tree.find("body")
    return _Splitter(skipped).split(tree if body is None else body)


def check_number(blocks: Sequence[Block], size: int) -> None:
    """Accept the blocks of a page of ``size`` bytes of markup.

    Raises:
        PageRejected: stage ``parse``, ``too_many_blocks``, when there are so many that most are hardly any text.
    """
    most = FEW_BLOCKS + size // BYTES_PER_BLOCK
    if len(blocks) > most:
        detail = f"{len(blocks)} blocks of text in {size} bytes; the limit is {most}"
        raise PageRejected(Stage.PARSE, Reason.TOO_MANY_BLOCKS, detail)
