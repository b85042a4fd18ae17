"""What the memory of a site takes out of a text, and what it must leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from cleaners import Article, Page, clean
from cleaners.context import CleanContext
from cleaners.details import clean_with_details
from cleaners.explain import explain
from cleaners.pipeline import examine, finish
from cleaners.site import SiteKnowledge
from cleaners.site.memory import SiteMemory
from cleaners.types import ObservedPage

PROMPT = "The Ledger comes to your door on every weekday before seven in the morning, also in winter."
NOTE = "All that is printed here was checked by two people, one of whom had not seen it before."
REFRAIN = "And the lighthouse, dear readers, is still standing where it stood."
WORDS = ("lock", "harbour", "bakery", "council", "ferry", "school", "market", "bridge", "orchard", "mill")


def prose(number: int, count: int = 4) -> list[str]:
    """Paragraphs that no other page has."""
    first, second = WORDS[number % len(WORDS)], WORDS[number // len(WORDS) % len(WORDS)]
    return [
        f"In chapter {number}-{part} the {first} beside the {second} was the subject, and the {part + 2} people who "
        f"were asked about it said that the {first} should stay where it was in the year {1800 + number + part}."
        for part in range(count)
    ]


def page(number: int, paragraphs: Sequence[str], *, author: str = "", template: str = "story", day: int = 1) -> Page:
    byline = f"<p class='byline'>By {author}</p>" if author else ""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    html = (
        f"<html><head><title>Story number {number}</title></head><body><main class='{template}'>"
        f"<h1>Story number {number}</h1>{byline}<div class='{template}-text'>{body}</div></main></body></html>"
    )
    return Page(
        url=f"https://ledger.example/{number}", body=html.encode(), fetched_at=datetime(2026, 11, day, 8, tzinfo=UTC)
    )


def observed(one: Page) -> tuple[Article, ObservedPage]:
    article, _, seen = finish(examine(one), CleanContext(with_observation=True))
    assert seen is not None
    return article, seen


def cleaned(target: Page, pages: Sequence[Page]) -> Article:
    """A page, cleaned with the memory of others and of itself."""
    found = clean(target, with_memory((*pages, target)))
    assert isinstance(found, Article)
    return found


def with_memory(pages: Sequence[Page]) -> CleanContext:
    memory = SiteMemory.of(observed(one)[1].observation for one in pages)
    return CleanContext(site=SiteKnowledge(shared_lines={"ledger.example": memory.shared_lines()}))


def at_the_end(number: int) -> list[str]:
    return [*prose(number), PROMPT]


def at_the_start(number: int) -> list[str]:
    return [PROMPT, *prose(number)]


def in_between(number: int) -> list[str]:
    return [*prose(number, 2), PROMPT, *prose(number + 100, 2)]


def short_at_the_end(number: int) -> list[str]:
    return [*prose(number), "More:", PROMPT, "Print it"]


@pytest.mark.parametrize("paragraphs", [at_the_end, at_the_start, in_between, short_at_the_end])
def test_what_other_pages_say_in_the_same_place_is_taken_out(paragraphs: Callable[[int], list[str]]) -> None:
    pages = [page(number, paragraphs(number)) for number in range(4)]
    article = cleaned(pages[0], pages[1:])
    assert PROMPT not in article.text
    assert all(text in article.text.split("\n") for text in prose(0, 2))
    entry = next(one for one in article.removed if one.text == PROMPT)
    assert (entry.rule, entry.score, entry.path) == ("site:ledger.example/repeated", 0.8, entry.path)
    assert entry.path.startswith("/html/body/main")


@pytest.mark.parametrize("paragraphs", [at_the_end, at_the_start, in_between])
def test_the_views_of_a_page_read_its_ledger(paragraphs: Callable[[int], list[str]]) -> None:
    pages = [page(number, paragraphs(number)) for number in range(4)]
    context = with_memory(pages)
    article, removed, _ = finish(examine(pages[0]), context)
    blocks = explain(pages[0], context).blocks
    assert removed.as_written() == article.removed
    assert {blocks[index].text: blocks[index].label.rule for index in removed.by_block()} == {
        entry.text: entry.rule for entry in article.removed
    }
    assert [index for index, block in enumerate(blocks) if block.text == PROMPT] == list(removed.by_block())[-1:]
    html = clean_with_details(pages[0], context).html
    assert html is not None
    assert PROMPT not in html
    assert html.count("<p>") == len(article.text.split("\n"))


def test_nothing_is_lost_without_an_entry() -> None:
    pages = [page(number, short_at_the_end(number)) for number in range(4)]
    before, after = observed(pages[0])[0], cleaned(pages[0], pages[1:])
    gone = [one.text for one in after.removed if one.rule.endswith("/repeated")]
    assert sorted([*after.text.split("\n"), *gone]) == sorted(before.text.split("\n"))


def two_others(number: int) -> list[Page]:
    return [page(n, at_the_end(n)) for n in range(number, number + 2)]


def an_agency_story() -> list[Page]:
    """The same story at four URLs, each with its own note."""
    return [page(n, [*prose(7), PROMPT]) for n in range(1, 5)]


def an_agency_story_in_a_small_memory() -> list[Page]:
    """A story with two paragraphs of each paper's own on 8 of 20 pages."""
    same = [page(n, [*prose(7), *prose(n + 200, 2)]) for n in range(1, 8)]
    return [*same, *(page(n, prose(n)) for n in range(20, 32))]


