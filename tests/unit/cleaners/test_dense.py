"""Pages that are dense in one thing: what is done for them grows no faster than they do, or they are rejected."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from cleaners import Article, Page, Rejection
from cleaners.context import CleanContext
from cleaners.html.parse import MAX_ATTRIBUTES, MIN_ELEMENT_LIMIT
from cleaners.metadata import dates
from cleaners.pipeline import process_page
from cleaners.visible import published, shown_dates
from tests.support.dense.pages import PAGES, Dense
from tests.unit.cleaners.pages import html, story

CONTEXT = CleanContext(with_observation=True)

SMALL, TIMES = 6_000, 4

SLACK = 1.1
"""How much more than ``TIMES`` as many calls a page of ``TIMES`` the size may take."""

COUNTED = (
    "p, one sentence again and again",
    "p, sentences",
    "a",
    "h2 equal to the title",
    "class=related, one",
    "class=fact-box",
    "class=comment",
    "aside, sentences",
    "blockquote, sentences",
    "quotes of the text",
    "time in entries",
    "ld, live blog",
    "ld, authors",
    "meta, titles like the headline",
    "meta, one long title",
    "itemprop, headline",
    "figcaption",
    "classes, one each",
    "bylines",
    "attributes of one element",
)
"""Cases whose time grew, or that one more loop would make grow, with the square of their size."""

DENSE = {
    "too_many_elements": ("p", "p, empty", "br", "hr", "td", "li", "h2 and p", "ul", "noscript, paragraphs"),
    "too_many_blocks": ("p with a word", "h1", "button", "quotes in lines", "a in p"),
}


def cleaned(markup: bytes) -> Article | Rejection:
    return process_page(Page(url="http://news.example/lock-closes", body=markup), CONTEXT, with_links=True).result


def calls(markup: bytes) -> int:
    """How many functions are called for a page, those of C and steps of generators included."""
    count = 0

    def note(frame: FrameType, event: str, of: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        cleaned(markup)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", COUNTED)
def test_work_grows_no_faster_than_the_page(name: str) -> None:
    cleaned(PAGES[name].page(SMALL))  # what is loaded once
    small, large = (calls(PAGES[name].page(size)) for size in (SMALL, TIMES * SMALL))
    assert large <= SLACK * TIMES * small


@pytest.mark.parametrize(("reason", "name"), [(reason, name) for reason, names in DENSE.items() for name in names])
def test_a_page_of_hardly_any_text_is_rejected(reason: str, name: str) -> None:
    result = cleaned(PAGES[name].page(360_000))
    assert isinstance(result, Rejection)
    assert (result.stage, result.reason) == ("parse", reason)
    assert "the limit is" in result.detail


def test_a_small_page_may_be_dense() -> None:
    rows = "".join(f"<tr><td>{n}<td>{n * 3}<td>{n * 7}" for n in range(MIN_ELEMENT_LIMIT // 5))
    assert isinstance(cleaned(story(f"<table>{rows}</table>").encode()), Article)


def test_attributes_beyond_the_limit_are_not_read_and_what_follows_is() -> None:
    many = " ".join(f"a{n}='>' b{n} c{n}=x" for n in range(MAX_ATTRIBUTES))
    page = Page(
        url="http://news.example/lock-closes", body=story(f"<p {many}>One more line of the story.</p>").encode()
    )
    result = process_page(page, CONTEXT).result
    assert isinstance(result, Article)
    assert "One more line of the story." in result.text


ODD = Dense(unit="<time datetime='Jan 2 2026 {n}'>x</time><p class=date>Jan {n} 2026, updated</p>", place="before")


@pytest.mark.parametrize(
    ("name", "dense", "most"),
    [
        ("meta", PAGES["meta, dates for dateutil"], 1_000),
        ("JSON-LD", PAGES["ld, dates"], 1_000),
        ("live blog", PAGES["ld, live blog"], 3_000),
        ("page", ODD, 1_000),
    ],
)
def test_few_dates_are_read(monkeypatch: pytest.MonkeyPatch, name: str, dense: Dense, most: int) -> None:
    read: list[object] = []
    parse: Callable[[object, Any], str | None] = dates.parse_date
    monkeypatch.setattr(dates, "parse_date", lambda value, fetched: (read.append(value), parse(value, fetched))[1])
    cleaned(dense.page(400_000))
    assert len(read) < most


def test_a_date_is_sought_in_few_lines_and_not_in_a_page_of_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    sought: list[str] = []
    modes: list[bool] = []
    find: Callable[..., str | None] = shown_dates.find_date

    def spy(place: Any, *, extensive_search: bool = True, **options: Any) -> str | None:
        sought.append(place.text_content())
        modes.append(extensive_search)
        return find(place, extensive_search=False, **options)

    monkeypatch.setattr(shown_dates, "find_date", spy)
    monkeypatch.setattr(published, "htmldate_find", spy)
    lines = "".join(f"<p>On {n % 28 + 1}. Mai {1990 + n % 9} {n}</p>" for n in range(400))
    head = "<meta name=date content=2026-05-01>"
    cleaned(html(f"<main><h1>Lock to close for eleven weeks</h1>{lines}{story()}</main>", head=head).encode())
    assert len(sought) <= 2 * shown_dates.MAX_SEARCHED
    modes.clear()
    cleaned(story(lines).encode())
    assert modes == [False, False, False]
