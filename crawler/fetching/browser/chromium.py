"""Chromium as it is launched: without network, and with as little else as possible."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from playwright.async_api import Browser
from scrapy import Request
from scrapy.http import Response
from scrapy_playwright.provider import PlaywrightBrowserProvider

from crawler.fetching.browser import profiles

EXECUTABLES = ("/usr/lib/chromium/chromium", "/usr/bin/chromium", "/usr/bin/google-chrome")
"""Where the system's Chromium is: on Debian the program itself, since its wrapper adds flags."""

WINDOW: Any = {"width": 1280, "height": 900}

FLAGS = (
    # no network: the proxy's name does not exist, nor does any other
    "--proxy-server=http://nowhere.invalid:1",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--no-pings",
    # less that can be attacked or that takes memory
    "--disable-gpu",
    "--disable-3d-apis",
    "--disable-file-system",
    "--disable-notifications",
    "--disable-speech-api",
    "--disable-remote-fonts",
    "--disable-domain-reliability",
    "--deny-permission-prompts",
    "--autoplay-policy=user-gesture-required",
    "--js-flags=--max-old-space-size=512",
)
IGNORED_FLAGS = ("--disable-ipc-flooding-protection", "--disable-popup-blocking", "--enable-unsafe-swiftshader")
"""Playwright's flags that would let pages do more than in a browser."""


def header(message: Request | Response, name: str) -> str:
    """A header of a request or response; empty where it has none."""
    return (message.headers.get(name) or b"").decode("latin-1")


class LazyBrowser(PlaywrightBrowserProvider):
    """Starts Playwright's driver and Chromium once a page is rendered, not with the crawl."""

    async def start(self) -> None:
        """Do nothing yet."""

    async def launch_browser(self) -> Browser:
        """Launch Chromium, and first the driver."""
        if self.browser_type is None:
            await super().start()
        profiles.sweep()
        browser = await super().launch_browser()
        profiles.mark()
        return browser

    async def close(self) -> None:
        """Stop the driver, if it was started."""
        if self.playwright is not None:
            await self.playwright.stop()


def find_chromium(path: str) -> str | None:
    """The program at a path; that of the system where the path is empty. None where there is none."""
    return next((executable for executable in ([path] if path else EXECUTABLES) if Path(executable).exists()), None)


def launch_options(path: str) -> dict[str, object]:
    """How the Chromium at a path is launched. Its sandbox needs a user other than root."""
    return {
        "executable_path": find_chromium(path),
        "headless": True,
        "chromium_sandbox": os.getuid() != 0,
        "args": [*FLAGS],
        "ignore_default_args": [*IGNORED_FLAGS],
        # a signal stops the crawl, which then closes the browser
        **dict.fromkeys(("handle_sigint", "handle_sigterm", "handle_sighup"), False),
        # no tokens or proxies of the crawl's environment
        "env": {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ},
    }


def context_options(request: Request) -> dict[str, object]:
    """What a browser context may do, and as what it identifies itself."""
    language = header(request, "Accept-Language").split(",")[0]
    return {
        "accept_downloads": False,
        "service_workers": "block",
        "user_agent": header(request, "User-Agent"),
        "locale": language.partition(";")[0].strip() or "en",
        "viewport": WINDOW,
        "reduced_motion": "reduce",
    }
