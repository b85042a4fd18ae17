"""XPaths of a page's elements."""

from __future__ import annotations

from collections import Counter

from lxml.html import HtmlElement


class ElementPaths:
    """The XPaths of elements of one tree, as ``getpath`` of lxml writes them.

    ``getpath`` counts the siblings of an element anew each time: those of 20,000 siblings took it 3 s.
    """

    def __init__(self) -> None:
        self._known: dict[HtmlElement, str] = {}

    def path(self, element: HtmlElement) -> str:
        """The path of an element from the root, such as ``/html/body/p[2]``."""
        known = self._known.get(element)
        if known is not None:
            return known
        parent = element.getparent()
        if parent is None:
            return f"/{element.tag!s}"
        above = self.path(parent)
        totals = Counter(str(child.tag) for child in parent)
        seen: Counter[str] = Counter()
        for child in parent:
            tag = str(child.tag)
            seen[tag] += 1
            self._known[child] = f"{above}/{tag}[{seen[tag]}]" if totals[tag] > 1 else f"{above}/{tag}"
        return self._known[element]
