"""One tree from any markup, bounded."""

from __future__ import annotations

import pytest

from cleaners import Page
from cleaners.html.decode import decode
from cleaners.html.parse import DEPTH_LIMIT, parse
from cleaners.options import DEFAULT, Options
from cleaners.types import Html, PageRejected
from tests.unit.cleaners.pages import SENTENCES, html


def tree(text: str, options: Options = DEFAULT):
    return parse(Html(data=text.encode(), encoding="utf-8", evidence="utf-8"), options)


@pytest.mark.parametrize(
    "markup",
    ["<p>one", "<html><body><p>one</html>", "one<br>", "<!-- c --><p>one</p>", "<p>one</p><script>x<", "</p></div>one"],
)
def test_any_markup_has_a_body(markup: str) -> None:
    assert "one" in tree(markup).find("body").text_content()


def test_comments_are_gone() -> None:
    assert "secret" not in tree("<p>a<!-- secret -->b</p>").text_content()


@pytest.mark.parametrize("depth", [300, 1000])
def test_deep_nesting_keeps_the_text_and_is_flattened(depth: int) -> None:
    found = tree("<div>" * depth + "<p>deep down</p>" + "</div>" * depth + "<p>after</p>")
    assert "deep down" in found.text_content()
    assert "after" in found.text_content()
    assert max(len(list(element.iterancestors())) for element in found.iter()) <= DEPTH_LIMIT + 2


@pytest.mark.parametrize("reference", ["&#8a", "&#" + "0" * 30 + "1;", "&#&#1;1;", "&#\ufffe1;", "&#x8;"])
def test_what_xml_cannot_hold_is_flattened_too(reference: str) -> None:
    page = Page(url="http://a.example/", body=f"{'<div>' * 80}one {reference} <b>two</b>".encode())
    assert "one" in parse(decode(page, DEFAULT), DEFAULT).text_content()


def test_nesting_beyond_all_limits_ends() -> None:
    assert "start" in tree("<p>start</p>" + "<div>" * 20_000 + "x").text_content()


def test_too_many_elements_are_refused() -> None:
    with pytest.raises(PageRejected, match="too_many_elements"):
        tree("<p>a</p>" * 50, Options(max_elements=20))


def test_nothing_to_parse_is_refused() -> None:
    with pytest.raises(PageRejected, match="no_markup"):
        tree("<!-- only a comment -->")


PARAGRAPHS = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


@pytest.mark.parametrize(
    ("markup", "is_shown"),
    [
        pytest.param(f"<div id=app></div><noscript>{PARAGRAPHS}</noscript>", True, id="the article is only there"),
        pytest.param(f"<div>{PARAGRAPHS}</div><noscript>{PARAGRAPHS[:-9]}</noscript>", False, id="and on the page"),
        pytest.param("<noscript><p>Please turn on scripts to read this page.</p></noscript>", False, id="a request"),
    ],
)
def test_paragraphs_for_readers_without_scripts(markup: str, *, is_shown: bool) -> None:
    found = tree(html(markup))
    assert (found.find(".//noscript") is None) is is_shown
