"""Text to tree: the only parse of a page. Everything after it reads this one tree."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HTMLParser, HtmlProcessingInstruction, document_fromstring

from cleaners.options import Options
from cleaners.types import Html, Refused

DEPTH_LIMIT = 256
"""Nesting that libxml2 accepts by default; a page that nests deeper is parsed again and flattened to it."""


NESTED_RUN = re.compile(
    rb"(?:<(?:div|span|font|b|i|center|section|ul|blockquote)\b[^<>]{0,200}>\s{0,20}){64,}", re.IGNORECASE
)
"""Openings in a row that mean nothing: real pages nest 30 elements without a word between."""


IMPLIED = 4
"""Elements that one tag may open: those that HTML lets out before it (``html``, ``body``, ``tbody``, ``tr``). Fewer tags need no count."""


def parse(html: Html, options: Options) -> HtmlElement:
    """Parse a page into a tree with a ``body``, at most ``DEPTH_LIMIT`` levels deep.

    Raises:
        Refused: stage ``parse``; ``no_markup`` or ``too_many_elements``.
    """
    data = html.data
    tree, is_cut = _parsed(data, huge=False)
    if is_cut:
        tree, is_cut = _parsed(data, huge=True)
        if is_cut:
            tree, _ = _parsed(NESTED_RUN.sub(b"<div>", data), huge=True)
        _flatten(tree)
    if data.count(b"<") * IMPLIED <= options.max_elements:
        return tree
    count = int(tree.xpath("count(//*)"))
    if count > options.max_elements:
        raise Refused("parse", "too_many_elements", f"{count} elements; the limit is {options.max_elements}")
    return tree


def _parsed(data: bytes, *, huge: bool) -> tuple[HtmlElement, bool]:
    """The tree, and whether libxml2 stopped at its depth limit."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=huge)
    parser.set_element_class_lookup(CLASSES)
    try:
        tree = document_fromstring(data, parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Refused("parse", "no_markup", str(error)) from error
    return tree, any("depth" in entry.message for entry in parser.error_log)


CLASSES = etree.ElementDefaultClassLookup(
    element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
)
"""One class for all elements, found in C: lxml.html's own table of classes for forms and inputs costs a Python call an element."""

KEPT_TAGS = frozenset(("script", "style", "img", "a", "html", "body"))
"""Tags that are not unwrapped: their content is no text, or their attributes tell."""


def _flatten(tree: HtmlElement) -> None:
    """Unwrap elements nested beyond the limit; their text and children stay, in order."""
    deep = [(element, depth) for element, depth in _with_depth(tree) if depth > DEPTH_LIMIT]
    for element, _ in reversed(deep):
        if element.tag not in KEPT_TAGS:
            element.drop_tag()


def _with_depth(tree: HtmlElement) -> list[tuple[HtmlElement, int]]:
    found, depth = [], 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            depth += 1
            found.append((element, depth))
        else:
            depth -= 1
    return found
