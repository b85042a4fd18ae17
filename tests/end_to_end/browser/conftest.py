"""A real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.needs import missing

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for this folder: Playwright's event loop runs as long, and other tests have loops of their own."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        missing("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@dataclass
class Opened:
    """A page, and all that it said and asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    """Console messages and errors."""
    asked: list[str] = field(default_factory=list)
    """URLs of requests."""

    def check(self, address: str) -> None:
        """Nothing was said, and nothing but the page itself was asked for."""
        assert self.said == []
        assert {url.partition("#")[0] for url in self.asked} == {address}

    def violations(self) -> list[str]:
        """What axe finds against WCAG 2.2 A and AA."""
        found = Axe().run(self.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Opened]]:
    """Opens pages of files or addresses, with a given size and colour scheme."""
    pages: list[Page] = []

    def open_page(where: Path | str, *, size: dict[str, int] = DESKTOP, scheme: str = "light") -> Opened:
        page = browser.new_page(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
        pages.append(page)
        found = Opened(page)
        page.on("console", lambda message: found.said.append(message.text))
        page.on("pageerror", lambda error: found.said.append(str(error)))
        page.on("request", lambda request: found.asked.append(request.url))
        page.goto(where if isinstance(where, str) else where.as_uri())
        return found

    yield open_page
    for page in pages:
        page.close()
