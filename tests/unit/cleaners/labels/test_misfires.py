"""Rules that once took the story for furniture: each with the page that must stay whole, and what the rule is for."""

from __future__ import annotations

import pytest

from cleaners import Article, clean
from tests.unit.cleaners.pages import SENTENCES, html, page, story

TITLE = "Lock to close for eleven weeks"
HIDDEN = '<div style="display:none"><p>The harbour in pictures</p><p>The harbour in pictures</p></div>'
BETWEEN = "".join(f"<p>{sentence}</p>{HIDDEN}" for sentence in SENTENCES)
ASKED = "".join(f"<p><b>And then?</b></p><p>{sentence}</p>" for sentence in SENTENCES)
TABLE = (
    "<table><tr><th>Day</th><th>Comments</th></tr><tr><td>Monday</td><td>The gate was shut</td></tr>"
    "<tr><td>Friday</td><td>The gate was open</td></tr></table>"
)
LINK = "<a href='/news/1'>A bridge across the lower lock</a>"
TIMED = "".join(f"<p class='time-text'>{sentence}</p>" for sentence in SENTENCES)

STAYS: dict[str, tuple[str, tuple[str, ...]]] = {
    "hidden lines of the template between paragraphs": (f"<h1>{TITLE}</h1><div>{BETWEEN}</div>", SENTENCES),
    "a question that is asked again": (f"<h1>{TITLE}</h1><div>{ASKED}</div>", ("And then?",) * len(SENTENCES)),
    "a column called comments": (story(TABLE), ("Day | Comments", "Monday | The gate was shut", *SENTENCES[3:])),
    "paragraphs of a class with the word time": (f"<h1>{TITLE}</h1><div>{TIMED}</div>", SENTENCES),
    "a link to another site": (story("<p><a href='https://lock.example/'>The hours of the lower lock</a></p>"), ()),
    "a paragraph that somebody linked": (story(f"<p><a href='/levy'>{SENTENCES[3]} {SENTENCES[5]}</a></p>"), SENTENCES),
}
"""A page, and lines that it must keep, in this order."""


@pytest.mark.parametrize("name", STAYS)
def test_the_story_stays_whole(name: str) -> None:
    markup, wanted = STAYS[name]
    article = clean(page(markup if markup.startswith("<!doctype") else html(markup)))
    assert isinstance(article, Article)
    lines = iter(article.text.split("\n"))
    assert [line for line in wanted if line not in lines] == []
    assert all(sentence in article.text for sentence in SENTENCES)


@pytest.mark.parametrize(
    "line",
    [
        f"<p>{LINK}</p>",
        f"<p><strong>{LINK}</strong></p>",
        f"<p>&gt;&gt; {LINK}</p>",
        f"<p>• {LINK}</p>",
        f"<p>Gallery: {LINK}</p>",
        f"<p>Karte | {LINK}</p>",
        f"<p>→ {LINK}</p>",
    ],
)
def test_a_line_that_is_one_link_to_the_site_is_out(line: str) -> None:
    article = clean(page(story(line)))
    assert isinstance(article, Article)
    assert "A bridge across" not in article.text
    assert all(sentence in article.text for sentence in SENTENCES)


def test_a_photo_story_keeps_its_only_text() -> None:
    caption = f"{SENTENCES[0]} {SENTENCES[2]} (Photo: Wanda Perrick)"
    article = clean(page(html(f"<h1>{TITLE}</h1><div><img src='/lock.jpg'><p>{caption}</p></div>")))
    assert isinstance(article, Article)
    assert article.text == caption
