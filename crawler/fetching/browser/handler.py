"""A download handler that renders pages by script, in a Chromium that has no network.

Requests with ``meta["render"]`` are first downloaded as any other. Where the response is an HTML page, Chromium renders
it. Each request of the page is intercepted and answered with a response that ``BoundedDownloadHandler`` downloads, so
that the URL policy, the resolver and the limits hold for each request and each redirect. What is not intercepted (the
redirects that Chromium follows itself, WebSockets, WebRTC) fails: Chromium is started with a proxy that does not exist.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace
from typing import Any, ClassVar, Self
from weakref import WeakValueDictionary

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import Headers, HtmlResponse, Response
from scrapy.utils.httpobj import urlparse_cached
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.config.plan import plan_of
from crawler.config.settings_values import SettingsValues
from crawler.fetching.browser.chromium import LazyBrowser, context_options, launch_options
from crawler.fetching.browser.contexts import Contexts
from crawler.fetching.browser.foreign import OtherOrigins, Pace
from crawler.fetching.browser.page_requests import NavigatedAwayError, PageRequests
from crawler.fetching.browser.render import Rendering
from crawler.fetching.browser.scripts import BEFORE, HungError, OwnScripts
from crawler.fetching.network.download_handler import BoundedDownloadHandler
from crawler.fetching.politeness.robots import Robots
from crawler.fetching.politeness.walls import is_challenge
from crawler.signals import page_rendered
from crawler.types import RENDER, RENDERED

FIRST = "render_first"
"""Key of the inner request's ``meta``: the response that was downloaded."""

MAX_PAGES = 2
"""Pages that are rendered at a time."""

BROWSER_PAGES = 1_000
"""Pages after which the browser is closed, once it is idle."""

CLOSE_SECONDS = 3.0
"""Seconds that closing a page or a context may take."""

EXTRA_SECONDS = 12.0
"""Seconds beyond a page's own after which the browser itself is taken for hung: launch, new page, closing."""


