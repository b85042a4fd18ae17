"""The rendering of one page: until its text is there, or its time ends."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from cleaners.types import Reason
from crawler.fetching.browser.chromium import WINDOW
from crawler.fetching.browser.page_requests import NavigatedAwayError, PageRequests
from crawler.fetching.browser.scripts import (
    ACCEPT,
    HEIGHT,
    HUNG_SECONDS,
    SCROLL,
    SERIALISE,
    STORIES,
    TEXT_LENGTH,
    HungError,
    OwnScripts,
)
from crawler.fetching.network.bounds import FetchBounds

MAX_ELEMENTS = 500_000
"""Elements of the largest page that is serialised."""

READY_SECONDS = 8.0
"""Seconds within which a page must be ready; what it has then is taken."""
QUIET_SECONDS, EMPTY_QUIET_SECONDS = 0.5, 2.5
"""Seconds without a request or new text after which a page is ready: a page with text, and one with little text."""
LITTLE_TEXT = 500
"""Characters of a page without an article."""
POLL_SECONDS = 0.1
SCROLL_STEPS = 20
"""Steps in which a page is scrolled down, each of one window."""


@dataclass(eq=False, slots=True, kw_only=True)
class Rendering:
    """The rendering of one page."""

    page: Page
    requests: PageRequests
    scripts: OwnScripts
    bounds: FetchBounds
    taken: str | None = None
    """The page's HTML before it appended other articles."""
    is_cut: bool = False
    """True for a page that was taken before it was ready."""

    async def html(self) -> str:
        """The page's HTML once it is ready, or when its time ends.

        Raises:
            LeftError: when the page goes to another one.
            HungError: when the page does not even answer once its script was terminated.
            RequestRefused: ``too_large``.
        """
        try:
            async with asyncio.timeout(max(0.1, self.requests.until - time.monotonic() - HUNG_SECONDS)):
                await self._render()
        except (TimeoutError, HungError):
            self.requests.count("terminated")
            self.is_cut = True
            self.requests.flooded.set()  # answer no more
            await self.scripts.terminate()
        self._check_left()
        self.requests.may_leave = False
        return self.taken or await self._serialised()

    async def _render(self) -> None:
        await self.page.goto(self.requests.first.url, wait_until="commit")
        await self._settle(READY_SECONDS, is_first=True)
        if self.taken is not None:
            return
        if await self._text_length() < LITTLE_TEXT and await self._run(ACCEPT):
            await self._settle(READY_SECONDS / 2)
        self.requests.may_leave = await self._text_length() < LITTLE_TEXT
        before, stories = await self._serialised(), await self._run(STORIES)
        if not await self._scroll(stories):
            self.taken = before

    @property
    def _has_moved_on(self) -> bool:
        """True once the page shows the URL of another article, which it has appended."""
        return urldefrag(self.page.url).url != urldefrag(self.requests.first.url).url

    async def _settle(self, seconds: float, *, is_first: bool = False) -> None:
        """Wait until the text stays the same and no request is in flight, for at most so many seconds.

        Args:
            seconds: the longest time.
            is_first: True where the page may append other articles as soon as it has one: it is then taken as it was.
        """
        snapshot = None
        end = quiet_since = time.monotonic()
        end += seconds
        last = -1
        while (now := time.monotonic()) < end:
            length = await self._text_length()
            if is_first and snapshot is not None and self._has_moved_on:
                self.taken = snapshot
                return
            if length != last or self.requests.in_flight:
                last, quiet_since = length, now
                if is_first and length >= LITTLE_TEXT and not self._has_moved_on:
                    snapshot = await self._serialised()
            if now - quiet_since >= (QUIET_SECONDS if length >= LITTLE_TEXT else EMPTY_QUIET_SECONDS):
                return
            await asyncio.sleep(POLL_SECONDS)

    async def _scroll(self, stories: object) -> bool:
        """Scroll down step by step, to the end that the page has by then; it may grow meanwhile.

        Returns:
            False where it grew by other articles.
        """
        if (await self._run(HEIGHT) or 0) <= WINDOW["height"]:
            return True
        for _ in range(SCROLL_STEPS):
            bottom = await self._run(SCROLL) or 0
            await asyncio.sleep(POLL_SECONDS)
            is_end = bottom >= (await self._run(HEIGHT) or 0)
            if is_end:
                await self._settle(READY_SECONDS / 4)
            if self._has_moved_on or await self._run(STORIES) != stories:
                return False
            if is_end and bottom >= (await self._run(HEIGHT) or 0):
                break
        return True

    async def _text_length(self) -> int:
        return int(await self._run(TEXT_LENGTH) or 0)

    async def _run(self, script: str) -> Any:
        """The value of a script; None while the page navigates."""
        self._check_left()
        if self.requests.flooded.is_set():
            raise HungError
        try:
            return await self.scripts.run(script)
        except PlaywrightError:
            if self.page.is_closed():
                raise
            return None

    def _check_left(self) -> None:
        if self.requests.left_to is not None:
            raise NavigatedAwayError

    async def _serialised(self) -> str:
        most = self.bounds.page_bytes
        seconds = max(HUNG_SECONDS, self.requests.until - time.monotonic())
        result = await self.scripts.run(SERIALISE % (most, MAX_ELEMENTS), seconds)
        html = result and result["html"]
        if html is None:
            raise self.bounds.refuse(Reason.TOO_LARGE, f"the rendered page has more than {most} characters")
        self.bounds.check_size(len(html.encode()), most)
        return str(html)
