"""Draws the pictures of the documents from our own pages.

    python -m tests.end_to_end.browser.pictures

Writes ``docs/images``: the inspect, report, dashboard and teaching pages, at a laptop's and at a phone's width.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import msgspec
from playwright.sync_api import Page, sync_playwright

from cleaners import CleanContext
from cleaners.explain import explain
from crawler.presentation.dashboard.server import DashboardServer
from crawler.presentation.html.inspect_page import inspect_page
from crawler.presentation.html.page import write_page
from crawler.presentation.html.report_page import report_page
from crawler.presentation.labelling.server import TeachingServer
from crawler.presentation.labelling.session import Session
from crawler.run_report.report_types import ReportedRun, SiteAccount
from tests.golden import cases
from tests.unit.crawler.presentation.dashboard.projects import project
from tests.unit.crawler.presentation.dashboard.projects import run as project_run
from tests.unit.crawler.presentation.html.test_report_page import reported
from tests.unit.crawler.run_report.reports import site_account

IMAGES = Path(__file__).resolve().parents[3] / "docs" / "images"
SITE = cases.SITES / "harbour-post.example" / "news" / "quay-lights"


def draw(page: Page, address: str, name: str, first: str | None = None) -> None:
    """Write the pictures of a page; a block with a text is pointed at."""
    for suffix, width, height in (("", 1280, 860), ("-phone", 390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(address)
        if first is not None:
            page.locator(".b", has_text=first).first.click()
        page.screenshot(path=str(IMAGES / f"{name}{suffix}.png"))


def earlier(number: int, sites: dict[str, SiteAccount]) -> ReportedRun:
    """A run some hours before, with other numbers of articles."""
    run, report = reported(30 - number, sites)
    changed = {}
    for place, (name, account) in enumerate(sites.items()):
        more = (7 * number + 3 * place) % 13 - 6
        changed[name] = msgspec.structs.replace(
            account,
            found=account.found + more,
            written=account.written + more,
            new=account.new + more,
            missing={"authors": (5 * number + place) % 9},
            confidence=0.7 + (number * 3 + place) % 7 / 50,
            seconds=account.seconds + (number * 5 + place) % 8,
        )
    at = run.started - 3_600 * number
    return ReportedRun(replace(run, started=at, ended=at + 60), msgspec.structs.replace(report, sites=changed))


def main() -> None:
    """Draw all of them."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(color_scheme="light")
        shown = folder / "inspect.html"
        asked = cases.load_site_page(SITE)
        write_page(shown, inspect_page(explain(asked, with_features=True)))
        draw(page, shown.as_uri(), "inspect", first="How they voted")
        report = folder / "report.html"
        names = ("harbour-post", "valley-courier", "uplandreview")
        sites = {f"http://{name}.example/": site_account(confidence=0.79) for name in names}
        gone = {"http://ferry-times.example/": "HTTP 503"}
        low = ["http://valley-courier.example/: authors 25%, usually 100%"]
        run = reported(sites=sites, failed_sources=gone, degraded=low)
        write_page(report, report_page(run, [earlier(number, sites) for number in range(1, 25)]))
        draw(page, report.as_uri(), "report")
        river = cases.load(cases.PAGES / "multipage-river-1")
        with TeachingServer(lambda: Session.of(river, CleanContext(), folder, []), lambda _: None) as teaching:
            threading.Thread(target=teaching.serve_forever, daemon=True).start()
            draw(page, teaching.url, "teach", first="Above the line")
            teaching.shutdown()
        runs = [project_run(3, failed_sources=gone), project_run(2), project_run(1)]
        with DashboardServer(project(folder, runs), lambda _: None) as dashboard:
            threading.Thread(target=dashboard.serve_forever, daemon=True).start()
            draw(page, dashboard.url, "dashboard")
            dashboard.shutdown()
        browser.close()


if __name__ == "__main__":
    main()
