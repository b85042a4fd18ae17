"""Selectors of site rules: CSS or XPath, checked when they are read and evaluated on pages."""

from __future__ import annotations

import re
from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError
from lxml.etree import XPath, XPathError
from lxml.html import HtmlElement, document_fromstring

from cleaners.text.normalise import normalise

XPATH_START = re.compile(r"[/(]|\./|[a-z-]{1,20}\(")
"""How an XPath expression begins, also a call of a function; everything else is a CSS selector."""

BLANK = document_fromstring("<html><body><p>a</p></body></html>")
"""A page on which expressions are tried: unknown functions and variables are errors only when they are evaluated."""


def to_xpath(selector: str) -> str:
    """The XPath expression of a selector.

    Raises:
        ValueError: when it is neither valid CSS nor valid XPath; the message says what is wrong.
    """
    text = selector.strip()
    if not text:
        raise ValueError("the selector is empty")
    try:
        is_xpath = XPATH_START.match(text)
        return check_xpath(text) if is_xpath else HTMLTranslator().css_to_xpath(text, "descendant-or-self::")
    except SelectorError as error:
        raise ValueError(f"not a CSS selector: {text}: {error}") from error


def check_xpath(expression: str) -> str:
    """An XPath 1.0 expression that is valid.

    Raises:
        ValueError: when it is not.
    """
    try:
        XPath(expression)(BLANK)
    except XPathError as error:
        raise ValueError(f"not an XPath expression: {expression}: {error}") from error
    return expression


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> XPath:
    return XPath(expression)


def elements(tree: HtmlElement, expression: str) -> list[HtmlElement]:
    """The elements of a page that an expression selects; attributes and texts are none."""
    return [node for node in _evaluate(tree, expression) if isinstance(node, HtmlElement)]


def texts(tree: HtmlElement, expression: str) -> list[str]:
    """The texts that an expression selects: those of elements, attributes, and the results of functions."""
    selected_texts = []
    for node in _evaluate(tree, expression):
        text = node.text_content() if isinstance(node, HtmlElement) else str(node)
        if text := normalise(text).strip():
            selected_texts.append(text)
    return selected_texts


def link(tree: HtmlElement, expression: str) -> str | None:
    """The first reference that an expression selects: the ``href`` of a link or of one inside, or a text."""
    for node in _evaluate(tree, expression):
        if not isinstance(node, HtmlElement):
            return str(node).strip() or None
        for element in node.iter("a", "link"):
            if element.get("href"):
                return element.get("href")
    return None


def _evaluate(tree: HtmlElement, expression: str) -> list[object]:
    try:
        result = _compiled(expression)(tree)
    except XPathError:  # a function that fails on this page only
        return []
    if isinstance(result, list):
        return result
    return [result] if isinstance(result, str) else []
