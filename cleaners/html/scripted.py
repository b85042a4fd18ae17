"""Whether scripts build a page in the reader's browser: then its bytes hold little of what the reader sees.

The signs are those of StormCrawler's detector of pages for a browser: an empty root, a request to turn scripts on,
scripts with little text and few links; and three of pages that show a part of their article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml.html import HtmlElement

ROOT_IDS = frozenset(
    (
        "root",
        "app",
        "__next",
        "__nuxt",
        "___gatsby",
        "svelte",
        "q-app",
        "ember-app",
        "react-root",
        "app-root",
        "main-app",
    )
)
"""Ids of the element in which a framework builds the page: React, Vue, Next.js, Nuxt, Gatsby, Svelte, Quasar, Ember."""

MAIN = "//main | //article | //*[@role='main'] | //*[@itemprop='articleBody']"

LITTLE_TEXT = 500
"""Characters of a page without an article: menus and footers of a page that scripts build have 20 to 400."""

EMPTY_CHARS = 80
"""Characters of a root or main element that is still to be filled: "Loading", "Please wait", a slogan."""

FEW_LINKS = 10
"""Links of a page whose lists are still to be filled."""

SHORT_ARTICLE = 1_500
"""Characters of a text that may be the beginning of a longer one: three paragraphs."""

SENTENCE_CHARS = 60
"""Characters from which a paragraph is one of an article."""

UNSEEN = frozenset(("script", "style", "noscript", "template", "svg", "head"))
"""Elements whose text is not shown."""

ASKS_FOR_SCRIPTS = re.compile(r"java\s?script|enable scripts", re.IGNORECASE)
CONSENT = re.compile(r"consent|cookie|gdpr|(?:^|[\s_-])cmp(?:$|[\s_-])", re.IGNORECASE)
LOADING = re.compile(
    r"\W{0,9}(?:loading|please wait|wird geladen|lädt|chargement|cargando|caricamento|carregando|bezig met laden|laden|"
    r"laster|ładowanie|загрузка|加载中|読み込み中|로딩 ?중)\W{0,9}",
    re.IGNORECASE,
)
"""The whole text of a place that is still to be filled."""
EMPTY_PLACE = re.compile(r"skeleton|spinner|shimmer|loader|loading", re.IGNORECASE)
"""Class names of such a place. ``placeholder`` is not among them: it is that of pictures and advertisements."""
PLACES = ("div", "section", "p", "span")
"""Elements that such a place is."""


WITHOUT_TEXT = frozenset(("empty_root", "empty_main", "noscript"))
"""Signs that say by themselves that scripts build the text; the others may be of a page that has none."""


def find_sign(tree: HtmlElement, article: str | None) -> str | None:
    """The sign that scripts build a page, or the rest of its article; None for a page that is whole.

    Args:
        tree: the page.
        article: the text of the article that was found in it; None where there is none.
    """
    if next(tree.iter("script"), None) is None:
        return None
    if article is None:
        return _find_sign_without_article(tree)
    if _is_consent_alone(tree):
        return "consent"
    return "placeholder" if len(article) < SHORT_ARTICLE and _has_open_place(tree) else None


def _find_sign_without_article(tree: HtmlElement) -> str | None:
    roots = (element for element in tree.iter("div", "main", "section") if element.get("id") in ROOT_IDS)
    if any(not _shows(element, EMPTY_CHARS) for element in roots):
        return "empty_root"
    mains = tree.xpath(MAIN)
    if mains and not any(_shows(element, EMPTY_CHARS) for element in mains):
        return "empty_main"
    if _is_consent_alone(tree):
        return "consent"
    if mains or _shows(tree, LITTLE_TEXT):
        return None
    if any(ASKS_FOR_SCRIPTS.search(str(element.text_content())) for element in tree.iter("noscript")):
        return "noscript"
    return "little_text" if len(tree.xpath("//a[@href]")) < FEW_LINKS else None


def _is_consent_alone(tree: HtmlElement) -> bool:
    """True for a page that shows a consent dialog and hardly anything else."""
    boxes = (element for element in tree.iter("div", "section", "aside", "dialog", "form") if _names_consent(element))
    box = next(boxes, None)
    return box is not None and _shows(box, EMPTY_CHARS) and not _shows(tree, LITTLE_TEXT, without=box)


def _names_consent(element: HtmlElement) -> bool:
    return _is_named_consent(element.get("id", "")) or _is_named_consent(element.get("class", ""))


@lru_cache(maxsize=4096)
def _is_named_consent(name: str) -> bool:
    """Whether an id or class names a consent dialog. Pure, so the cache only saves time."""
    return bool(CONSENT.search(name))


def _has_open_place(tree: HtmlElement) -> bool:
    """True where a place beside the paragraphs is still to be filled."""
    long = (paragraph for paragraph in tree.iter("p") if len(paragraph.text_content()) >= SENTENCE_CHARS)
    parents = {parent for paragraph in long if (parent := paragraph.getparent()) is not None}
    return any(_is_open(child) for parent in parents for child in parent if child.tag in PLACES)


def _is_open(element: HtmlElement) -> bool:
    text = str(element.text_content()).strip()
    is_named = bool(EMPTY_PLACE.search(str(element.get("class", "")))) or element.get("aria-busy") == "true"
    return bool(LOADING.fullmatch(text)) or (is_named and not text)


def _shows(element: HtmlElement, chars: int, without: HtmlElement | None = None) -> bool:
    """True where an element shows at least ``chars`` characters, without white space and the element ``without``.

    Reading stops once they are counted.
    """
    count = 0
    for text in shown_texts(element, without):
        count += len("".join(text.split()))
        if count >= chars:
            return True
    return False


def shown_texts(element: HtmlElement, without: HtmlElement | None = None) -> Iterator[str]:
    """The texts in an element, without those of ``UNSEEN``."""
    stack: list[HtmlElement] = [element]
    while stack:
        node = stack.pop()
        if node.tag not in UNSEEN and node is not without:
            if node.text:
                yield node.text
            for child in node:
                if child.tail:
                    yield child.tail
                stack.append(child)
