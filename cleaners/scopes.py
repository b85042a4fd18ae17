"""The context of an element: its ancestors and what their tags, classes and ids say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from cleaners import tokens

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
BOLD_TAGS = frozenset(("b", "strong"))
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

INHERITED_TAGS = HEADINGS | {
    "nav", "aside", "footer", "figure", "figcaption", "blockquote", "ul", "ol", "dl", "button", "caption", "pre"
}  # fmt: skip
"""Tags that every block below wants to know of."""

LONGEST_CELL = 200
"""Characters a data table's cell may have. Cells of layout tables hold whole paragraphs."""


class Scope:
    """The context of an element: its ancestors and what their tags, classes and ids say. Made once an element."""

    __slots__ = ("depth", "element", "flags", "marks", "parent", "start", "stop", "tag")

    def __init__(
        self, element: HtmlElement, parent: Scope | None, marks: frozenset[str], flags: frozenset[str]
    ) -> None:
        self.element = element
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent else 0
        self.tag: str = element.tag
        self.marks = marks
        """Kinds that this element's own tag, class, id and roles speak of."""
        self.flags = flags
        """Facts inherited by all below: tags such as ``blockquote``, and ``data`` (table), ``hidden``, ``bold``, ``link``."""
        self.start = self.stop = 0
        """Blocks that have text in it: ``range(start, stop)``; the first and the last may begin before it or end after it."""

    def chain(self) -> Iterator[Scope]:
        """This scope and its ancestors, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def is_within(self, other: Scope) -> bool:
        """True when the other scope is this one or an ancestor of it."""
        scope: Scope | None = self
        while scope is not None and scope.depth > other.depth:
            scope = scope.parent
        return scope is other


def common(a: Scope, b: Scope) -> Scope:
    """The innermost scope that holds both."""
    while a is not b:
        if a.depth >= b.depth and a.parent is not None:
            a = a.parent
        elif b.parent is not None:
            b = b.parent
    return a


def open_scope(element: HtmlElement, parent: Scope | None) -> Scope:
    """The scope of an element below its parent's."""
    tag = element.tag
    flags = parent.flags if parent is not None else tokens.NOTHING
    marks = tokens.TAG_MARKS.get(tag, tokens.NOTHING)
    added = ADDED.get(tag)
    attributes = element.items()
    if attributes:
        values = [value for name, value in attributes if name in tokens.ATTRIBUTES]
        if values:
            own = tokens.read(tuple(values))
            marks = marks | own if marks else own
        for name, value in attributes:
            if name == "hidden" or (name == "style" and HIDDEN_STYLE.search(value)):
                flags |= HIDDEN
    if tag == "table":
        flags -= DATA
        if _is_data_table(element):
            flags |= DATA
    if added is not None and not added <= flags:
        flags |= added
    return Scope(element, parent, marks, flags)


HIDDEN, DATA = frozenset(("hidden",)), frozenset(("data",))
ADDED = {
    "a": frozenset(("link",)),
    **dict.fromkeys(BOLD_TAGS, frozenset(("bold",))),
    **{tag: frozenset((tag,)) for tag in INHERITED_TAGS},
}
"""The fact that a tag adds for all below."""


def _is_data_table(table: HtmlElement) -> bool:
    """True for a table of facts: two rows and two columns at least, short cells, nothing nested."""
    if table.find(".//table") is not None or table.get("role") == "presentation":
        return False
    widths = []
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        for cell in cells:
            if cell.find(".//p/following-sibling::p") is not None:
                return False
            if sum(len(text) for text in cell.itertext()) > LONGEST_CELL:
                return False
        widths.append(len(cells))
    return len([width for width in widths if width > 1]) > 1
