"""The pages in a real browser: pointed at, moved through with the keyboard, sorted, and read by axe."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from cleaners.explain import explain
from cleaners.pipeline import view_page
from crawler.fetching.browser.picture import draw_page
from crawler.presentation.html.evaluation_page import write_evaluation
from crawler.presentation.html.inspect_page import Comparison, inspect_page
from crawler.presentation.html.page import write_page
from crawler.presentation.html.report_page import report_page
from crawler.quality.evaluate import Evaluation, Prediction, score, summarise
from tests.end_to_end.browser.conftest import DESKTOP, PHONE, Opened
from tests.golden import cases
from tests.unit.cleaners.pages import SENTENCES, page, story
from tests.unit.crawler.presentation.html.hostile import hostile_page, large_page
from tests.unit.crawler.presentation.html.test_report_page import reported
from tests.unit.crawler.quality.test_evaluate import ROW

Open = Callable[..., Opened]


@pytest.fixture
def inspected(tmp_path: Path) -> Path:
    found = explain(
        page(story("<p>Advertisement</p>", after="<aside><p>Sign up for our letter</p></aside>")), with_features=True
    )
    labels = [replace(one.label, kind="other") if one.text == SENTENCES[1] else one.label for one in found.blocks]
    blocks = tuple(replace(one, label=label) for one, label in zip(found.blocks, labels, strict=True))
    path = tmp_path / "inspect.html"
    write_page(path, inspect_page(found, Comparison(name="focus precision", explanation=replace(found, blocks=blocks))))
    return path


def test_blocks_are_pointed_at_and_linked(opened: Open, inspected: Path) -> None:
    seen = opened(inspected)
    seen.page.get_by_role("treeitem", name="Advertisement").hover()
    panel = seen.page.locator("#detail")
    expect(panel).to_contain_text("text:ad")
    line = seen.page.locator(".text p", has_text=SENTENCES[0])
    line.hover()
    expect(seen.page.get_by_role("treeitem", name=SENTENCES[0])).to_have_class("b o-text on")
    expect(panel).to_contain_text("What the model weighed")
    line.click()
    expect(seen.page.get_by_role("treeitem", name=SENTENCES[0])).to_be_focused()
    seen.check(inspected.as_uri())


def test_the_keyboard_moves_between_blocks(opened: Open, inspected: Path) -> None:
    seen = opened(inspected)
    options = seen.page.get_by_role("treeitem")
    options.first.focus()
    seen.page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_be_focused()
    expect(seen.page.locator("#detail")).to_contain_text("block 2 of")
    seen.page.keyboard.press("End")
    expect(options.last).to_be_focused()
    seen.page.keyboard.press("Home")
    expect(options.first).to_be_focused()
    assert seen.page.locator(".b[tabindex='0']").count() == 1
    seen.page.keyboard.press("Enter")
    seen.check(inspected.as_uri())


def test_kinds_are_switched_off_and_on(opened: Open, inspected: Path) -> None:
    seen = opened(inspected)
    ad = seen.page.locator(".b[data-kind='ad']")
    seen.page.get_by_text("Why, and more about the page").click()
    box = seen.page.get_by_label("ad 1")
    box.uncheck()
    expect(ad).to_be_hidden()
    seen.page.get_by_role("treeitem", name=SENTENCES[2]).focus()
    seen.page.keyboard.press("ArrowDown")  # over the hidden one
    expect(seen.page.get_by_role("treeitem", name=SENTENCES[3])).to_be_focused()
    box.check()
    expect(ad).to_be_visible()


def test_a_comparison_leads_to_its_blocks(opened: Open, inspected: Path) -> None:
    seen = opened(inspected)
    seen.page.get_by_role("button", name="− only here").click()
    expect(seen.page.get_by_role("treeitem", name=SENTENCES[1])).to_be_focused()
    expect(seen.page.locator("#detail")).to_contain_text("focus precision: other")


def test_tables_are_sorted(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_page(path, report_page(reported(), [reported(6), reported(5)]))
    seen = opened(path)
    head = seen.page.locator("section.site table").first.get_by_role("button", name="URLs")
    column = seen.page.locator("section.site table").first.locator("tbody td:nth-child(3)")
    head.click()
    assert column.all_inner_texts() == ["1", "2", "3", "4"]
    head.click()
    assert column.all_inner_texts() == ["4", "3", "2", "1"]
    seen.check(path.as_uri())


def evaluation(folder: Path) -> Path:
    pages = [score({**ROW, "id": str(n)}, Prediction("one two three four", None, None)) for n in range(5)]
    texts = ["ours: f1 0.66, floor 0.7"]
    return write_evaluation(folder, Evaluation(summaries=summarise(pages), worst=()), texts, None)  # type: ignore[arg-type]


def written(name: str, folder: Path) -> Path:
    """One of the pages."""
    path = folder / f"{name}.html"
    if name == "evaluation":
        return evaluation(folder)
    if name == "arabic":
        write_page(path, inspect_page(explain(cases.load(cases.PAGES / "arabic-rtl"))))
    else:
        run = reported(failed_sources={"http://b.example/": "unknown host"})
        write_page(path, report_page(run, [reported(6), reported(5)]))
    return path


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_wcag_aa(opened: Open, inspected: Path, size: dict[str, int], scheme: str) -> None:
    pages = [inspected, *(written(name, inspected.parent) for name in ("arabic", "report", "evaluation"))]
    for path in pages:
        seen = opened(path, size=size, scheme=scheme)
        assert seen.violations() == [], path
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        seen.check(path.as_uri())


def test_text_from_right_to_left_stands_right(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "arabic.html"
    write_page(path, inspect_page(explain(cases.load(cases.PAGES / "arabic-rtl"))))
    seen = opened(path)
    block = seen.page.locator(".text p").first
    assert block.evaluate("one => getComputedStyle(one).direction") == "rtl"


def test_a_hostile_page_does_nothing(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    write_page(path, inspect_page(explain(hostile_page(), with_features=True)))
    seen = opened(path)
    for block in seen.page.get_by_role("treeitem").all():
        block.hover()
    seen.page.wait_for_timeout(200)
    assert seen.page.evaluate("window.hacked") is None
    seen.check(path.as_uri())


def test_a_large_page_can_be_used(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    write_page(path, inspect_page(explain(large_page())))
    seen = opened(path)
    seen.page.get_by_role("treeitem").first.focus()
    seen.page.keyboard.press("End")
    expect(seen.page.locator("#detail")).to_contain_text("block 10001 of 10001")
    seen.page.keyboard.press("ArrowUp")
    seen.check(path.as_uri())


def test_the_details_are_data(tmp_path: Path, opened: Open, inspected: Path) -> None:
    seen = opened(inspected)
    details = json.loads(seen.page.locator("#details").text_content() or "")
    assert len(details["rows"]) == seen.page.get_by_role("treeitem").count()


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """An inspect page with a picture."""
    asked = cases.load(cases.PAGES / "aspnet-indepth-box")
    found = explain(asked, with_features=True)
    path = tmp_path / "drawn.html"
    # Playwright's loop of this thread is the fixture's
    with ThreadPoolExecutor(1) as pool:
        paths = [block.path for block in found.blocks]
        picture = pool.submit(draw_page, view_page(asked).tree, paths).result()
    assert picture is not None
    write_page(path, inspect_page(found, picture=picture))
    return path


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_picture_has_the_blocks_where_they_are(opened: Open, drawn: Path, size: dict[str, int]) -> None:
    seen = opened(drawn, size=size)
    seen.page.get_by_role("tab", name="Picture").click()
    rectangle = seen.page.locator("rect.r-text").first
    rectangle.hover()
    expect(seen.page.locator("#detail")).to_contain_text("in the text: paragraph")
    rectangle.click()
    expect(seen.page.get_by_role("treeitem", selected=True)).to_have_class(re.compile("o-text on"))
    assert seen.violations() == []
    seen.check(drawn.as_uri())


def test_it_opens_at_the_article_with_the_rest_folded(opened: Open, drawn: Path) -> None:
    seen = opened(drawn)
    headline = seen.page.locator(".b[data-kind='title']")
    expect(headline).to_be_in_viewport()
    fold = seen.page.locator(".fold").first
    inside = fold.locator("xpath=following-sibling::*[1]").locator(".b").first
    expect(inside).to_be_hidden()
    fold.focus()
    seen.page.keyboard.press("ArrowRight")
    expect(inside).to_be_visible()
    seen.page.keyboard.press("ArrowDown")
    expect(inside).to_be_focused()
    fold.focus()
    seen.page.keyboard.press("Enter")
    expect(inside).to_be_hidden()


def test_the_three_states_are_switched_off_and_on(opened: Open, inspected: Path) -> None:
    seen = opened(inspected)
    key = seen.page.get_by_label("✕ left out")
    key.uncheck()
    assert seen.page.locator(".b.o-left_out:visible").count() == 0
    assert seen.page.locator(".b.o-text:visible").count() > 0
    key.check()
    expect(seen.page.locator(".b.o-left_out[data-kind='ad']")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_tabs_show_fields_and_what_was_left_out(opened: Open, inspected: Path, size: dict[str, int]) -> None:
    seen = opened(inspected, size=size)
    for name, text in (("Fields", "title element"), ("Left out", "Advertisement"), ("Article", SENTENCES[0])):
        seen.page.get_by_role("tab", name=name).click()
        expect(seen.page.get_by_role("tabpanel", name=name)).to_contain_text(text)
        expect(seen.page.get_by_role("tabpanel", name=name)).to_be_in_viewport()
        assert seen.violations() == []
    seen.page.keyboard.press("ArrowRight")
    expect(seen.page.get_by_role("tab", name="Fields")).to_be_focused()


NO_BROKEN_WORDS = """() => [...document.querySelectorAll('td, th, dt, dd, .k, .t, .rows b')].filter(one => {
  const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest('.mono, code, a') || !one.checkVisibility()) continue;
    for (const word of node.data.matchAll(/[\\p{L}\\p{M}]+/gu)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) return true;
    }
  }
  return false;
}).map(one => one.textContent)"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", ["drawn", "report", "evaluation"])
def test_no_word_is_broken(
    opened: Open, tmp_path: Path, request: pytest.FixtureRequest, name: str, size: dict[str, int]
) -> None:
    path = request.getfixturevalue("drawn") if name == "drawn" else written(name, tmp_path)
    seen = opened(path, size=size)
    tabs = seen.page.get_by_role("tab").all() if name == "drawn" else []
    for tab in tabs:
        tab.click()
        assert seen.page.evaluate(NO_BROKEN_WORDS) == []
    assert seen.page.evaluate(NO_BROKEN_WORDS) == []


@pytest.mark.parametrize(
    "odd",
    [
        "<p data-copydesk-block='abc'>x</p><p data-copydesk-block='-5'>y</p><p data-copydesk-block='99999'>z</p>",
        "<noscript><meta http-equiv=refresh content='0;url=http://127.0.0.1:1/'></noscript><base href='http://a.b/'>",
        "<div style='width:1e9px;height:1e9px'>wide</div>",
    ],
    ids=["attributes", "refresh", "huge"],
)
def test_an_odd_page_has_a_picture(browser: Browser, odd: str) -> None:
    asked = page(story(odd))
    found = explain(asked)
    with ThreadPoolExecutor(1) as pool:
        paths = [block.path for block in found.blocks]
        picture = pool.submit(draw_page, view_page(asked).tree, paths).result()
    assert picture is not None
    assert picture.jpeg.startswith(b"\xff\xd8")
    assert all(0 <= place.block < len(found.blocks) for place in picture.places)