def a_running_story() -> list[Page]:
    """Four stories with the same background, among twenty."""
    same = [page(n, [*prose(n, 2), PROMPT, NOTE]) for n in range(1, 4)]
    return [*same, *(page(n, prose(n)) for n in range(20, 36))]


def one_story_at_three_urls() -> list[Page]:
    return [page(n, [*prose(8), PROMPT]) for n in range(1, 4)]


def a_copy_for_printing() -> list[Page]:
    return [page(n, [*at_the_end(0), f"Printed as copy {n}."]) for n in range(1, 6)]


def other_places() -> list[Page]:
    """A template that changes with each page: the line is never in the same place."""
    return [page(n, at_the_end(n), template=f"layout-{n}") for n in range(1, 8)]


@pytest.mark.parametrize(
    ("target", "others"),
    [
        (page(0, at_the_end(0)), two_others(1)),
        (page(0, [*prose(7), PROMPT]), an_agency_story()),
        (page(0, [*prose(7), *prose(200, 2)]), an_agency_story_in_a_small_memory()),
        (page(0, [*prose(0, 2), PROMPT, NOTE]), a_running_story()),
        (page(0, at_the_end(0)), one_story_at_three_urls()),
        (page(0, at_the_end(0)), a_copy_for_printing()),
        (page(0, at_the_end(0)), other_places()),
        (page(0, [PROMPT, NOTE, REFRAIN]), [page(n, [PROMPT, NOTE, REFRAIN]) for n in range(1, 30)]),
        (
            page(0, [PROMPT, NOTE, REFRAIN, "Short."]),
            [page(n, [PROMPT, NOTE, REFRAIN, f"Short {n}."]) for n in range(1, 30)],
        ),
        (page(0, in_between(0)[:3]), [page(n, [f"What {n} says.", PROMPT * 6, NOTE * 6]) for n in range(1, 30)]),
    ],
    ids=[
        "too few",
        "an agency's story",
        "in a small memory",
        "a background",
        "one story",
        "copies for printing",
        "other places",
        "same text",
        "nearly",
        "other text",
    ],
)
def test_a_text_stays_whole(target: Page, others: list[Page]) -> None:
    assert cleaned(target, others).text == observed(target)[0].text


@pytest.mark.parametrize(
    "line", ["What comes next", "Nutritional information per serving:", "What made you leave the harbour office?"]
)
def test_what_announces_the_next_lines_stays(line: str) -> None:
    pages = [page(n, [*prose(n, 2), line, *prose(n + 100, 2)]) for n in range(6)]
    assert line in cleaned(pages[0], pages[1:]).text.split("\n")


def test_the_refrain_of_one_author_stays() -> None:
    own = [page(n, [*prose(n), REFRAIN], author="Ada Brook") for n in range(5)]
    other = [page(n, prose(n), author="Piet Holm") for n in range(10, 15)]
    assert REFRAIN in cleaned(own[0], [*own[1:], *other]).text


def test_the_notice_of_a_site_with_one_author_does_not() -> None:
    own = [page(n, [*prose(n), NOTE], author="Ada Brook") for n in range(5)]
    assert NOTE not in cleaned(own[0], own[1:]).text


def test_the_order_of_the_pages_does_not_matter() -> None:
    pages = [page(n, at_the_end(n), day=1 + n % 3) for n in range(80)]
    forward, backward = cleaned(pages[0], pages[1:]), cleaned(pages[0], pages[:0:-1])
    assert forward == backward
