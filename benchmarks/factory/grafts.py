"""Grafts: furniture, and lines that only look like it, set into the stories of real annotated pages.

In memory, while a model is trained: nothing of a page is kept. Real pages have little furniture whose truth is sure,
and made pages have no real text around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from lxml import html as markup
from lxml.html import HtmlElement

from benchmarks.corpora import INNER_FOLDS
from benchmarks.factory import catalogue
from benchmarks.factory.markup import KEPT, SCHEMES, Naming, element, text
from benchmarks.factory.pages import INSIDE_KINDS, Site
from benchmarks.factory.skeletons import SKELETONS
from benchmarks.factory.story import Manner
from cleaners.blocks.segment import Block
from cleaners.types import Page

LEAST_PARAGRAPHS = 4
"""Paragraphs of a story into which something is grafted."""
MOST = 3
"""Most pieces of furniture, and most lines that stay, of a page."""
HOSTS = ("p", "div")


def graft(page: Page, tree: HtmlElement, body: Sequence[Block], code: str, *, fold: int, seed: int) -> Page | None:
    """The page with furniture and lines in its story, marked as made pages are; None for one without room for it.

    Args:
        page: the page as it was fetched.
        tree: its tree, which is changed.
        body: the blocks of its story.
        code: the language of the catalogue.
        fold: the inner fold of its domain: its wordings are those of this fold.
        seed: any number.
    """
    hosts = [b for b in body if b.block_scope.tag in HOSTS and b.block_scope.element.getparent() is not None]
    if len(hosts) < LEAST_PARAGRAPHS:
        return None
    random = Random(f"graft {seed} {page.url}")
    host = hosts[len(hosts) // 2].block_scope.element
    name = f' class="{host.get("class")}"' if host.get("class") else ""
    language = catalogue.load(code).of_fold(fold, INNER_FOLDS)
    naming = Naming(page.url, random.choice(SCHEMES))
    manner = Manner.of(host.tag + name, naming, random)
    site = Site(
        seed=f"{seed} {page.url}",
        domain="graft",
        language=language,
        skeleton=SKELETONS[0],
        naming=naming,
        manner=manner,
        kinds=tuple(random.sample(INSIDE_KINDS, random.randint(1, MOST))),
    )
    for kind in site.kinds:
        _insert(site.furniture(kind), random.choice(hosts).block_scope.element)
    lines = language.kept["lines"] + language.kept["short"]
    for line in random.sample(lines, min(len(lines), random.randint(1, MOST))):
        _insert(element(host.tag, text(line), name + KEPT), random.choice(hosts).block_scope.element)
    return replace(page, body=markup.tostring(tree, encoding="utf-8"), content_type="text/html; charset=utf-8")


def _insert(piece: str, after: HtmlElement) -> None:
    for new in reversed(markup.fragments_fromstring(piece)):
        if isinstance(new, str):
            continue
        new.tail, after.tail = after.tail, None
        after.addnext(new)
