"""The context of an element: its ancestors and what their tags, classes and ids say."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement


class Scope:
    """The context of an element: its ancestors and what their tags, classes and ids say. Made once an element."""

    __slots__ = ("cells", "depth", "element", "flags", "marks", "parent", "tag")

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
