"""Text to tree: the only parse of a page. All later stages read this tree."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HTMLParser, HtmlProcessingInstruction, document_fromstring

from cleaners.blocks.segment import BLOCK_TAGS
from cleaners.options import Options
from cleaners.types import Html, PageRejected, Reason, Stage

DEPTH_LIMIT = 64
"""Levels of nesting that are kept.

Of 4,503 development pages two nest 98 elements, all others 56 at most. Later stages read the text of each level, so 256
levels (libxml2's own limit) of 400 kB take them 30 s.
"""

IS_TOO_DEEP = etree.XPath(f"boolean({'/*' * (DEPTH_LIMIT + 1)})")
"""True for a page that is nested deeper than ``DEPTH_LIMIT``. Takes 0.05 ms."""


NESTED_RUN = re.compile(
    rb"(?:<(?:div|span|font|b|i|center|section|ul|blockquote)\b[^<>]{0,200}>\s{0,20}){64,}", re.IGNORECASE
)
"""Consecutive opening tags that have no meaning: real pages nest 30 elements without a word between them."""


MIN_ELEMENT_LIMIT = 4_000
"""Elements that any page may have, however small it is."""

BYTES_PER_ELEMENT = 20
"""Fewest bytes of an element beyond ``MIN_ELEMENT_LIMIT``. Later stages take up to 40 µs each, if many are nested.

Of 4,503 development pages the densest has 36, of those with more than ``MIN_ELEMENT_LIMIT`` 47.
"""

MAX_ATTRIBUTES = 500
"""Attributes of an element that are read: libxml2 compares each with those before it, so that 40,000 take it 1 s.

Of 4,503 development pages the most on one element are 92.
"""

AN_ATTRIBUTE = rb"(?:[^\s<>=]++\s*+(?:=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s<>\"'][^\s<>]*+)?+\s*+)?+|[=<]\s*+)"
TOO_MANY_ATTRIBUTES = re.compile(
    rb"(<[a-zA-Z][^\s<>=]*+\s*+%b{%d}+)%b++" % (AN_ATTRIBUTE, MAX_ATTRIBUTES, AN_ATTRIBUTE)
)
"""A start tag with more attributes than that. The group ends with the last attribute that is read."""

IMPLIED = 4
"""Most elements that one tag opens: HTML allows omitting those before it (``html``, ``body``, ``tbody``, ``tr``).

A page with too few tags to reach the limit is not counted.
"""

CLASSES = etree.ElementDefaultClassLookup(
    element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
)
"""One class for all elements, looked up in C.

lxml.html's own table of classes for forms and inputs costs a Python call per element.
"""

FLAT_TAGS = BLOCK_TAGS | frozenset(("script", "style", "img", "a"))
"""Elements that become siblings where they were nested too deep: those with text of their own or with useful
attributes."""

PARAGRAPHS, PARAGRAPHS_APART = etree.XPath("//noscript//p"), etree.XPath("//p[not(ancestor::noscript)]")
MIN_NOSCRIPT_CHARS = 400
"""Characters of paragraphs in ``noscript`` from which they can be the article: requests to turn scripts on have 80 to
300."""

ATTRIBUTE = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
"""Attribute names that lxml accepts; pages also invent others."""


def parse(html: Html, options: Options) -> HtmlElement:
    """Parse a page into a tree with a ``body``, at most ``DEPTH_LIMIT`` levels deep.

    Raises:
        PageRejected: stage ``parse``; ``no_markup`` or ``too_many_elements``.
    """
    data = TOO_MANY_ATTRIBUTES.sub(rb"\1", html.data)
    tree, is_cut = _parsed(data, huge=False)
    if is_cut:
        tree, is_cut = _parsed(data, huge=True)
        if is_cut:
            tree, _ = _parsed(NESTED_RUN.sub(b"<div>", data), huge=True)
    _show_noscript(tree)
    if IS_TOO_DEEP(tree.getroottree()):
        _flatten(tree)
    _refuse_dense(tree, data, options)
    return tree


def _refuse_dense(tree: HtmlElement, data: bytes, options: Options) -> None:
    most = min(options.max_elements, MIN_ELEMENT_LIMIT + len(data) // BYTES_PER_ELEMENT)
    if data.count(b"<") * IMPLIED <= most:
        return
    count = int(tree.xpath("count(//*)"))
    if count > most:
        detail = f"{count} elements in {len(data)} bytes; the limit is {most}"
        raise PageRejected(Stage.PARSE, Reason.TOO_MANY_ELEMENTS, detail)


def _parsed(data: bytes, *, huge: bool) -> tuple[HtmlElement, bool]:
    """The tree, and whether libxml2 stopped at its depth limit."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=huge)
    parser.set_element_class_lookup(CLASSES)
    try:
        tree = document_fromstring(data, parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise PageRejected(Stage.PARSE, Reason.NO_MARKUP, str(error)) from error
    return tree, any("depth" in entry.message for entry in parser.error_log)


def _show_noscript(tree: HtmlElement) -> None:
    """Make each ``noscript`` a ``div`` where most of the page's paragraphs are in them: a reader without scripts sees
    the article there, and the others see one that a script brings.
    """
    inside = _chars(PARAGRAPHS(tree))
    if inside >= MIN_NOSCRIPT_CHARS and inside > _chars(PARAGRAPHS_APART(tree)):
        for element in tree.iter("noscript"):
            element.tag = "div"


def _chars(elements: list[HtmlElement]) -> int:
    return sum(len(text) for element in elements for text in element.itertext())


def _flatten(tree: HtmlElement) -> None:
    """Turn elements below the depth limit into siblings at the limit, in page order; text, links and pictures stay."""
    for element in [element for element, depth in _with_depth(tree) if depth == DEPTH_LIMIT and len(element)]:
        _put_side_by_side(element)


def _put_side_by_side(outer: HtmlElement) -> None:
    """Make every descendant in ``FLAT_TAGS`` a child. Linear time: each piece of text is copied once."""
    children: list[HtmlElement] = []
    texts: list[str | None] = []
    pieces: list[list[str | None]] = [texts]
    for event, element in etree.iterwalk(outer, events=("start", "end")):
        if element is outer:
            texts.append(element.text if event == "start" else None)
        elif event == "start":
            if element.tag in FLAT_TAGS:
                attributes = {name: value for name, value in element.items() if ATTRIBUTE.fullmatch(name)}
                children.append(outer.makeelement(element.tag, attributes))
                texts = []
                pieces += [texts, []]  # its text, what follows it
            texts.append(element.text)
        else:
            if element.tag in FLAT_TAGS:
                texts = pieces[-1]
            texts.append(element.tail)
    del outer[:]
    joined = ["".join(piece for piece in parts if piece) for parts in pieces]
    outer.text, *inner = joined
    for place, child in enumerate(children):
        child.text, child.tail = inner[2 * place : 2 * place + 2]
        outer.append(child)


def _with_depth(tree: HtmlElement) -> list[tuple[HtmlElement, int]]:
    elements, depth = [], 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            depth += 1
            elements.append((element, depth))
        else:
            depth -= 1
    return elements
