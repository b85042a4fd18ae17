"""Trafilatura with a memory gives what it gives without."""

from __future__ import annotations

from copy import copy
from pathlib import Path

import pytest
import trafilatura
from lxml import etree
from lxml.html import HtmlElement, fromstring
from trafilatura import xpaths
from trafilatura.settings import Document, Extractor

from cleaners.blocks.segment import segment
from cleaners.extraction import remembered
from cleaners.extraction.extractor import CASCADE, FAST, PRECISE
from cleaners.extraction.main_subtree import copy_subtree, main_subtree
from cleaners.html.decode import decode
from cleaners.html.parse import parse
from cleaners.options import DEFAULT
from tests.golden.cases import load, page_cases

WITH_COMMENTS = Extractor(output_format="python", fast=True)

MODES = {"fast": FAST, "precise": PRECISE, "cascade": CASCADE, "comments": WITH_COMMENTS}

ELEMENTS = (
    '<div id="share" class="x"><p class="teaser">a</p></div>'
    '<div class="x" id="cookie">a</div><div class="cookie" id="x">a</div><div id="x" class="cookie">a</div>'
    '<section data-lp-replacement-content="">a</section><ul role="Navigation"><li class="menu">a</ul>'
    '<article><div class="post-body">a</div></article><main id="main">a</main><span style="display:none">a</span>'
    f'<div class="{"a " * remembered.MAX_CHARS}footer">a</div><i aria-hidden="true">a</i><figcaption class="caption">a'
)
"""Elements of which expressions select some; which attribute comes first matters to some."""


def extracted(extraction: object, tree: HtmlElement, mode: Extractor) -> tuple[str | None, bytes] | None:
    assert callable(extraction)
    document = extraction(tree, options=copy(mode))
    return (document.text, etree.tostring(document.body)) if isinstance(document, Document) else None


def test_the_version_is_the_one_that_was_read() -> None:
    assert trafilatura.__version__ == remembered.VERSION
    assert remembered.bare_extraction is not trafilatura.bare_extraction


@pytest.mark.parametrize("folder", page_cases(), ids=lambda folder: folder.name)
def test_the_memory_changes_no_result(folder: Path) -> None:
    tree = parse(decode(load(folder), DEFAULT), DEFAULT)
    around = main_subtree(segment(tree))
    for tree_to_read in (tree, *(() if around is None else (copy_subtree(around),))):
        for name, mode in MODES.items():
            mine = extracted(remembered.bare_extraction, tree_to_read, mode)
            assert mine == extracted(trafilatura.bare_extraction, tree_to_read, mode), name


@pytest.mark.parametrize(
    "expression",
    [
        one
        for name in ("OVERALL_DISCARD", "DISCARD_IMAGE", "TEASER_DISCARD", "BODY", "REMOVE_COMMENTS_AND_LISTS")
        for key, expressions in vars(xpaths).items()
        if key.startswith(name)
        for one in expressions
    ],
    ids=lambda one: " ".join(one.path.split())[:60],
)
def test_an_expression_selects_the_same_elements(expression: etree.XPath) -> None:
    tree = fromstring(f"<html><body>{ELEMENTS}</body></html>")
    first = remembered.Remembered(expression, is_first_enough=True)
    assert first(tree) == first(tree) == expression(tree)[:1]
    if "[1]" not in expression.path:
        assert remembered.Remembered(expression)(tree) == expression(tree)
