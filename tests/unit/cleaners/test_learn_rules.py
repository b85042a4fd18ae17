"""Places that are learnt from labelled pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cleaners import CleanContext, Page
from cleaners.learn_rules import LabelledExample, learn
from cleaners.pipeline import examine
from cleaners.site import SiteKnowledge
from cleaners.site.rules import SiteRuleBook
from cleaners.site.rules.taught_file import foreign_lines, from_toml, to_toml
from cleaners.types import BODY_KINDS, BlockKind
from tests.unit.cleaners.pages import SENTENCES, html

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
    assert {one.page for one in found.places} <= {"Lock to close, http://harbour-post.example/one"}


def test_a_position_is_learnt_from_two_pages_only() -> None:
    body = f"<div class=story>{paragraphs(ONE, TWO, THREE, NOTE)}</div>"
    first = example(body, ONE, TWO, THREE)
    other = example(f"<div class=story>{paragraphs(FOUR, FIVE, NOTE)}</div>", FOUR, FIVE, name="two")
    alone, both = learn([first]), learn([first, other])
    assert alone.places == ()
    assert [str(one) for one in alone.unlearnt] == [f"remove: {NOTE[:80]}  # Lock to close, http://harbour-post.example/one"]
    assert [(one.key, one.selector) for one in both.places] == [("remove", "div.story > p:last-child")]


def test_a_page_that_contradicts_takes_a_lesson_back() -> None:
    first = example(
        f"<div class=story>{paragraphs(ONE, TWO)}<p class=note>{NOTE}</p>{paragraphs(THREE)}</div>", ONE, TWO, THREE
    )
    other = example(f"<div class=story>{paragraphs(FOUR)}<p class=note>{SIX}</p></div>", FOUR, SIX, name="two")
    assert [one.selector for one in learn([first]).places] == ["p.note"]
    both = learn([first, other])
    assert both.places == ()
    assert [str(one) for one in both.unlearnt] == [f"remove: {NOTE[:80]}  # Lock to close, http://harbour-post.example/one"]


def test_the_order_of_the_pages_does_not_matter() -> None:
    first = example(f"<div class=story>{paragraphs(ONE, TWO)}<p class=note>{NOTE}</p></div>", ONE, TWO)
    other = example(f"<div class=story>{paragraphs(FOUR, FIVE)}<p class=club>{NOTE}</p></div>", FOUR, FIVE, name="two")
    one, two = learn([first, other]), learn([other, first])
    assert {(le.key, le.selector) for le in one.places} == {(le.key, le.selector) for le in two.places}


FURNISHED = """
<div class=head><p class=kicker>Harbour</p><h1>Lock to close</h1><p class=deck>Eleven weeks without the northern
lock, and no word yet of the footbridge.</p><p class=by>By Wanda Perrick</p><p class=when>3 May 2024</p></div>
<div class=story>{text}<div class=signup><p>Sign up to our newsletter: the week in one mail.</p></div>
<p class=note>{note}</p><ul class=share><li><a href="#f">Share on Facebook</a></li><li><a href="#m">Mail</a></li></ul>
<div class=tags>Tags: <a href="/t/lock">lock</a>, <a href="/t/harbour">harbour</a></div></div>
"""


def labelled(name: str, text: str, line: str = NOTE, /, **marks: str) -> LabelledExample:
    """A page with furniture as it is labelled in the browser: ``marks`` are the kinds of the blocks of some classes."""
    page = Page(url=f"http://harbour-post.example/{name}", body=html(FURNISHED.format(text=text, note=line)).encode())
    examined = examine(page)
    kinds = [label.kind for label in examined.labelled.labels]
    changed = set()
    for block in examined.labelled.view.blocks:
        for scope in block.scope.chain():
            if (kind := marks.get(scope.class_names)) is not None:
                kinds[block.index] = BlockKind(kind)
                changed.add(block.index)
    return LabelledExample(
        name=name, examined=examined, kinds=tuple(kinds), marks=frozenset(changed), is_reviewed=False
    )


TEXT, OTHER_TEXT = paragraphs(ONE, TWO, THREE, FOUR), paragraphs(FIVE, SIX, ONE, TWO)


@pytest.mark.parametrize(
    ("first", "second", "lessons"),
    [
        ({}, {}, []),
        ({"note": "standfirst"}, {}, [("remove", "p.note", "standfirst")]),
        ({"signup": "other"}, {}, [("remove", "div.signup", "other")]),
        ({"note": "promo"}, {"note": "promo"}, [("remove", "p.note", "promo")]),
        ({"note": "promo"}, {"signup": "paragraph"}, [("remove", "p.note", "promo"), ("keep", "p:first-child", None)]),
        ({"note": "promo"}, {"note": "paragraph"}, []),
        ({"signup": "ad"}, {}, [("remove", "div.signup", "ad")]),
        ({"signup": "newsletter"}, {}, []),
        ({"by": "other"}, {}, [("remove", "p.by", "other")]),
        ({"by": "byline", "when": "date"}, {}, []),
    ],
    ids=[
        "nothing", "a kind", "no kind", "twice", "two pages", "another page contradicts", "another kind of furniture",
        "the kind that it has", "a field that is none", "fields that are right",
    ],
)  # fmt: skip
def test_only_marks_teach(first: dict[str, str], second: dict[str, str], lessons: list[tuple[str, str, str]]) -> None:
    one, two = labelled("one", TEXT, **first), labelled("two", OTHER_TEXT, "The loft is warm.", **second)
    for examples in ([one, two], [two, one]):
        found = {(place.key, place.selector, place.kind) for place in learn(examples).places}
        assert {(key, selector.rpartition("> ")[2], kind) for key, selector, kind in found} == set(lessons)


def test_a_mark_takes_no_field_along() -> None:
    one = labelled("one", TEXT, deck="promo")
    (place,) = learn([one]).places
    assert place.selector == "p.deck"


def test_a_line_that_is_kept_and_stands_elsewhere_teaches_nothing() -> None:
    pulled = f"<blockquote class=pull><p>{THREE}</p></blockquote>"
    body = f"<div class=story>{paragraphs(ONE, TWO)}{pulled}{paragraphs(THREE, FOUR)}</div>"
    found = example(body, ONE, TWO, THREE, FOUR)
    kinds = [found.kinds[block.index] for block in found.blocks if block.text == THREE]
    assert learn([found]).places == ()
    assert [kind in BODY_KINDS for kind in kinds].count(True) == 1


def with_fields(body: str, name: str = "one", **texts: str) -> LabelledExample:
    """A page on which a person says in which blocks fields stand."""
    made = example(body, ONE, TWO, THREE, name=name)
    fields = {
        field: frozenset(block.index for block in made.blocks if block.text in text.split("|"))
        for field, text in texts.items()
    }
    kinds = tuple(label.kind for label in made.examined.labelled.labels)
    return replace(made, kinds=kinds, marks=frozenset(), fields=fields)


HEAD = (
    "<div class=head><p class=kick>Harbour</p><h2>The lock will close</h2><p class=who>By Ada Vell</p>"
    "<p class=when>27 October 2026</p></div>"
)
STORY = f"<div class=story>{paragraphs(ONE, TWO, THREE)}</div>"


@pytest.mark.parametrize(
    ("body", "fields", "lessons"),
    [
        (HEAD + STORY, {"title": "The lock will close"}, [("title", "div.head > h2")]),
        (HEAD + STORY, {"authors": "By Ada Vell"}, [("authors", "p.who")]),
        (HEAD + STORY, {"published": "27 October 2026"}, [("published", "p.when")]),
        (HEAD + STORY, {"section": "Harbour"}, [("section", "p.kick")]),
        (
            f"<div class=head><p class=who>By Ada Vell</p><p class=who>By Tobin Ashe</p></div>{STORY}",
            {"authors": "By Ada Vell|By Tobin Ashe"},
            [("authors", "p.who")],
        ),
        (
            f"<div class=head><p class=small>Ada Vell</p><p class=small>Share</p></div>{STORY}",
            {"authors": "Ada Vell"},
            [],  # by its position alone, on one page
        ),
        (f"<div class=story>{paragraphs('By Ada Vell', ONE, TWO, THREE)}</div>", {"authors": "By Ada Vell"}, []),
    ],
    ids=["a title", "a byline", "a date", "a section", "two bylines", "a position", "like the prose"],
)
def test_fields_are_taught(body: str, fields: dict[str, str], lessons: list[tuple[str, str]]) -> None:
    found = learn([with_fields(body, **fields)])
    assert [(one.key, one.selector) for one in found.places] == lessons
    assert [one.key for one in found.unlearnt] == ([] if lessons else [*fields])


def test_the_position_of_a_field_is_learnt_from_two_pages() -> None:
    body = f"<div class=head><p class=small>{{}}</p><p class=small>Share</p></div>{STORY}"
    pages = [with_fields(body.format(name), name, authors=name) for name in ("Ada Vell", "Tobin Ashe")]
    assert {(one.key, one.selector) for one in learn(pages).places} == {("authors", "p.small:first-child")}


def test_taught_fields_are_in_the_record() -> None:
    lessons = learn([with_fields(HEAD + STORY, title="The lock will close", authors="By Ada Vell", section="Harbour")])
    book = SiteRuleBook.from_rules([lessons.rules("harbour-post.example")])
    head = HEAD.replace("Harbour", "Home › Council").replace("Ada Vell", "Mara Dell").replace("lock", "bridge")
    page = Page(url="http://harbour-post.example/two", body=html(f"<h1>Harbour Post</h1>{head}{STORY}").encode())
    metadata = examine(page, CleanContext(site=SiteKnowledge(rules=book))).metadata
    assert (metadata.title, metadata.authors, metadata.section) == ("The bridge will close", ("Mara Dell",), "Council")


def test_taught_fields_are_written_and_read() -> None:
    lessons = learn([with_fields(HEAD + STORY, title="The lock will close", published="27 October 2026")])
    text = to_toml("harbour-post.example", lessons.places)
    assert from_toml(text) == list(lessons.places)
    assert foreign_lines(text) == []