class RenderingDownloadHandler(ScrapyPlaywrightDownloadHandler, BoundedDownloadHandler):
    """Downloads pages within limits, and renders those with ``meta["render"]``.

    scrapy-playwright manages the browser, its contexts and pages. Of its handling of a page only
    ``_download_request_with_page`` is replaced.
    """

    lazy = False
    _of_crawler: ClassVar[WeakValueDictionary[Crawler, Self]] = WeakValueDictionary()

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.browser_provider_cls = LazyBrowser
        self.config.launch_options = launch_options(SettingsValues.of(crawler.settings).chromium)
        self.config.max_pages_per_context = 1
        self.config.target_closed_max_retries = 1
        self._places = asyncio.Semaphore(MAX_PAGES)
        self._contexts = Contexts()
        self._pace = Pace()
        self._busy: dict[str, int] = {}
        self._guarded: set[str] = set()
        self._pages = 0
        self._is_closed = False
        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)  # it logs failures with tracebacks

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The handler of a crawl. Scrapy asks for one for each scheme; two would have two browsers."""
        made = cls._of_crawler.get(crawler)
        if made is None:
            cls._of_crawler[crawler] = made = cls(crawler)
        return made

    async def close(self) -> None:
        """Close the browser. Scrapy does so for each scheme."""
        if not self._is_closed:
            self._is_closed = True
            await super().close()

    async def download_request(self, request: Request) -> Response:
        """Download a page, and render it where that is asked for.

        Raises:
            RequestRefused: as ``BoundedDownloadHandler``; ``too_large`` for a rendered page.
            DownloadTimeoutError, DownloadFailedError: for a page that cannot be rendered.
        """
        first = await BoundedDownloadHandler.download_request(self, request)
        if not request.meta.get(RENDER) or not isinstance(first, HtmlResponse) or first.status != 200:
            return first
        if is_challenge(first):  # to run it would be to solve it; Walls refuses it
            return first
        if self._replay is not None and (html := self._replay.rendered(request)) is not None:
            return rendered_response(first, html)
        async with self._places:
            return await self._rendered(request, first)

    async def _rendered(self, request: Request, first: Response) -> Response:
        name = self._contexts.take(urlparse_cached(request).netloc)
        self._busy[name] = self._busy.get(name, 0) + 1
        meta = {
            **{key: value for key, value in request.meta.items() if key in ("proxy", "download_timeout")},
            "playwright": True,
            "playwright_context": name,
            FIRST: first,
            "playwright_context_kwargs": context_options(request),
        }
        try:
            async with asyncio.timeout(self._seconds(request) + EXTRA_SECONDS):
                made = await ScrapyPlaywrightDownloadHandler.download_request(self, request.replace(meta=meta))
        except TimeoutError as error:  # the browser does not answer
            self._contexts.drop(name)
            await self._close_browser()
            raise DownloadTimeoutError("the browser does not answer") from error
        except PlaywrightError as error:
            self._contexts.drop(name)
            raise DownloadFailedError(f"the browser failed: {error}") from error
        finally:
            self._busy[name] -= 1
            await self._clear()
        if made.status == first.status:
            self.crawler.signals.send_catch_log(page_rendered, request=request, html=made.body)
        return made

    async def _download_request_with_page(self, request: Request, page: Page, spider: Spider) -> Response:
        """Render a page that scrapy-playwright has made. It takes care of nothing but closes the page."""
        name, first = request.meta["playwright_context"], request.meta[FIRST]
        scripts = OwnScripts(await page.context.new_cdp_session(page))
        requests = self._page_requests(request, page, first)
        rendering = Rendering(page=page, requests=requests, scripts=scripts, bounds=self.bounds)
        is_clean = False
        try:
            await self._guard(name, page, requests)
            html = await rendering.html()
            is_clean = True
            return rendered_response(first, html.encode(), is_cut=rendering.is_cut)
        except NavigatedAwayError:
            is_clean = True
            return Response(first.url, 302, {"Location": requests.left_to}, flags=[RENDERED])
        except (HungError, TimeoutError) as error:
            self.bounds.increment("limit/seconds_count")
            raise DownloadTimeoutError("the page's script does not end") from error
        finally:
            if not is_clean:
                self._contexts.drop(name)
                await scripts.kill()
            await close_in_time(page)
            self._count("pages")

    def _page_requests(self, request: Request, page: Page, first: Response) -> PageRequests:
        return PageRequests(
            page=page,
            top=request,
            first=first,
            bounds=replace(self.bounds, increment=self._count_refused),
            download=lambda resource_request: BoundedDownloadHandler.download_request(self, resource_request),
            count=self._count,
            sessions=plan_of(self.crawler).sessions,
            until=time.monotonic() + self._seconds(request),
            others=OtherOrigins(first.url, self.bounds.policy, self._pace, self._obey, self._is_private),
        )

    def _is_private(self, host: str) -> bool:
        """True for a host that had a private address which the user allows."""
        return host in self._resolver.opened

    async def _obey(self, url: str) -> None:
        """Accept a URL of another site that its robots.txt allows.

        Raises:
            RequestRefused, RequestDeferred: for another one.
        """
        robots = self.crawler.get_downloader_middleware(Robots)
        if robots is not None:
            await robots.process_request(Request(url))

    def _count_refused(self, name: str) -> None:
        """Count a refusal of what a page requests, apart from those of pages."""
        self._count(f"refused_{name.rpartition('/')[2]}")

    def _seconds(self, request: Request) -> float:
        return float(request.meta.get("download_timeout") or self.crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))

    async def _guard(self, name: str, page: Page, requests: PageRequests) -> None:
        """Intercept all requests of a page. Its handler comes before scrapy-playwright's, which lets them pass."""
        if name not in self._guarded:
            self._guarded.add(name)
            await page.context.add_init_script(BEFORE)
            await page.context.route("**/*", lambda route: route.abort())  # pages that the page opens
        page.on("popup", close_popup)
        await page.route("**/*", lambda route: requests.answer(route))  # noqa: PLW0108  Playwright sets attributes on a method

    async def _clear(self) -> None:
        """Close the contexts that are no longer needed; and the browser after many pages, once it is idle."""
        self._pages += 1
        for name in self._contexts.unneeded(self._busy):
            self._busy.pop(name, None)
            self._guarded.discard(name)
            wrapper = self.context_wrappers.get(name)
            if wrapper is not None and not await close_in_time(wrapper.context):
                await self._close_browser()
        if self._pages >= BROWSER_PAGES and not any(self._busy.values()):
            self._pages = 0
            await self._close_browser()

    async def _close_browser(self) -> None:
        """Close the browser; scrapy-playwright launches another one."""
        if hasattr(self, "browser"):
            await close_in_time(self.browser)
        self._contexts.drop_all()
        self._guarded.clear()

    def _count(self, name: str) -> None:
        self.stats.inc_value(f"render/{name}")


def rendered_response(first: Response, html: bytes, *, is_cut: bool = False) -> Response:
    """The response with a page that was rendered, in UTF-8, in place of the one that was downloaded."""
    headers = Headers(first.headers)
    for header in ("Content-Encoding", "Content-Length", "Transfer-Encoding"):
        headers.pop(header, None)
    headers["Content-Type"] = "text/html; charset=utf-8"
    return HtmlResponse(
        first.url,
        first.status,
        headers,
        html,
        flags=[RENDERED, *(["cut"] if is_cut else [])],
        encoding="utf-8",
        ip_address=first.ip_address,
        certificate=first.certificate,
        protocol=first.protocol,
    )


async def close_popup(page: Page) -> None:
    """Close a page that a page opens."""
    await close_in_time(page)


async def close_in_time(target: Any) -> bool:
    """Close a page, a context or the browser; False where that takes too long."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await target.close()
    except PlaywrightError:
        return True
    except TimeoutError:
        return False
    return True
