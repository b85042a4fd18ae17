"""Trafilatura's extraction with a cache: its expressions are evaluated once for each combination of tag and attributes.

Trafilatura evaluates its expressions on every element of a page, with a call of Python for each regular expression,
although a page, and a site, has few different combinations. Trafilatura itself is not changed: the functions are copies
that use other globals. With a version other than ``VERSION``, trafilatura's own function is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from copy import copy
from itertools import islice
from types import FunctionType
from typing import Any, TypeVar, cast

import trafilatura
from lxml.etree import Element, SubElement, XPath
from lxml.html import HtmlElement
from trafilatura import core, htmlprocessing, main_extractor, xpaths
from trafilatura.settings import Extractor

VERSION = "2.3.1"
"""The version whose functions were read: which expressions they evaluate, and which copies they make."""

TAG_IN_EXPRESSION = re.compile(r"(?:self::|\.//)(\w+)")
ATTRIBUTE_IN_EXPRESSION = re.compile(r"@([\w-]+)")

ANY = ("*",)

MAX_REMEMBERED = 4096
"""Most results that an expression caches; when the cache is full, it is emptied."""

MAX_CHARS = 400
"""Characters of the attributes that are remembered; more are data, which no other element has."""

Function = TypeVar("Function", bound=Callable[..., Any])


class Remembered:
    """An expression that selects descendants by their own tags and attributes, evaluated once for each of these."""

    def __init__(self, expression: XPath, *, is_first_enough: bool = False) -> None:
        self._expression = expression
        self._is_first_enough = is_first_enough
        self._tags = tuple(dict.fromkeys(TAG_IN_EXPRESSION.findall(expression.path))) or ANY
        self._names = tuple(dict.fromkeys(ATTRIBUTE_IN_EXPRESSION.findall(expression.path)))
        self._results: dict[tuple[str, tuple[object, ...]], bool] = {}

    def __call__(self, tree: HtmlElement) -> list[HtmlElement]:
        """The elements below ``tree`` that the expression selects, in page order; with ``is_first_enough`` only one."""
        selected = filter(self._selects, tree.iterdescendants(*self._tags))
        return list(islice(selected, 1) if self._is_first_enough else selected)

    def _selects(self, element: HtmlElement) -> bool:
        tag = str(element.tag) if self._tags is not ANY else "div"
        values: tuple[object, ...] = tuple(map(element.get, self._names))
        if values.count(None) < len(values) - 1:  # of several attributes some expressions read the first
            values = self._items(element)
        is_selected = self._results.get((tag, values))
        if is_selected is None:
            items = self._items(element)
            is_selected = self._is_selected(tag, items)
            if len(self._results) >= MAX_REMEMBERED:
                self._results.clear()
            if sum(len(value) for _, value in items) <= MAX_CHARS:
                self._results[tag, values] = is_selected
        return is_selected

    def _items(self, element: HtmlElement) -> tuple[tuple[str, str], ...]:
        """The attributes of an element that the expression reads, in their order."""
        return tuple(item for item in element.items() if item[0] in self._names)

    def _is_selected(self, tag: str, items: tuple[tuple[str, str], ...]) -> bool:
        """Whether the expression selects an element of a tag with some attributes, in their order."""
        outer = Element("html")
        SubElement(outer, tag, dict(items))
        return bool(self._expression(outer))


def _with_globals(function: Function, **replaced: object) -> Function:
    """A copy of a function in which some global names have other values."""
    same = FunctionType(
        function.__code__,
        {**function.__globals__, **replaced},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    same.__kwdefaults__ = function.__kwdefaults__
    return cast("Function", same)


def _remembered(expressions: Iterable[XPath], *, is_first_enough: bool = False) -> list[Remembered | XPath]:
    """The expressions with a cache, except those that also depend on an element's content."""
    return [
        expression if "not(.//" in expression.path else Remembered(expression, is_first_enough=is_first_enough)
        for expression in expressions
    ]


def _prepared(tree: HtmlElement, options: Extractor, url: str | None) -> tuple[HtmlElement, HtmlElement | None]:
    """``core._prepare_tree`` without the copy that only comments and the comparison of extractors read."""
    cleaned = htmlprocessing.tree_cleaning(copy(tree), options)
    backup = None if options.fast and not options.comments else copy(cleaned)
    return htmlprocessing.convert_tags(cleaned, options, url), backup


def _remembering() -> Callable[..., object]:
    """``trafilatura.bare_extraction`` with a memory."""
    prune = _with_globals(
        main_extractor.prune_unwanted_sections,
        OVERALL_DISCARD_XPATH=_remembered(xpaths.OVERALL_DISCARD_XPATH),
        DISCARD_IMAGE_ELEMENTS=_remembered(xpaths.DISCARD_IMAGE_ELEMENTS),
        TEASER_DISCARD_XPATH=_remembered(xpaths.TEASER_DISCARD_XPATH),
    )
    content = _with_globals(
        main_extractor.extract_content,
        _extract=_with_globals(
            main_extractor._extract,  # noqa: SLF001  of the version that was read
            BODY_XPATH=_remembered(xpaths.BODY_XPATH, is_first_enough=True),
            prune_unwanted_sections=prune,
        ),
        recover_wild_text=_with_globals(main_extractor.recover_wild_text, prune_unwanted_sections=prune),
    )
    compare = _with_globals(core._extract_and_compare, extract_content=content)  # noqa: SLF001
    steps = {"_prepare_tree": _prepared, "_extract_and_compare": compare}
    sequence = _with_globals(
        core.trafilatura_sequence,
        RAW_TREE_PRUNE_XPATH=_remembered(xpaths.RAW_TREE_PRUNE_XPATH),
        REMOVE_COMMENTS_XPATH=_remembered(xpaths.REMOVE_COMMENTS_XPATH),
        REMOVE_COMMENTS_AND_LISTS_XPATH=_remembered(xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH),
        _recall_retry=_with_globals(core._recall_retry, **steps),  # noqa: SLF001
        **steps,
    )
    return _with_globals(core.bare_extraction, trafilatura_sequence=sequence)


bare_extraction: Callable[..., Any] = (
    _remembering() if trafilatura.__version__ == VERSION else trafilatura.bare_extraction
)
"""``trafilatura.bare_extraction``, with the same result."""
