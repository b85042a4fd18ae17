"""Draws a page as a browser shows it, without network and without scripts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from playwright.sync_api import Page as BrowserPage

WIDTH = 960
"""Pixels: pages have their columns side by side from about this width on."""
MAX_HEIGHT = 12_000
"""Pixels: the whole of most articles; it bounds the memory that a picture takes."""
QUALITY = 60
"""Of the JPEG: text is still sharp at twice the size."""
SECONDS = 10
"""Within which a page must be laid out."""

MARK = "data-copydesk-"
"""How the name of the attribute begins that has the index of a block."""

PLACES = """mark => [...document.querySelectorAll(`[${mark}]`)].map(element => {
  const box = element.getBoundingClientRect();
  return [Number(element.getAttribute(mark)), box.x + scrollX, box.y + scrollY, box.width, box.height];
})"""


class BlockPlace(NamedTuple):
    """Where a block is on the picture: its index, and its rectangle in pixels."""

    block: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePicture:
    """A page as a browser renders it without network and scripts."""

    jpeg: bytes
    width: int
    height: int
    """In pixels; the picture of a long page ends before the page does."""
    places: tuple[BlockPlace, ...]

    @property
    def address(self) -> str:
        """The picture as a ``data:`` URL (RFC 2397)."""
        return f"data:image/jpeg;base64,{b64encode(self.jpeg).decode()}"


class PictureError(Exception):
    """Raised where the browser failed; the message says how."""


def draw_page(tree: HtmlElement, paths: Sequence[str], chromium: str = "") -> PagePicture | None:
    """Draw a page; None where no browser or no driver for it is installed.

    Args:
        tree: the page; each block's element gets an attribute.
        paths: XPath of the element of each block.
        chromium: path of the program; empty for that of the system.

    Raises:
        PictureError: where the browser fails.
    """
    if find_spec("playwright") is None or find_spec("scrapy_playwright") is None:
        return None
    from playwright.sync_api import Error as PlaywrightError  # noqa: PLC0415
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from crawler.fetching.browser.chromium import find_chromium, launch_options  # noqa: PLC0415  needs the package

    if find_chromium(chromium) is None:
        return None
    mark = f"{MARK}{token_hex(8)}"  # no page can have it
    markup = _marked(tree, paths, mark)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**launch_options(chromium))  # type: ignore[arg-type]
            try:
                context = browser.new_context(
                    java_script_enabled=False, viewport={"width": WIDTH, "height": 900}, offline=True
                )
                context.set_default_timeout(1000 * SECONDS)
                return _draw(context.new_page(), markup, mark, len(paths))
            finally:
                browser.close()
    except PlaywrightError as error:
        raise PictureError(f"Chromium failed: {str(error).splitlines()[0]}") from error


def _marked(tree: HtmlElement, paths: Sequence[str], mark: str) -> str:
    """The markup of a page, with the index of each block at its element, and nothing that leads to another page.

    Of elements in each other only the innermost has a mark: a line in an element that holds the whole article has no
    rectangle of its own.
    """
    for index, path in enumerate(paths):
        for element in tree.xpath(path):
            element.set(mark, str(index))
    for element in tree.xpath(f"//*[@{mark} and .//*[@{mark}]]"):
        del element.attrib[mark]
    for element in [*tree.iter("meta", "base")]:
        if element.tag == "base" or element.get("http-equiv") is not None:
            element.drop_tree()
    return str(etree.tostring(tree, method="html", encoding="unicode"))


def _draw(page: BrowserPage, markup: str, mark: str, count: int) -> PagePicture:
    page.route("**/*", lambda route: route.abort())
    page.set_content(markup, wait_until="domcontentloaded")
    height = min(MAX_HEIGHT, max(1, int(page.evaluate("document.documentElement.scrollHeight"))))
    found = page.evaluate(PLACES, mark)
    jpeg = page.screenshot(
        type="jpeg",
        quality=QUALITY,
        full_page=True,
        animations="disabled",
        clip={"x": 0, "y": 0, "width": WIDTH, "height": height},
    )
    places = (BlockPlace(int(place[0]), *(round(value) for value in place[1:])) for place in found)
    shown = tuple(p for p in places if p.block < count and p.width > 0 and p.height > 0 and p.y < height)
    return PagePicture(jpeg=jpeg, width=WIDTH, height=height, places=shown)
