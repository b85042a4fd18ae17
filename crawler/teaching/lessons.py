"""What labelled pages teach of their sites: learnt, written, and compared with what is made of pages without it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

from cleaners.context import CleanContext
from cleaners.pipeline import clean, examine
from cleaners.site.folder import TAUGHT
from cleaners.site.rules import SiteRuleBook, SiteRules
from cleaners.site.taught_file import Place, from_toml, to_toml
from cleaners.teaching import LabelledExample, Lessons, learn
from cleaners.types import Article, Page, PageRejected
from crawler.inputs.labelled import LabelledPage, LabelledPageError, find_labelled
from crawler.util.paths import replace_file

STORE = "taught"
"""The folder of the labelled pages, below that of the site rules."""


def learn_from(given: Sequence[LabelledPage], folder: Path) -> dict[str, Lessons]:
    """What the given pages of each host teach, together with those that were given earlier.

    Raises:
        LabelledPageError: when a page cannot be read.
    """
    pages: dict[str, dict[str, LabelledPage]] = defaultdict(dict)
    for one in given:
        if one.host not in pages:
            pages[one.host].update({page.name: page for page in stored(folder, one.host)})
        pages[one.host][one.name] = one
    return {host: learn([example(page) for page in of_host.values()]) for host, of_host in pages.items()}


def stored(folder: Path, host: str) -> list[LabelledPage]:
    """The labelled pages of a host that were given earlier.

    Raises:
        LabelledPageError: when one cannot be read.
    """
    store = folder / STORE / host
    return list(find_labelled(store)) if any(store.glob("*/expected.json")) else []


def example(page: LabelledPage) -> LabelledExample:
    """A labelled page with its blocks.

    Raises:
        LabelledPageError: when the cleaner cannot read it.
    """
    try:
        return LabelledExample.of(page.name, examine(page.page), page.text)
    except PageRejected as error:
        raise LabelledPageError(f"{page.folder}: {error}") from error


AGAIN = (
    "  articles that were written before stay as they are; to write them again: "
    "scrapy crawl news -a site=https://{host}/ -a refresh=all -O FILE.jsonl"
)


def write(given: Sequence[LabelledPage], taught: dict[str, Lessons], folder: Path) -> Iterator[str]:
    """Store labelled pages and write the rules of their hosts; yields what was done, a line each.

    Raises:
        OSError: when a file cannot be written.
    """
    for one in given:
        one.copy_to(folder / STORE / one.host / one.name)
    for host, lessons in taught.items():
        path = folder / f"{host}{TAUGHT}"
        before = from_toml(path.read_text("utf-8")) if path.exists() else []
        replace_file(path, to_toml(host, lessons.places).encode())
        count = len(lessons.places)
        yield f"{host}: {count} {'place' if count == 1 else 'places'} in {path}"
        yield from place_lines(lessons.places)
        now = {(place.key, place.selector) for place in lessons.places}
        for place in before:
            if (place.key, place.selector) not in now:
                yield f"  no more: {place.key} {place.selector}  # {place.page}; the pages do not support it now"
        for line in lessons.unlearnt:
            yield f"  not learnt: {line}; the site marks it up like ordinary paragraphs, so no rule can tell it apart"
        yield AGAIN.format(host=host)


def place_lines(places: Sequence[Place]) -> Iterator[str]:
    """The places, a line each, with the pages that taught them."""
    for place in places:
        yield f"  {place.key} {place.selector}  # {place.page}"


def without_taught(context: CleanContext) -> CleanContext:
    """The context without what was taught."""
    return _with_book(context, [one for one in _all_rules(context) if not one.is_taught])


def with_lessons(context: CleanContext, taught: dict[str, Lessons]) -> CleanContext:
    """The context with what is taught: the files, and in place of them what new pages of a host teach."""
    rules = [one for one in _all_rules(context) if not (one.is_taught and one.name in taught)]
    return _with_book(context, [*rules, *(lessons.rules(host) for host, lessons in taught.items())])


def _all_rules(context: CleanContext) -> list[SiteRules]:
    return list(dict.fromkeys(one for of_host in context.site.rules.by_host.values() for one in of_host))


def _with_book(context: CleanContext, rules: list[SiteRules]) -> CleanContext:
    return replace(context, site=replace(context.site, rules=SiteRuleBook.from_rules(rules)))


def text_changes(page: Page, before: CleanContext, after: CleanContext) -> list[str]:
    """The lines that come (``+``) and go (``-``) between two ways of cleaning a page."""
    old, new = _lines(page, before), _lines(page, after)
    marks = ("---", "+++", "@@")
    return [line for line in unified_diff(old, new, lineterm="", n=0) if not line.startswith(marks)]


def _lines(page: Page, context: CleanContext) -> list[str]:
    """The lines of a page's text; the reason where it is no article."""
    found = clean(page, context)
    return found.text.split("\n") if isinstance(found, Article) else [f"rejected: {found.reason}"]
