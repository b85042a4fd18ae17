"""What others take for the same page: each is asked for text, title, author and date where it gives them; those not
installed are left out."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

from cleaners import Page, clean

Reader = Callable[[Page], object]


def copydesk(page: Page) -> object:
    return clean(page)


def trafilatura(page: Page) -> object:
    from trafilatura import bare_extraction

    return bare_extraction(page.body, url=page.url, with_metadata=True)


def newspaper4k(page: Page) -> object:
    from newspaper import Article

    article = Article(page.url, fetch_images=False)
    article.download(input_html=page.body.decode("utf-8", "replace"))
    article.parse()
    return article.text


def readability(page: Page) -> object:
    from readability import Document

    document = Document(page.body)
    return document.summary(), document.title()


def resiliparse(page: Page) -> object:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    return extract_plain_text(HTMLTree.parse_from_bytes(page.body), main_content=True)


MODULES = {
    "trafilatura": "trafilatura",
    "newspaper4k": "newspaper",
    "readability-lxml": "readability",
    "resiliparse": "resiliparse",
}
READERS: dict[str, Reader] = {
    "clean()": copydesk,
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "readability-lxml": readability,
    "resiliparse": resiliparse,
}


def installed() -> dict[str, Reader]:
    """The readers that can be asked here, ours and trafilatura first."""
    return {name: reader for name, reader in READERS.items() if importlib.util.find_spec(MODULES.get(name, "cleaners"))}
