"""A page is taught in a real browser, and the rules hold afterwards."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from cleaners import CleanContext
from crawler.presentation.labelling.server import TeachingServer
from crawler.presentation.labelling.session import Session
from crawler.quality.labelled import find_labelled
from tests.end_to_end.browser.conftest import Opened
from tests.unit.crawler.presentation.html.hostile import hostile_page
from tests.unit.crawler.presentation.labelling.test_teaching import RIVER, session

Open = Callable[..., Opened]


@contextmanager
def served(one: Session) -> Iterator[TeachingServer]:
    with TeachingServer(one, lambda _: None) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            made.shutdown()


@pytest.fixture
def river(tmp_path: Path) -> Iterator[TeachingServer]:
    with served(session(tmp_path)) as server:
        yield server


def test_blocks_are_marked_changed_undone_and_saved(opened: Open, river: TeachingServer, tmp_path: Path) -> None:
    seen = opened(river.url)
    page = seen.page
    crosshead = page.get_by_role("treeitem", name="Above the line")
    crosshead.click()
    expect(page.locator("#marked")).to_have_text("1 marked.")
    page.locator("#kind").select_option("promo")
    page.get_by_role("button", name="Not article text, but:").click()
    expect(crosshead).to_have_attribute("data-kind", "promo")
    page.get_by_role("button", name="Undo").click()
    expect(crosshead).to_have_attribute("data-kind", "subhead")
    crosshead.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Not article text, but:").click()
    page.locator("#title").fill("A corrected title")
    page.get_by_role("button", name="What would change?").click()
    expect(page.locator("#answer")).to_contain_text("remove h3.crosshead")
    expect(page.locator("#answer")).to_contain_text("2 of 2 other pages of the site would change")
    assert seen.violations() == []
    page.get_by_role("button", name="Save").click()
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
        first.get_by_role("button", name="Not article text, but:").click()
    first.close()
    second = opened(river.url).page
    expect(second.locator("#answer")).to_have_text("What was changed earlier was taken up.")
    expect(second.get_by_role("treeitem", name="Above the line")).to_have_attribute("data-kind", "other")


def test_a_hostile_page_can_be_taught_and_does_nothing(opened: Open, tmp_path: Path) -> None:
    with served(Session.of(hostile_page(), CleanContext(), tmp_path, [])) as server:
        seen = opened(server.url)
        seen.page.locator(".b").nth(3).click()
        seen.page.get_by_role("button", name="Not article text, but:").click()
        seen.page.get_by_role("button", name="What would change?").click()
        expect(seen.page.locator("#answer h3").first).to_be_visible()
        assert seen.page.evaluate("window.hacked") is None
        assert seen.said == []
        assert {url.rpartition("/")[0] for url in seen.asked} == {server.url.rstrip("/")}


def test_done_ends_the_command(opened: Open, tmp_path: Path) -> None:
    with TeachingServer(Session.of(RIVER[0], CleanContext(), tmp_path, []), lambda _: None) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        page = opened(server.url).page
        page.get_by_role("button", name="Done").click()
        expect(page.locator("#answer")).to_contain_text("The command has ended")
        thread.join(10)
        assert not thread.is_alive()
