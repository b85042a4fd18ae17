"""Families of texts that share most of their words: none of a site's own stories is a copy, and each copy is one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from cleaners import Article
from cleaners.text.gist import REPEATED
from crawler.ledger.types import ArticleState
from tests.support.site.sized import WORDS
from tests.unit.cleaners.pages import SENTENCES
from tests.unit.crawler.output.publishing.test_revisions import article, judged

NAMES = ("Perrick", "Anstruther", "Quarrow", "Vell", "Ferrow", "Elverton", "Marsh", "Tolland", "Ashgrove", "Pell")
PLACES = ("Merrick", "Tarnside", "Cradle Bridge", "Rope Quay", "Sallow Island", "Ostermere", "Highscar", "Lower Gate")
Text = tuple[str, str]
"""A headline and a text."""


def prose(dice: random.Random, sentences: int, words: int = 18) -> list[str]:
    return [" ".join(dice.choices(WORDS, k=words)).capitalize() + "." for _ in range(sentences)]


def briefs(number: int) -> Text:
    """Eight paragraphs of a service, and one of news."""
    shared, own = prose(random.Random(1), 8, 30), random.Random(number + 100)
    news = f"{' '.join(own.choices(WORDS, k=12)).capitalize()}, said {own.choice(NAMES)} at {own.choice(PLACES)}."
    return f"Brief: {' '.join(own.choices(WORDS, k=4))}", "\n".join([news, *shared])


def police(number: int) -> Text:
    """A notice with one headline, in which name, place, hour and age change."""
    dice = random.Random(number)
    who, where, street = dice.choice(NAMES), dice.choice(PLACES), dice.choice(NAMES)
    text = (
        f"Officers of the district were called at {dice.randrange(24)}:{dice.randrange(10, 60)} to {street} Street in "
        f"{where}, where a person aged {dice.randrange(18, 90)} by the name of {who} had reported a break-in.\n"
        "Nobody was hurt. The door had been forced with a tool that has not been found, and a window was broken.\n"
        f"Goods to a value of about {dice.randrange(100, 9000)} crowns were taken. Witnesses are asked to come "
        "forward, in person at any station or by telephone, and to name the case when they do so.\n"
        f"The case has the number {dice.randrange(10**6)}. What is said is treated in confidence by the officers.\n"
    )
    return "Police notice", text + RULES


RULES = "\n".join(prose(random.Random(3), 10))
"""What a desk writes below each of its notices."""


def weather(number: int) -> Text:
    dice = random.Random(number)
    low = dice.randrange(-9, 12)
    text = (
        f"It will be between {low} and {low + dice.randrange(3, 12)} degrees, with a wind of {dice.randrange(5, 60)} "
        "kilometres an hour from the west and some cloud over the hills in the afternoon.\n"
        f"The sun rises at {dice.randrange(5, 9)}:{dice.randrange(10, 60)} and sets at {dice.randrange(16, 22)}:"
        f"{dice.randrange(10, 60)}. The chance of rain is {dice.randrange(5, 95)} per cent along the whole coast.\n"
        "Tomorrow will be much the same, and the day after that nobody can say with any certainty at all.\n"
    )
    return "The weather today", text + RULES


def agency(number: int) -> Text:
    """Nine parts of an agency's text, and one of the desk's own."""
    shared, own = prose(random.Random(2), 18), random.Random(number + 500)
    mine = [f"{own.choice(NAMES)} of {own.choice(PLACES)}: {sentence}" for sentence in prose(own, 2)]
    return f"{own.choice(PLACES)}: {' '.join(own.choices(WORDS, k=5))}", "\n".join([*shared, *mine])


def results(number: int) -> Text:
    dice = random.Random(number)
    games = [f"{dice.choice(PLACES)} {dice.randrange(9)} – {dice.choice(PLACES)} {dice.randrange(9)}" for _ in range(9)]
    return f"Results of match day {number + 1}", "\n".join(["All games of the upland league in one table.", *games])


FAMILIES: tuple[tuple[Callable[[int], Text], int], ...] = (
    (briefs, 30), (police, 100), (weather, 100), (agency, 50), (results, 30),
)  # fmt: skip


def made(text: Text, url: str) -> Article:
    return replace(article(url=url), title=text[0], text=text[1])


@pytest.mark.parametrize(("family", "count"), FAMILIES, ids=[family.__name__ for family, _ in FAMILIES])
def test_a_sites_own_stories_are_no_copies_of_each_other(family: Callable[[int], Text], count: int) -> None:
    book: dict[str, ArticleState] = {}
    found = [judged(made(family(n), f"http://news.example/{family.__name__}/{n}"), book) for n in range(count)]
    texts = {family(n) for n in range(count)}
    marked = [one.article.title for one in found if one.article.duplicate_of is not None]
    assert marked == []
    assert sum(one.revision == "new" for one in found) == len(texts)


def edited(text: Text) -> Text:
    """The same story with a word, and a sentence at its end."""
    return text[0], text[1].replace(" the ", " that ", 1) + "\nThis story has been edited."


STORY: Text = ("Lock to close for eleven weeks", "\n".join(SENTENCES))


@pytest.mark.parametrize("text", [STORY, briefs(3), agency(4), police(5)], ids=["story", "brief", "agency", "notice"])
@pytest.mark.parametrize("url", ["http://news.example/other-address", "http://elsewhere.example/a"])
def test_a_copy_is_a_copy_at_another_address_and_another_site(text: Text, url: str) -> None:
    book: dict[str, ArticleState] = {}
    judged(made(text, "http://news.example/first"), book)
    copy = judged(made(edited(text), url), book)
    assert copy.revision == "duplicate"
    assert copy.article.duplicate_of is not None


def test_an_agencys_text_on_several_sites_is_one() -> None:
    book: dict[str, ArticleState] = {}
    for number in range(10):
        title, text = agency(1)
        own = judged(made((f"{title} {number}", text), f"http://site-{number}.example/a"), book)
        assert (own.revision == "duplicate") is bool(number)


COUNTER = "This story was read by {} people."


@pytest.mark.parametrize(
    ("before", "after", "revision"),
    [
        (COUNTER.format("1,204"), COUNTER.format("1,377"), "unchanged"),
        (COUNTER.format("9"), COUNTER.format("1.000.377"), "unchanged"),
        (COUNTER.format("1,204"), COUNTER.format("1,377").replace("read", "shared"), "changed"),
        ("Twelve people died, 7 of them on the bridge.", "Twelve people died, 9 of them on the bridge.", "changed"),
        ("Merrick 2 – Tarnside 1", "Merrick 3 – Tarnside 1", "changed"),
        ("2 – 1", "3 – 1", "changed"),
        (COUNTER.format("5") + "\nIt cost 5 crowns to cross.", COUNTER.format("6") + "\nIt cost 6 crowns to cross.",
         "changed"),
    ],
)  # fmt: skip
def test_a_counter_that_the_site_repeats_is_no_revision(before: str, after: str, revision: str) -> None:
    book: dict[str, ArticleState] = {}
    for number in range(REPEATED):
        judged(made((f"Other {number}", "\n".join([*prose(random.Random(number), 5), COUNTER.format(number), "2 – 1"])),
                    f"http://news.example/other-{number}"), book)  # fmt: skip
    url = "http://news.example/read"
    judged(made((STORY[0], f"{STORY[1]}\n{before}"), url), book)
    again = judged(made((STORY[0], f"{STORY[1]}\n{after}"), url), book)
    assert again.revision == revision
    assert again.article.revision == (2 if revision == "changed" else 1)


@pytest.mark.parametrize("site", ["evil.example", "evil.github.io", "example"])
def test_what_another_site_repeats_hides_no_revision(site: str) -> None:
    book: dict[str, ArticleState] = {}
    line = "Seven people died, {} of them on the bridge."
    for number in range(2 * REPEATED):
        evil = (f"Other {number}", "\n".join([*prose(random.Random(number), 5), line.format(number)]))
        judged(made(evil, f"http://{site}/other-{number}"), book)
    url = "http://victim.github.io/died"
    judged(made((STORY[0], f"{STORY[1]}\n{line.format(3)}"), url), book)
    assert judged(made((STORY[0], f"{STORY[1]}\n{line.format(4)}"), url), book).revision == "changed"
