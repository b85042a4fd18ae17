"""The inspect page shows what the cleaner did, and nothing of the page but its text."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace

import pytest
from lxml import html as lxml_html

from cleaners import CleanContext, Focus, Options, Page, clean
from cleaners.explain import Explanation, explain
from cleaners.types import Article
from crawler.fetching.browser.picture import BlockPlace, PagePicture
from crawler.presentation.html.inspect_page import Comparison, chip, inspect_page, lines_of, page_parts
from crawler.presentation.html.page import render, write_page
from crawler.presentation.html.recorded import explain_as_recorded
from tests.golden import cases
from tests.unit.cleaners.pages import SENTENCES, page, story
from tests.unit.crawler.presentation.html.hostile import MARK, WORDS, hostile_page

OURS = frozenset((
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "dir", "data-i", "data-kind", "data-show",
    "data-state", "role", "tabindex", "aria-selected", "aria-labelledby", "aria-label", "aria-hidden",
    "aria-controls", "aria-expanded", "type", "checked", "hidden", "open",
))  # fmt: skip
"""The attributes that the template writes."""

TAGS = frozenset((
    "html", "head", "meta", "title", "style", "body", "header", "main", "section", "aside", "h1", "h2", "h3", "p",
    "div", "span", "script", "fieldset", "legend", "label", "input", "button", "ul", "li", "dl", "dt", "dd",
    "details", "summary", "b", "br", "code",
))  # fmt: skip
"""The elements that it writes."""


def shown(found: Explanation) -> lxml_html.HtmlElement:
    return lxml_html.fromstring(inspect_page(found))


@pytest.mark.parametrize("folder", cases.page_cases(), ids=lambda folder: folder.name)
def test_every_block_is_there_once_with_its_kind(folder) -> None:
    found = explain(cases.load(folder))
    tree = shown(found)
    blocks = tree.cssselect(".b")
    assert [block.get("data-kind") for block in blocks] == [block.label.kind for block in found.blocks]
    assert [" ".join(block.text_content().split()) for block in blocks] == [
        " ".join(f"{chip(block)}{block.text}".split()) for block in found.blocks
    ]
    steps = Counter(part.kind for part in page_parts(found))
    assert steps["open"] == steps["close"] == len(tree.cssselect(".frame"))
    assert steps["fold"] == steps["unfold"] == len(tree.cssselect(".fold"))


def test_the_article_the_metadata_and_what_was_removed_stand_beside_it() -> None:
    found = explain(page(story("<p>Advertisement</p>")), with_features=True)
    tree = shown(found)
    lines = tree.cssselect(".text p")
    assert [line.text_content() for line in lines] == list(SENTENCES)
    for line in lines:
        assert tree.get_element_by_id(f"b{line.get('data-i')}").text_content().endswith(line.text_content())
    assert "title element" in tree.get_element_by_id("panel-fields").text_content()
    assert any("text:ad" in row.text_content() for row in tree.cssselect("#panel-out li[data-i]"))
    details = json.loads(tree.get_element_by_id("details").text)
    assert [details["words"][row[0]] for row in details["rows"]] == [block.label.kind for block in found.blocks]
    assert [details["words"][row[2]] for row in details["rows"]] == [block.label.rule for block in found.blocks]
    assert [row[4] for row in details["rows"]] == [block.path for block in found.blocks]


def test_a_rejection_says_why() -> None:
    text = inspect_page(explain(Page(url="https://news.example/a", body=b"")))
    assert "Rejected: decode/empty_body" in text
    assert "Nothing could be read." in text


def test_nothing_of_a_hostile_page_is_markup() -> None:
    text = inspect_page(explain(hostile_page(), with_features=True))
    tree = lxml_html.fromstring(text)
    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)} <= TAGS
    for element in tree.iter():
        assert set(element.attrib) <= OURS, element.attrib
        if element.tag not in ("meta", "style", "script"):
            assert all(MARK not in value for value in element.attrib.values())
    assert len(tree.cssselect("script")) == 2
    whole = tree.get_element_by_id("blocks").text_content()
    for word in WORDS[:4]:
        assert word.partition(" ")[0] in whole
    assert "{{ 7 * 7 }}" in whole


def test_the_policy_allows_the_page_s_own_script_alone() -> None:
    text = inspect_page(explain(page(story())))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert "default-src &#39;none&#39;" in policy[1]
    assert "connect-src &#39;none&#39;" in policy[1]
    assert "connect-src &#39;self&#39;" in inspect_page(explain(page(story())), base="/x", draft=None, host="a.example")


def test_a_comparison_marks_the_blocks_that_differ() -> None:
    asked = page(story(after="<div class='more'><p>Perhaps this is text, perhaps it is not; nobody can say.</p></div>"))
    found = explain(asked)
    other = replace(found, blocks=tuple(replace(one, label=replace(one.label, kind="other")) for one in found.blocks))
    tree = lxml_html.fromstring(inspect_page(found, Comparison(name="nothing at all", explanation=other)))
    assert len(tree.cssselect(".b.changed")) == len([one for one in found.blocks if one.label.is_body]) > 0
    same = explain(asked, CleanContext(options=Options(focus=Focus.BALANCED)))
    assert "The text is the same." in inspect_page(found, Comparison(name="balanced", explanation=same))


def test_an_earlier_record_is_compared_by_its_lines() -> None:
    asked = page(story("<p>Advertisement</p>"))
    record = clean(asked)
    assert isinstance(record, Article)
    found = explain(asked)
    same = explain_as_recorded(found, record)
    assert [one.label.is_body for one in same.blocks] == [one.label.is_body for one in found.blocks]
    earlier = replace(record, text="\n".join((*SENTENCES[1:], "Advertisement")), removed=())
    changed = [
        (one.text, one.label.is_body)
        for one, now in zip(explain_as_recorded(found, earlier).blocks, found.blocks, strict=True)
        if one.label.is_body != now.label.is_body
    ]
    assert changed == [(SENTENCES[0], False), ("Advertisement", True)]


def test_a_text_that_the_page_does_not_show_has_no_blocks() -> None:
    found = explain(page(story()))
    assert found.article is not None
    other = replace(found, article=replace(found.article, text="Only in JSON-LD.\nAll of it."))
    assert [(line.text, line.block) for line in lines_of(other)] == [("Only in JSON-LD.", -1), ("All of it.", -1)]


def test_half_of_a_character_pair_can_be_written(tmp_path) -> None:
    text = render(
        "evaluation.html",
        "tables.js",
        evaluation=type("E", (), {"summaries": (), "rival": None}),
        names=(),
        worst=(), exact="", calibration=(),
        below=["\ud800"],
    )
    write_page(tmp_path / "page.html", text)
    assert b'<li class="warn">?</li>' in (tmp_path / "page.html").read_bytes()


def test_the_key_counts_what_became_of_the_blocks() -> None:
    found = explain(page(story("<p>Advertisement</p>")))
    key = shown(found).cssselect(".key")[0].text_content()
    for mark, state in (("✓ in the text", "text"), ("◆ became a field", "field"), ("✕ left out", "left_out")):
        assert f"{mark} {sum(block.state == state for block in found.blocks)}" in key


def test_what_is_far_from_the_article_is_folded() -> None:
    tree = shown(explain(cases.load(cases.PAGES / "aspnet-indepth-box")))
    for fold in tree.cssselect(".fold"):
        blocks = fold.getnext().cssselect(".b")
        assert fold.text_content().startswith(f"{len(blocks)} block")
        assert {block.get("class").split()[1] for block in blocks} == {"o-left_out"}
    assert tree.cssselect(".fold")


def test_a_rejected_page_has_no_folds() -> None:
    found = explain(cases.load(cases.PAGES / "listing-home"))
    assert found.rejection is not None
    assert not [part for part in page_parts(found) if part.kind == "fold"]


def test_a_picture_is_part_of_the_page_and_has_its_blocks() -> None:
    found = explain(page(story()))
    index = next(n for n, block in enumerate(found.blocks) if block.label.is_body)
    picture = PagePicture(jpeg=b"\xff\xd8", width=960, height=500, places=(BlockPlace(index, 1, 2, 3, 4),))
    text = inspect_page(found, picture=picture)
    tree = lxml_html.fromstring(text)
    assert tree.cssselect("#panel-picture img")[0].get("src").startswith("data:image/jpeg;base64,/9g")
    assert tree.cssselect("rect")[0].get("data-i") == str(index)
    assert "img-src data:" in text
    assert "img-src &#39;none&#39;" in inspect_page(found)
