"""Inline HTML as one line of Markdown that CommonMark reads as the same text."""

from __future__ import annotations

import unicodedata
import warnings
from urllib.parse import quote

from bs4 import MarkupResemblesLocatorWarning
from bs4.element import NavigableString, PageElement, Tag
from markdownify import MarkdownConverter

URL_SAFE = "%/:=&?~#+!$,;'@*[]"
"""Characters of a URL that stay as they are; brackets and spaces would end it."""

MARKED = ("strong", "em", "code")
"""Elements with marks around them: the marks of two of them side by side would be read together."""

MOVED = " \t\n\r"
"""White space at the ends of an element that the converter moves outside of its marks."""

EMPTY = "&nbsp;"
"""What stands for a line without a word: an empty one would be none."""


class Converter(MarkdownConverter):
    """Markdown without emphasis where CommonMark would read its marks as asterisks (0.31, 6.2: flanking runs)."""

    def process_text(self, el: NavigableString, parent_tags: set[str] | None = None) -> str:
        """A text; an exclamation mark right before a link would make an image of it."""
        made = str(super().process_text(el, parent_tags))  # type: ignore[misc]  # the package has no types
        is_before_link = made.endswith("!") and isinstance(_beside(el, "next_sibling"), Tag)
        return f"{made[:-1]}\\!" if is_before_link and "code" not in (parent_tags or ()) else made

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A link, with its URL escaped."""
        el["href"] = quote(str(el.get("href") or ""), safe=URL_SAFE)
        return str(super().convert_a(el, text, parent_tags))  # type: ignore[misc]  # the package has no types

    def convert_strong(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Strong emphasis, where it can be marked."""
        return str(super().convert_strong(el, text, parent_tags)) if may_be_marked(el, text) else text  # type: ignore[misc]

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Emphasis, where it can be marked."""
        return str(super().convert_em(el, text, parent_tags)) if may_be_marked(el, text) else text  # type: ignore[misc]

    def convert_code(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Code, where it can be marked; the converter leaves what is in it as it is, so other code is escaped."""
        if may_be_marked(el, text):
            return str(super().convert_code(el, text, parent_tags))  # type: ignore[misc]
        return str(self.escape(el.get_text(), parent_tags))  # type: ignore[attr-defined]


CONVERTER = Converter(escape_misc=True, autolinks=False)


def to_line(html: str) -> str:
    """Inline HTML as one line of Markdown."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)  # a line may be the name of a file
        return " ".join(CONVERTER.convert(html).split()) or EMPTY


def may_be_marked(element: Tag, inner: str) -> bool:
    """True where asterisks around an element are marks of emphasis.

    They are not between a letter outside and a punctuation mark inside, nor right beside those of another element.

    Args:
        element: the element.
        inner: its content as Markdown.
    """
    before, after = _beside(element, "previous_sibling"), _beside(element, "next_sibling")
    if any(isinstance(one, Tag) and one.name in MARKED for one in (before, after)):
        return False
    text, ends = element.get_text(), (_text(before)[-1:], _text(after)[:1])
    stripped = inner.strip(MOVED)
    if stripped != stripped.strip() or not any(map(str.isalnum, text)):
        return False
    is_moved = text[:1] in MOVED, text[-1:] in MOVED  # then there is white space outside
    return all(
        own.isalnum() or moved or is_apart(beside)
        for own, moved, beside in zip((stripped[0], stripped[-1]), is_moved, ends, strict=True)
    )


def is_apart(beside: str) -> bool:
    """True for white space, punctuation and symbols, and where there is nothing."""
    return not beside or beside.isspace() or unicodedata.category(beside)[0] in "PS"


def _beside(element: PageElement, side: str) -> PageElement | None:
    """What stands beside an element, also where it is the first or the last of elements around it."""
    node: PageElement | None = element
    while node is not None and getattr(node, side) is None:
        node = node.parent
    return None if node is None else getattr(node, side)


def _text(node: PageElement | None) -> str:
    return str(node) if isinstance(node, NavigableString) else node.get_text() if isinstance(node, Tag) else ""
