"""Places that are learnt from labelled pages."""

from __future__ import annotations

import pytest

from cleaners import Page
from cleaners.pipeline import examine
from cleaners.teaching import LabelledExample, learn
from tests.cleaners.pages import SENTENCES, html

ONE, TWO, THREE, FOUR, FIVE, SIX = SENTENCES
NOTE = "This story was made with the help of our members, who meet on the first Tuesday of the month in the sail loft."


def example(body: str, *lines: str, name: str = "one") -> LabelledExample:
    page = Page(url=f"http://harbour-post.example/{name}", body=html(f"<h1>Lock to close</h1>{body}").encode())
    return LabelledExample.of(name, examine(page), "\n".join(lines))


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize(
    ("inside", "lines", "lessons"),
    [
        (f"{paragraphs(ONE, TWO)}<p class=note>{NOTE}</p>{paragraphs(SIX)}", (ONE, TWO, SIX), [("remove", "p.note")]),
        (
            f"{paragraphs(ONE, TWO)}<div class=club><p>{NOTE}</p><p>{SIX}</p></div>{paragraphs(THREE)}",
            (ONE, TWO, THREE),
            [("remove", "div.club")],
        ),
        (
            f"{paragraphs(ONE, TWO)}<p class='box club'>{NOTE}</p><p class=box>{SIX}</p>",
            (ONE, TWO, SIX),
            [("remove", "p.box.club")],
        ),
        (
            f"{paragraphs(ONE, TWO)}<p class=note-4711023>{NOTE}</p>{paragraphs(THREE)}",
            (ONE, TWO, THREE),
            [],
        ),
        (
            f"{paragraphs(ONE, TWO)}<p class=pullquote>{SIX}</p>{paragraphs(THREE)}",
            (ONE, TWO, SIX, THREE),
            [("keep", "p.pullquote")],
        ),
        (paragraphs(ONE, TWO, NOTE, THREE), (ONE, TWO, THREE), []),
        (paragraphs(ONE, TWO, THREE), (ONE, TWO, THREE), []),
    ],
    ids=[
        "a class", "a box", "the classes that tell", "a class of one page", "a box that is text", "no difference",
        "nothing wrong",
    ],
)  # fmt: skip
def test_one_page(inside: str, lines: tuple[str, ...], lessons: list[tuple[str, str]]) -> None:
    found = learn([example(f"<div class=story>{inside}</div>", *lines)])
    assert [(one.key, one.selector) for one in found.places] == lessons
    assert {one.page for one in found.places} <= {"one"}


def test_a_position_is_learnt_from_two_pages_only() -> None:
    body = f"<div class=story>{paragraphs(ONE, TWO, THREE, NOTE)}</div>"
    first = example(body, ONE, TWO, THREE)
    other = example(f"<div class=story>{paragraphs(FOUR, FIVE, NOTE)}</div>", FOUR, FIVE, name="two")
    alone, both = learn([first]), learn([first, other])
    assert alone.places == ()
    assert alone.unlearnt == (f"one: remove: {NOTE[:80]}",)
    assert [(one.key, one.selector) for one in both.places] == [("remove", "div.story > p:last-child")]


def test_a_page_that_contradicts_takes_a_lesson_back() -> None:
    first = example(
        f"<div class=story>{paragraphs(ONE, TWO)}<p class=note>{NOTE}</p>{paragraphs(THREE)}</div>", ONE, TWO, THREE
    )
    other = example(f"<div class=story>{paragraphs(FOUR)}<p class=note>{SIX}</p></div>", FOUR, SIX, name="two")
    assert [one.selector for one in learn([first]).places] == ["p.note"]
    both = learn([first, other])
    assert both.places == ()
    assert both.unlearnt == (f"one: remove: {NOTE[:80]}",)


def test_the_order_of_the_pages_does_not_matter() -> None:
    first = example(f"<div class=story>{paragraphs(ONE, TWO)}<p class=note>{NOTE}</p></div>", ONE, TWO)
    other = example(f"<div class=story>{paragraphs(FOUR, FIVE)}<p class=club>{NOTE}</p></div>", FOUR, FIVE, name="two")
    one, two = learn([first, other]), learn([other, first])
    assert {(le.key, le.selector) for le in one.places} == {(le.key, le.selector) for le in two.places}
