"""XPaths of a page's elements."""

from __future__ import annotations

from lxml.html import HtmlElement


class ElementPaths:
    """The XPaths of elements of one tree, as ``getpath`` of lxml writes them.

    ``getpath`` counts the siblings of an element anew each time: those of 20,000 siblings took it 3 s.
    """

    def __init__(self) -> None:
        self._paths: dict[HtmlElement, str] = {}

    def path(self, element: HtmlElement) -> str:
        """The path of an element from the root, such as ``/html/body/p[2]``."""
        cached_path = self._paths.get(element)
        if cached_path is not None:
            return cached_path
        parent = element.getparent()
        if parent is None:
            return f"/{element.tag!s}"
        above = self.path(parent)
        same: dict[str, list[HtmlElement]] = {}
        for child in parent:
            same.setdefault(str(child.tag), []).append(child)
        for tag, children in same.items():
            if len(children) == 1:
                self._paths[children[0]] = f"{above}/{tag}"
                continue
            for number, child in enumerate(children, 1):
                self._paths[child] = f"{above}/{tag}[{number}]"
        return self._paths[element]
