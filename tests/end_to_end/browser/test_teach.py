"""A page is taught in a real browser, and the rules hold afterwards."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from cleaners import CleanContext
from cleaners.site import SiteKnowledge
from cleaners.site.rules.folder import read_folder
from crawler.presentation.labelling.server import TeachingServer
from crawler.presentation.labelling.session import Session
from crawler.quality.labelled import find_labelled
from tests.end_to_end.browser.conftest import Opened
from tests.unit.cleaners.pages import SENTENCES, page, story
from tests.unit.crawler.presentation.html.hostile import hostile_page
from tests.unit.crawler.presentation.labelling.test_teaching import RIVER

Open = Callable[..., Opened]


def opened_session(folder: Path, number: int = 0) -> Session:
    """A session of one of the pages, with the rules that the folder has now."""
    book = read_folder(folder).book if list(folder.glob("*.toml")) else None
    context = CleanContext(site=SiteKnowledge(rules=book)) if book else CleanContext()
    others = [one for one in RIVER if one is not RIVER[number]]
    return Session.of(RIVER[number], context, folder, others)


@contextmanager
def served(open_: Callable[[], Session]) -> Iterator[TeachingServer]:
    with TeachingServer(open_, lambda _: None) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            made.shutdown()


@pytest.fixture
def river(tmp_path: Path) -> Iterator[TeachingServer]:
    with served(lambda: opened_session(tmp_path)) as server:
        yield server


def test_blocks_are_marked_changed_undone_and_saved(opened: Open, river: TeachingServer, tmp_path: Path) -> None:
    seen = opened(river.url)
    page = seen.page
    crosshead = page.get_by_role("treeitem", name="Above the line")
    crosshead.click()
    expect(page.locator("#marked")).to_have_text("1 marked.")
    page.locator("#kind").select_option("promo")
    page.get_by_role("button", name="Other kind:").click()
    expect(crosshead).to_have_attribute("data-kind", "promo")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(crosshead).to_have_attribute("data-kind", "subhead")
    crosshead.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Other kind:").click()
    page.get_by_role("tab", name="Fields").click()
    page.locator("#title").fill("A corrected title")
    page.get_by_role("button", name="What would change?").click()
    expect(page.locator("#answer")).to_contain_text("remove h3.crosshead")
    expect(page.locator("#answer")).to_contain_text("2 of 2 other pages of the site would change")
    assert seen.violations() == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("Saved")
    (stored,) = find_labelled(tmp_path)
    assert "Above the line" not in stored.text.split("\n")
    record = json.loads((stored.folder / "expected.json").read_text())
    assert record["title"] == "A corrected title"
    assert {one["kind"] for one in record["removed"] if one["text"] == "Above the line"} == {"promo"}
    assert seen.said == []
    assert {url.rpartition("/")[0] for url in seen.asked} == {river.url.rstrip("/")}


def test_several_blocks_are_marked_by_dragging_and_with_shift(opened: Open, river: TeachingServer) -> None:
    page = opened(river.url).page
    for fold in page.locator(".fold").all():
        fold.click()
    options = page.locator(".b")
    options.nth(2).hover()
    page.mouse.down()
    options.nth(4).hover()
    page.mouse.up()
    expect(page.locator("#marked")).to_have_text("3 marked.")
    options.nth(6).click(modifiers=["Shift"])
    expect(page.locator("#marked")).to_have_text("5 marked.")
    page.get_by_role("button", name="Unmark").click()
    expect(page.locator("#marked")).to_have_text("No block is marked.")
    options.nth(3).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("#marked")).to_have_text("2 marked.")


def test_a_browser_that_is_closed_loses_nothing(opened: Open, river: TeachingServer) -> None:
    first = opened(river.url).page
    first.get_by_role("treeitem", name="Above the line").click()
    with first.expect_response("**/draft"):
        first.get_by_role("button", name="Left out").click()
    first.close()
    second = opened(river.url).page
    expect(second.locator("#answer")).to_have_text("Your earlier marks are shown.")
    expect(second.get_by_role("treeitem", name="Above the line")).to_have_attribute("data-kind", "other")


def test_a_hostile_page_can_be_taught_and_does_nothing(opened: Open, tmp_path: Path) -> None:
    with served(lambda: Session.of(hostile_page(), CleanContext(), tmp_path, [])) as server:
        seen = opened(server.url)
        seen.page.locator(".b").nth(3).click()
        seen.page.get_by_role("button", name="Left out").click()
        seen.page.get_by_role("button", name="What would change?").click()
        expect(seen.page.locator("#answer h3").first).to_be_visible()
        assert seen.page.evaluate("window.hacked") is None
        assert seen.said == []
        assert {url.rpartition("/")[0] for url in seen.asked} == {server.url.rstrip("/")}


def test_done_ends_the_command(opened: Open, tmp_path: Path) -> None:
    with TeachingServer(lambda: opened_session(tmp_path), lambda _: None) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        page = opened(server.url).page
        page.get_by_role("button", name="Done").click()
        expect(page.locator("#answer")).to_contain_text("The command has ended")
        thread.join(10)
        assert not thread.is_alive()


def test_the_article_follows_each_mark_at_once(opened: Open, river: TeachingServer) -> None:
    page = opened(river.url).page
    line = page.locator(".text p", has_text="Above the line")
    crosshead = page.get_by_role("treeitem", name="Above the line")
    place = page.locator(".text p").all_text_contents().index("Above the line")
    crosshead.click()
    page.get_by_role("button", name="Left out").click()
    expect(line).to_have_count(0)
    expect(crosshead).to_have_class(re.compile("o-left_out"))
    crosshead.click()
    page.get_by_role("button", name="Text", exact=False).first.click()
    expect(line).to_have_count(1)
    assert page.locator(".text p").all_text_contents()[place] == "Above the line"
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(line).to_have_count(0)


def test_fields_are_taught_by_marking(opened: Open, river: TeachingServer, tmp_path: Path) -> None:
    page = opened(river.url).page
    subhead = page.get_by_role("treeitem", name="Above the line")
    subhead.click()
    page.get_by_role("button", name="◆ Title", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("Title: Above the line")
    page.get_by_role("tab", name="Fields").click()
    expect(page.locator("#title")).to_have_value("Above the line")
    page.get_by_role("treeitem").filter(has_text="Above the line").click()
    page.get_by_role("button", name="◆ Date", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("says nothing of this field")
    page.get_by_role("button", name="Unmark").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("title h3.crosshead")
    assert "title = [" in next(tmp_path.glob("*.toml")).read_text()


def test_done_with_changes_that_are_not_saved_asks(opened: Open, river: TeachingServer) -> None:
    page = opened(river.url).page
    page.get_by_role("treeitem", name="Above the line").click()
    page.get_by_role("button", name="Left out").click()
    expect(page.locator("#dirty")).to_contain_text("not saved")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#answer")).to_contain_text("There are changes that are not saved.")
    page.get_by_role("button", name="Save, then end").click()
    expect(page.locator("#answer")).to_contain_text("The command has ended")


def test_rules_are_shown_with_their_pages_and_taken_back_one_by_one(
    opened: Open, river: TeachingServer, tmp_path: Path
) -> None:
    seen = opened(river.url)
    page = seen.page
    page.get_by_role("treeitem", name="Above the line").click()
    page.get_by_role("button", name="Left out").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("Saved")
    page.get_by_role("tab", name="Rules").click()
    rules = page.locator("#rules")
    expect(rules).to_contain_text("remove h3.crosshead")
    expect(rules).to_contain_text("It selects something on 3 of 3 known pages")
    assert seen.violations() == []
    page.get_by_role("button", name="Take this rule back").click()
    expect(page.locator("#answer")).to_contain_text("taken back: remove h3.crosshead")
    expect(page.locator(".text p", has_text="Above the line")).to_have_count(1)
    page.get_by_role("tab", name="Rules").click()
    expect(rules).to_contain_text("Nothing is taught of this site yet.")
    page.get_by_role("button", name="Undo this lesson").click()
    expect(page.locator("#answer")).to_contain_text("undone")
    page.get_by_role("tab", name="Rules").click()
    expect(rules).to_contain_text("remove h3.crosshead")
    assert "h3.crosshead" in next(tmp_path.glob("*.toml")).read_text()
    assert seen.said == []


def test_a_finger_marks_on_a_phone(browser: Browser, river: TeachingServer) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(river.url)
    crosshead = page.get_by_role("treeitem", name="Above the line")
    crosshead.scroll_into_view_if_needed()
    crosshead.tap()
    expect(page.locator("#marked")).to_have_text("1 marked.")
    page.get_by_role("button", name="Left out").tap()
    expect(crosshead).to_have_class(re.compile("o-left_out"))
    page.get_by_role("tab", name="Article").tap()
    expect(page.locator(".text p", has_text="Above the line")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).tap()
    expect(page.locator("#answer")).to_contain_text("Saved")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_blocks_with_the_same_markup_are_offered_and_a_lesson_that_was_not_learnt_is_said(
    opened: Open, tmp_path: Path
) -> None:
    notes = "".join(f"<p class='round'>Round the county: {line}</p>" for line in SENTENCES[:3])
    asked = page(story(notes, after=""))
    with served(lambda: Session.of(asked, CleanContext(), tmp_path, [])) as server:
        seen = opened(server.url).page
        first = seen.locator(".b", has_text="Round the county").first
        first.click()
        seen.get_by_role("button", name="Left out").click()
        seen.get_by_role("button", name="Save", exact=True).click()
        expect(seen.get_by_role("heading", name="Saved, but not all of it was learnt")).to_be_visible()
        seen.get_by_role("button", name="Undo", exact=True).click()
        first.click()
        more = seen.get_by_role("button", name="Mark 2 more with the same markup")
        more.click()
        expect(seen.locator("#marked")).to_have_text("3 marked.")
        seen.get_by_role("button", name="Left out").click()
        expect(seen.locator(".text p", has_text="Round the county")).to_have_count(0)
        seen.get_by_role("tab", name="Left out").click()
        expect(seen.locator("#panel-out li", has_text="Round the county")).to_have_count(3)
        seen.get_by_role("button", name="Save", exact=True).click()
        expect(seen.locator("#answer")).to_contain_text("remove p.round")


def test_what_is_typed_and_what_crawls_will_have_are_told_apart(opened: Open, river: TeachingServer) -> None:
    seen = opened(river.url).page
    seen.get_by_role("tab", name="Fields").click()
    seen.locator("#authors").fill("Somebody Else")
    seen.get_by_role("button", name="What would change?").click()
    expect(seen.locator("#answer")).to_contain_text("authors: you typed “Somebody Else”; crawls will have")
