"""The dashboard in a real browser: searched, an article opened and taught, looked at by axe."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from crawler.presentation.dashboard.server import DashboardServer
from tests.end_to_end.browser.conftest import DESKTOP, PHONE, Opened
from tests.unit.crawler.presentation.dashboard.projects import project, run

Open = Callable[..., Opened]


@pytest.fixture
def dashboard(tmp_path: Path) -> Iterator[DashboardServer]:
    gone = {"http://gone.example/": "unknown host"}
    with DashboardServer(project(tmp_path, [run(3, failed_sources=gone), run(2), run(1)]), lambda _: None) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


def test_from_a_search_to_a_lesson_and_back(opened: Open, dashboard: DashboardServer) -> None:
    seen = opened(dashboard.url)
    page = seen.page
    page.get_by_role("searchbox").fill("portage")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_have_text("portage", ignore_case=True)
    page.locator("ol.found .t a").click()
    expect(page.locator(".frame.story")).to_be_visible()
    page.get_by_role("link", name="Teach this site").click()
    page.get_by_role("treeitem", name="subhead The portage").click()
    page.get_by_role("button", name="Left out").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("Saved")
    assert list(dashboard.data.rules_folder.glob("*.toml"))
    page.get_by_role("link", name="Inspect").click()
    expect(page.get_by_role("treeitem", name="out: other The portage")).to_be_visible()
    page.get_by_role("link", name="Dashboard").click()
    expect(page.get_by_role("heading", name="What needs a look")).to_be_visible()
    assert seen.said == []


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_wcag_aa(opened: Open, dashboard: DashboardServer, size: dict[str, int], scheme: str) -> None:
    paths = ("", "search?q=river", "site?name=https%3A%2F%2Fuplandreview.example%2F", "run/3", "nothing")
    for path in paths:
        seen = opened(dashboard.url + path, size=size, scheme=scheme)
        assert seen.violations() == [], path
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert {url.partition("?")[0].rpartition(dashboard.base)[1] for url in seen.asked} == {dashboard.base}


def test_a_new_run_is_said(opened: Open, dashboard: DashboardServer) -> None:
    seen = opened(dashboard.url)
    object.__setattr__(dashboard.data, "read_runs", lambda _: [run(4), run(3)])
    seen.page.evaluate("look()")
    expect(seen.page.get_by_role("status")).to_contain_text("A run has begun or ended.")
    seen.page.get_by_role("link", name="Show it").click()
    expect(seen.page.get_by_text("Last run: run 4")).to_be_visible()
