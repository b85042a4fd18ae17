"""The context of an element: its ancestors and what their tags, classes and ids declare."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from cleaners.blocks.class_words import ATTRIBUTES, NO_MARKS, TAG_MARKS, kinds_named

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
BOLD_TAGS = frozenset(("b", "strong"))
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

INHERITED_TAGS = HEADINGS | {
    "nav", "aside", "footer", "figure", "figcaption", "blockquote", "ul", "ol", "dl", "button", "caption", "pre"
}  # fmt: skip
"""Tags that are passed down as flags to every block below."""

MAX_CELL_CHARS = 200
"""Most characters in a cell of a data table. Cells of layout tables hold whole paragraphs."""

HIDDEN, DATA = frozenset(("hidden",)), frozenset(("data",))

ADDED = {
    "a": frozenset(("link",)),
    **dict.fromkeys(BOLD_TAGS, frozenset(("bold",))),
    **{tag: frozenset((tag,)) for tag in INHERITED_TAGS},
}
"""The flag that a tag adds to all elements below it."""


class Scope:
    """The context of one element: its ancestors and what their tags, classes and ids declare."""

    __slots__ = ("class_names", "depth", "element", "flags", "marks", "parent", "start", "stop", "tag")

    def __init__(self, element: HtmlElement, tag: str, parent: Scope | None, start: int) -> None:
        marks = TAG_MARKS.get(tag, NO_MARKS)
        flags: frozenset[str]
        if parent is None:
            depth, flags = 0, NO_MARKS
        else:
            depth, flags = parent.depth + 1, parent.flags
        classes = ""
        for name, value in element.items():
            if name in ATTRIBUTES:
                own = kinds_named(value)
                if own:
                    marks |= own
                if name == "class":
                    classes = value
            elif name == "hidden" or (name == "style" and HIDDEN_STYLE.search(value)):
                flags |= HIDDEN
        added = ADDED.get(tag)
        if added is not None and not added <= flags:
            flags |= added
        elif tag == "table":
            flags = flags | DATA if _is_data_table(element) else flags - DATA
        self.element = element
        self.parent = parent
        self.depth: int = depth
        self.tag = tag
        self.class_names = classes
        """The element's class attribute; empty where it has none."""
        self.marks = marks
        """Kinds that this element's own tag, class, id and role name."""
        self.flags: frozenset[str] = flags
        """Flags inherited by all elements below: tags such as ``blockquote``, and ``data`` (table), ``hidden``,
        ``bold``, ``link``."""
        self.start = self.stop = start
        """Blocks with text in this element: ``range(start, stop)``. The first may begin before it; the last may
        end after it."""

    def chain(self) -> Iterator[Scope]:
        """This scope and its ancestors, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def at_depth(self, depth: int) -> Scope | None:
        """This scope or its ancestor at a depth; None where this one is above it."""
        scope = self
        while scope.depth > depth and scope.parent is not None:
            scope = scope.parent
        return scope if scope.depth == depth else None

    def is_within(self, other: Scope) -> bool:
        """True when the other scope is this one or an ancestor of it."""
        return self.at_depth(other.depth) is other


def common_scope(a: Scope, b: Scope) -> Scope:
    """The innermost scope that holds both scopes."""
    while a is not b:
        if a.depth >= b.depth and a.parent is not None:
            a = a.parent
        elif b.parent is not None:
            b = b.parent
    return a


def _is_data_table(table: HtmlElement) -> bool:
    """True for a table of data: at least two rows and two columns, short cells, no nested table."""
    if table.find(".//table") is not None or table.get("role") == "presentation":
        return False
    widths = []
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        for cell in cells:
            if cell.find(".//p/following-sibling::p") is not None:
                return False
            if sum(len(text) for text in cell.itertext()) > MAX_CELL_CHARS:
                return False
        widths.append(len(cells))
    return len([width for width in widths if width > 1]) > 1
