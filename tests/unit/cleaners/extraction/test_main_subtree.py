"""The part of a page that trafilatura is shown."""

from __future__ import annotations

from lxml.html import HtmlElement, document_fromstring

from cleaners.blocks.segment import segment
from cleaners.extraction.extractor import extract_body
from cleaners.extraction.main_subtree import ROOM, copy_subtree, main_subtree
from tests.unit.cleaners.pages import SENTENCES, html

MENU = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(40))
PROSE = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def tree(body: str) -> HtmlElement:
    return document_fromstring(html(body))


def shown(body: str) -> str:
    whole = tree(body)
    scope = main_subtree(segment(whole))
    assert scope is not None
    return str(copy_subtree(scope).text_content())


def test_menus_and_footers_are_left_out() -> None:
    text = shown(
        f"<nav><ul>{MENU}</ul></nav><main><div class='body'>{PROSE}</div></main><footer><ul>{MENU}</ul></footer>"
    )
    assert all(sentence in text for sentence in SENTENCES)
    assert "Section" not in text


def test_a_headline_and_a_lead_beside_the_container_are_shown() -> None:
    text = shown(f"<nav><ul>{MENU}</ul></nav><main><h1>Lock to close</h1><p>The lead.</p><div>{PROSE}</div></main>")
    assert "Lock to close" in text
    assert "The lead." in text


def test_no_more_is_added_than_there_is_room_for() -> None:
    lines = "".join(f"<p>Line {n}</p>" for n in range(ROOM + 1))
    assert "Line" not in shown(f"<main><section>{lines}</section><div>{PROSE}</div></main>")
    lines = "".join(f"<p>Line {n}</p>" for n in range(ROOM - 1))
    assert "Line" in shown(f"<main><section>{lines}</section><div>{PROSE}</div></main>")


def test_ancestors_keep_what_trafilatura_knows_them_by() -> None:
    whole = tree(
        f"<nav><ul>{MENU}</ul></nav><article class='story' id='a' role='article' "
        f"data-x='1'><odd-tag><div>{PROSE}</div></odd-tag></article>"
    )
    scope = main_subtree(segment(whole))
    assert scope is not None
    (article,) = copy_subtree(scope).iter("article")
    assert dict(article.attrib) == {"class": "story", "id": "a", "role": "article"}
    assert [one.tag for one in scope.element.iterancestors()] == ["odd-tag", "article", "body", "html"]
    assert [one.tag for one in article.iterancestors()] == ["body", "html"]


def test_tags_that_cannot_be_written_are_no_obstacle() -> None:
    assert SENTENCES[0] in shown(f'<bodyonload="load()"><div>{PROSE}</div></bodyonload>')


def test_the_page_is_not_changed_and_a_page_without_prose_has_no_frame() -> None:
    whole = tree(f"<main><div>{PROSE}</div> tail</main>")
    before = whole.text_content()
    blocks = segment(whole)
    extract_body(whole, blocks, "http://news.example/a")
    assert whole.text_content() == before
    assert main_subtree(segment(tree(f"<ul>{MENU}</ul>"))) is None
