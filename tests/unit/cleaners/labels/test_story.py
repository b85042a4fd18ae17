"""Which story of a page is the article: pages with prose above, beside and below it, and pages that must stay whole."""

from __future__ import annotations

import pytest

from cleaners import Article, clean
from tests.unit.cleaners.pages import SENTENCES, html, page

TITLE = "Lock to close for eleven weeks"
MINE = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
OTHER = (
    "A baker from the lower town won the regional prize for rye bread with a loaf that took her four days to make.",
    "She uses water from her own well, and a leaven that her grandmother carried across the border in a coat pocket.",
    "The jury praised the crust and said that the crumb reminded two of its five members of their time in the navy.",
)
THEIRS = "".join(f"<p>{sentence}</p>" for sentence in OTHER)
REMARKS = "".join(
    f"<div class=x><b>Reader {n}</b><p>{OTHER[n % 3]} I read it {n} times.</p><a>Reply</a></div>" for n in range(7)
)
ENTRIES = "".join(
    f"<article><time>1{n}:05</time><h3>Update number {n}</h3><p>{SENTENCES[n]}</p><p>{OTHER[n % 3]}</p></article>"
    for n in range(5)
)
FAR = "".join(f"<p><a href='/{n}'>Page {n}</a></p>" for n in range(40)) + f"<p>{OTHER[0]}</p>"

CASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "the story alone": (f"<main><h1>{TITLE}</h1><div>{MINE}</div></main>", SENTENCES),
    "a list of stories above the headline": (f"<div>{THEIRS}</div><h1>{TITLE}</h1><div>{MINE}</div>", SENTENCES),
    "another article below": (
        f"<main><article><h1>{TITLE}</h1>{MINE}</article><article><h2>Bread wins</h2>{THEIRS}</article></main>",
        SENTENCES,
    ),
    "story after story": (
        f"<main><div><h1>{TITLE}</h1><div>{MINE}</div></div><div><h1>Bread</h1><div>{THEIRS}</div></div></main>",
        SENTENCES,
    ),
    "readers' comments below": (f"<main><h1>{TITLE}</h1><div>{MINE}</div><div>{REMARKS}</div></main>", SENTENCES),
    "readers' comments above": (f"<div>{REMARKS}</div><h1>{TITLE}</h1><div>{MINE}</div>", SENTENCES),
    "prose in the footer": (f"<main><h1>{TITLE}</h1><div>{MINE}</div></main><div>{FAR}</div>", SENTENCES),
}
"""Body of the page and the lines that are the article."""

WHOLE: dict[str, tuple[str, tuple[str, ...]]] = {
    "subheads that are h1": (f"<div><h1>{TITLE}</h1>{MINE}<h1>The board says</h1>{THEIRS}</div>", SENTENCES + OTHER),
    "entries that are articles": (f"<main><h1>{TITLE}</h1>{ENTRIES}</main>", SENTENCES[:5]),
    "a story in two elements": (
        f"<article><h1>{TITLE}</h1><div class=b>{MINE}</div><div class=ad></div><div class=b>{THEIRS}</div></article>",
        SENTENCES + OTHER,
    ),
    "the headline below the lead": (f"<main><h2>News</h2><div><h1>{TITLE}</h1>{MINE}</div></main>", SENTENCES),
}
"""Pages of which no line may be lost."""


@pytest.mark.parametrize("name", CASES)
def test_the_article_is_the_story_of_the_headline(name: str) -> None:
    body, wanted = CASES[name]
    article = clean(page(html(body)))
    assert isinstance(article, Article)
    assert article.text.split("\n") == list(wanted)


@pytest.mark.parametrize("name", WHOLE)
def test_no_part_of_the_story_is_lost(name: str) -> None:
    body, wanted = WHOLE[name]
    article = clean(page(html(body)))
    assert isinstance(article, Article)
    assert [line for line in wanted if line not in article.text] == []
